package datastore

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind says what a workload is.
type Kind string

// The kinds of workloads.
const (
	Dataset Kind = "dataset" // folders and streams
	Image   Kind = "image"   // a raw disk image or block device
	Jail    Kind = "jail"    // a container: root tree and metadata
	VM      Kind = "vm"      // disks and metadata
)

// Group is the snapshots of one workload in one namespace.
type Group struct {
	Namespace string // levels separated by "/"; "" is the root namespace
	Kind      Kind
	Name      string // any text but empty
}

// Address names one snapshot: [NAMESPACE:]KIND/NAME/TIME.
type Address struct {
	Group
	Time time.Time // UTC, whole milliseconds; zero: the latest snapshot of the group
}

// TimeFormat is how a snapshot's time is written in an address: UTC, in milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// Latest stands for the time of the newest snapshot in a written address.
const Latest = "latest"

// ErrAddress says that a text is not an address.
var ErrAddress = errors.New("not a snapshot address ([NAMESPACE:]KIND/NAME/TIME)")

// escapeText writes a name so that an address stays one line of text and its parts stay apart: "%", "/", ":", control
// characters and bytes that are not UTF-8 become "%" and two hexadecimal digits.
func escapeText(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		r, n := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && n <= 1 || unicode.IsControl(r) || strings.ContainsRune("%/:", r) {
			for i := range n {
				fmt.Fprintf(&b, "%%%02X", name[i])
			}
		} else {
			b.WriteString(name[:n])
		}
		name = name[n:]
	}
	return b.String()
}

// String writes the group as [NAMESPACE:]KIND/NAME.
func (g Group) String() string {
	s := string(g.Kind) + "/" + escapeText(g.Name)
	if g.Namespace != "" {
		s = g.Namespace + ":" + s
	}
	return s
}

// String writes the address so that ParseAddress reads it.
func (a Address) String() string {
	if a.Time.IsZero() {
		return a.Group.String() + "/" + Latest
	}
	return a.Group.String() + "/" + a.Time.UTC().Format(TimeFormat)
}

// ParseAddress reads an address.
func ParseAddress(s string) (Address, error) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return Address{}, fmt.Errorf("%q: %w: there is no /TIME", s, ErrAddress)
	}
	g, err := ParseGroup(s[:i])
	if err != nil {
		return Address{}, fmt.Errorf("%q: %w", s, err)
	}
	if s[i+1:] == Latest {
		return Address{Group: g}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s[i+1:])
	t = t.UTC() // which may be in another year, even one that cannot be written
	if err != nil || !t.Truncate(time.Millisecond).Equal(t) || t.Year() < 0 || t.Year() > 9999 {
		return Address{}, fmt.Errorf("%q: %w: time %q is neither %q nor like %s", s, ErrAddress, s[i+1:], Latest, TimeFormat)
	}
	return Address{Group: g, Time: t}, nil
}

// ParseGroup reads [NAMESPACE:]KIND/NAME.
func ParseGroup(s string) (Group, error) {
	var g Group
	rest := s
	if ns, after, ok := strings.Cut(s, ":"); ok {
		g.Namespace, rest = ns, after
	}
	kind, name, ok := strings.Cut(rest, "/")
	if !ok || strings.ContainsAny(name, "/:") {
		return Group{}, fmt.Errorf("%w: %q is not KIND/NAME", ErrAddress, rest)
	}
	name, err := url.PathUnescape(name)
	if err != nil {
		return Group{}, fmt.Errorf("%w: name: %w", ErrAddress, err)
	}
	g.Kind, g.Name = Kind(kind), name
	return g, g.Validate()
}

const (
	maxNamespace = 512 // bytes
	maxLevels    = 16
	maxGroupName = 1024
)

// Validate says what is wrong with the group, if anything.
func (g Group) Validate() error {
	switch g.Kind {
	case Dataset, Image, Jail, VM:
	default:
		return fmt.Errorf("%w: kind %q is none of dataset, image, jail, vm", ErrAddress, g.Kind)
	}
	if g.Name == "" || len(g.Name) > maxGroupName || strings.ContainsRune(g.Name, 0) {
		return fmt.Errorf("%w: name of %d bytes: 1 to %d are possible, none of them NUL", ErrAddress, len(g.Name), maxGroupName)
	}
	return ValidateNamespace(g.Namespace)
}

// ValidateNamespace says what is wrong with a namespace, if anything.
func ValidateNamespace(ns string) error {
	if ns == "" {
		return nil
	}
	levels := strings.Split(ns, "/")
	if len(ns) > maxNamespace || len(levels) > maxLevels {
		return fmt.Errorf("%w: namespace %.40q: more than %d bytes or %d levels", ErrAddress, ns, maxNamespace, maxLevels)
	}
	for _, l := range levels {
		if l == "" || l == "." || l == ".." || strings.Contains(l, ":") || !utf8.ValidString(l) || strings.ContainsFunc(l, unicode.IsControl) {
			return fmt.Errorf("%w: namespace %q: level %q is not possible", ErrAddress, ns, l)
		}
	}
	return nil
}
