package restore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pkg/xattr"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// folder is an open folder of the destination. All that is made in it is made by bare name, so that no symlink further
// up can lead elsewhere. It stays open while anybody uses it: the walk, files being written, folders in it. The last
// user's release gives it its metadata, which is thus last, and deepest first.
type folder struct {
	run    *run
	parent *folder     // nil for the destination
	entry  *tree.Entry // nil: not from the snapshot, so its metadata stay as they are
	path   string      // in the snapshot
	only   string      // not "": the path of the one thing that is restored into a folder not from the snapshot
	root   *os.Root
	users  atomic.Int64

	cleared bool // of its ACLs, which the snapshot's replace

	mu  sync.Mutex
	dir *os.File // opened by handle when first needed
}

// newFolder takes root over. The caller is its first user.
func (r *run) newFolder(parent *folder, e *tree.Entry, path string, root *os.Root) *folder {
	f := &folder{run: r, parent: parent, entry: e, path: path, root: root}
	f.users.Store(1)
	if parent != nil {
		parent.hold()
	}
	r.folders.Add(1)
	return f
}

// pathOf returns where in the snapshot the entry is that is called name here.
func (f *folder) pathOf(name string) string {
	if f.only != "" {
		return f.only
	}
	return join(f.path, name)
}

func (f *folder) hold() { f.users.Add(1) }

// release ends a use. An error is the restore's failure.
func (f *folder) release() (err error) {
	for f != nil && f.users.Add(-1) == 0 {
		err = errors.Join(err, f.finish())
		f = f.parent
	}
	return err
}

// finish applies the folder's metadata and closes it.
func (f *folder) finish() (err error) {
	defer f.run.folders.Add(-1)
	defer f.root.Close()
	if f.entry != nil {
		if err = f.settle(); err == nil {
			f.run.progress.dirs.Add(1)
		}
	}
	if f.dir != nil {
		err = errors.Join(err, f.dir.Close())
	}
	return err
}

func (f *folder) settle() error {
	dir, err := f.handle()
	if err != nil {
		return f.fail(f.path, err)
	}
	if f.cleared && !slices.ContainsFunc(f.entry.Xattrs, func(a tree.Xattr) bool { return a.Name == accessACL }) {
		_ = xattr.FRemove(dir, accessACL)
	}
	f.run.applyTo(dir, object{in: f, name: ".", path: f.path, entry: f.entry})
	if syncsFolders {
		return f.run.syncNow(dir)
	}
	return nil
}

// openUp prepares a folder that may have been there before: its owner must be able to write to it, and what is made
// in it must not inherit an ACL. Failures show when something is made.
func (f *folder) openUp() {
	dir, err := f.handle()
	if err != nil {
		return
	}
	if st, err := dir.Stat(); err == nil && keepsOwners && st.Mode().Perm()&0o700 != 0o700 {
		_ = dir.Chmod(st.Mode() | 0o700)
	}
	_ = xattr.FRemove(dir, defaultACL)
	f.cleared = true
}

// POSIX ACLs are attributes of these names on Linux; elsewhere there are none.
const (
	accessACL  = "system.posix_acl_access"
	defaultACL = "system.posix_acl_default"
)

// handle returns the folder as a file. It is closed with the folder.
func (f *folder) handle() (*os.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dir == nil {
		dir, err := f.root.Open(".")
		if err != nil {
			return nil, err
		}
		f.dir = dir
	}
	return f.dir, nil
}

// fail says what could not be restored, unless err does so or has nothing to do with it.
func (f *folder) fail(path string, err error) error {
	if _, says := errors.AsType[*DamageError](err); says || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("restore %q: %w", path, err)
}

// make makes something new called name by calling create, and returns the name it has: another one if name is taken
// and may be overwritten. Then settle gives it its own name.
func (f *folder) make(name string, create func(name string) error) (made string, err error) {
	err = create(name)
	if !errors.Is(err, fs.ErrExist) {
		return name, err
	}
	if !f.run.o.Overwrite {
		return "", fmt.Errorf("%w (perhaps under a name that this file system takes for the same)", err)
	}
	if st, err := f.root.Lstat(name); err == nil && st.IsDir() {
		return "", fmt.Errorf("a folder is %w", ErrConflict)
	}
	made = tempPrefix + rand.Text()
	return made, create(made)
}

const tempPrefix = ".heirloom-restore-"

// replace gives what make has made its own name, at which it replaces what was there.
func (f *folder) replace(made, name string) error {
	if made == name {
		return nil
	}
	if err := f.root.Rename(made, name); err != nil {
		return err
	}
	// Renaming one of two hard links of a file to the other does nothing, and leaves both.
	if err := f.root.Remove(made); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// openInside opens the folder name in root and makes sure that it is a folder itself, not a symlink to one.
func openInside(root *os.Root, name string) (*os.Root, error) {
	inner, err := root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	if err := same(root, name, inner); err != nil {
		inner.Close()
		return nil, err
	}
	return inner, nil
}

func same(root *os.Root, name string, inner *os.Root) error {
	there, err := root.Lstat(name)
	if err != nil {
		return err
	}
	opened, err := inner.Stat(".")
	if err != nil {
		return err
	}
	if !there.IsDir() || !os.SameFile(there, opened) {
		return fmt.Errorf("a symlink is %w", ErrConflict)
	}
	return nil
}
