package restore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pkg/xattr"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// object is something at the destination that is to get the metadata of an entry.
type object struct {
	in    *folder
	name  string
	path  string // in the snapshot
	entry *tree.Entry
}

// Reasons said once for all entries they hold for.
const (
	noOwners   = "this system does not keep owners and modes"
	foreign    = "its owner could not be restored, which takes root; set-user-ID and set-group-ID bits were left out"
	noAttrs    = "its extended attributes could not be restored: this system cannot set them here"
	noSymTimes = "the times of symlinks cannot be restored on this system"
)

// applyTo gives an open file or folder its metadata. What fails is a warning. The order matters: changing the owner
// clears set-ID bits and capabilities, so it comes first; attributes need a mode that lets the owner write, which the
// final one may not, and an ACL changes the mode, to the same one if all goes well; the times come last.
func (r *run) applyTo(f *os.File, o object) {
	mode := r.owner(o, f.Chown)
	for _, a := range o.entry.Xattrs {
		r.attribute(o, a, xattr.FSet(f, a.Name, a.Value))
	}
	if keepsOwners {
		r.check(o, "mode", f.Chmod(mode))
	}
	r.check(o, "times", setTimes(o.in, o.name, f, o.entry))
}

// applyAt is applyTo for what cannot be opened.
func (r *run) applyAt(o object) {
	mode := r.owner(o, func(uid, gid int) error { return o.in.root.Lchown(o.name, uid, gid) })
	for _, a := range o.entry.Xattrs {
		r.attribute(o, a, setAttributeAt(o.in, o.name, a))
	}
	if keepsOwners && o.entry.Type != tree.Symlink {
		r.check(o, "mode", o.in.root.Chmod(o.name, mode))
	}
	r.check(o, "times", setTimes(o.in, o.name, nil, o.entry))
}

// owner sets the owner and returns the mode to set: without set-ID bits where they would be another user's.
func (r *run) owner(o object, chown func(uid, gid int) error) fs.FileMode {
	if !keepsOwners {
		r.report.tally(o.path, noOwners)
		return 0
	}
	mode := fileMode(o.entry.Mode)
	err := chown(int(o.entry.UID), int(o.entry.GID))
	if errors.Is(err, fs.ErrPermission) {
		_ = chown(-1, int(o.entry.GID)) // allowed to members of the group
		r.report.tally(o.path, foreign)
		return mode &^ (fs.ModeSetuid | fs.ModeSetgid)
	}
	r.check(o, "owner", err)
	return mode
}

func (r *run) check(o object, what string, err error) {
	if errors.Is(err, errNoSymlinkTimes) {
		r.report.tally(o.path, noSymTimes)
		return
	}
	if err != nil {
		r.report.warn(o.path, fmt.Sprintf("its %s could not be restored: %v", what, err))
	}
}

func (r *run) attribute(o object, a tree.Xattr, err error) {
	if errors.Is(err, errors.ErrUnsupported) {
		r.report.tally(o.path, noAttrs)
		return
	}
	r.check(o, fmt.Sprintf("attribute %q", a.Name), err)
}

var errNoSymlinkTimes = errors.New("cannot set the times of a symlink")

// fileMode converts the low 12 bits of st_mode.
func fileMode(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	for _, b := range [...]struct {
		bit  uint32
		mode fs.FileMode
	}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}} {
		if mode&b.bit != 0 {
			m |= b.mode
		}
	}
	return m
}
