//go:build linux || darwin || freebsd

package source

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/pkg/xattr"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// attributes reads an entry's extended attributes, in order of their names: with an error, those that can be read.
func (h *handle) attributes(name, path string) ([]tree.Xattr, error) {
	path = h.attributePath(name, path)
	names, err := xattr.LList(path)
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EOPNOTSUPP) {
		return nil, nil
	}
	if err != nil {
		return nil, attributeCause(err)
	}
	var all []tree.Xattr
	var problems []error
	slices.Sort(names)
	for _, name := range names {
		value, err := xattr.LGet(path, name)
		switch {
		case errors.Is(err, xattr.ENOATTR): // removed since
		case err != nil:
			problems = append(problems, fmt.Errorf("%s: %w", name, attributeCause(err)))
		default:
			// What LGet returns is the start of a buffer of a kilobyte or more.
			all = append(all, tree.Xattr{Name: name, Value: bytes.Clone(value)})
		}
	}
	return all, errors.Join(problems...)
}

// attributeCause is err without the path below /proc, which means nothing to people.
func attributeCause(err error) error {
	if e, ok := errors.AsType[*xattr.Error](err); ok {
		return e.Err
	}
	return err
}
