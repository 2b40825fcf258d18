package backend

import (
	"fmt"
	"strings"
)

const maxComponent = 255 // bytes: what every common file system takes for one folder or file name

// CheckName returns nil if name may be used for an object, and otherwise an error that wraps ErrBadName and says what
// is wrong with it. A name that passes is a clean relative path on every platform: it cannot leave a folder.
func CheckName(name string) error {
	for component := range strings.SplitSeq(name, "/") {
		if flaw := componentFlaw(component); flaw != "" {
			return fmt.Errorf("%w %q: %s", ErrBadName, name, flaw)
		}
	}
	return nil
}

// CheckPrefix returns nil if prefix may be given to List: empty, or a legal name followed by "/".
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	folder, ok := strings.CutSuffix(prefix, "/")
	if !ok {
		return fmt.Errorf("%w %q: a prefix ends in a slash", ErrBadName, prefix)
	}
	return CheckName(folder)
}

func componentFlaw(component string) string {
	switch {
	case component == "":
		return "a part between slashes is empty"
	case len(component) > maxComponent:
		return fmt.Sprintf("a part between slashes is longer than %d bytes", maxComponent)
	case component[len(component)-1] == '.':
		return "a part between slashes ends in a dot" // ".", ".." and what Windows would cut off silently
	}
	for i := range len(component) {
		if !legalByte(component[i]) {
			return fmt.Sprintf("byte %q is not a letter, a digit or one of ._-~%%", component[i])
		}
	}
	return ""
}

func legalByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("._-~%", c) >= 0
}
