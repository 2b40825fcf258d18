//go:build linux

package endtoend

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

// recovery is what can be had of one snapshot.
type recovery struct {
	got    tableau
	failed []string // paths that cannot be read, folders and files
}

// recover reads a snapshot as a file system and goes on where something cannot be read.
func (p *patient) recover(store *datastore.Store, sn *datastore.Snapshot) *recovery {
	r := &recovery{got: tableau{}}
	fsys, err := restore.Open(p.t.Context(), store, sn.Root)
	if err != nil {
		r.failed = []string{"."}
		return r
	}
	if sn.Kind == datastore.Dataset {
		r.entry(fsys, ".", fsys.Stat)
	}
	r.folder(fsys, ".")
	return r
}

func (r *recovery) folder(fsys *restore.FS, at string) {
	entries, err := fsys.ReadDir(at)
	if err != nil {
		r.fail(at)
		return
	}
	for _, e := range entries {
		p := path.Join(at, e.Name())
		if r.entry(fsys, p, fsys.Lstat) && e.IsDir() {
			r.folder(fsys, p)
		}
	}
}

func (r *recovery) fail(p string) {
	if !slices.Contains(r.failed, p) {
		r.failed = append(r.failed, p)
	}
}

func (r *recovery) entry(fsys *restore.FS, p string, stat func(string) (fs.FileInfo, error)) bool {
	info, err := stat(p)
	if err != nil {
		r.fail(p)
		return false
	}
	f := factsOf(info.Sys().(*tree.Entry))
	if info.Mode().IsRegular() {
		if f.content, err = digest(fsys, p); err != nil {
			r.fail(p)
			return false
		}
	}
	r.got[p] = f
	return true
}

func digest(fsys fs.FS, p string) (sum [sha256.Size]byte, err error) {
	file, err := fsys.Open(p)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	h := sha256.New()
	_, err = io.Copy(h, file)
	return [sha256.Size]byte(h.Sum(nil)), err
}

func factsOf(e *tree.Entry) facts {
	kinds := map[tree.Type]uint32{tree.File: unix.S_IFREG, tree.Dir: unix.S_IFDIR, tree.Symlink: unix.S_IFLNK}
	f := facts{mode: kinds[e.Type] | e.Mode, uid: e.UID, gid: e.GID, target: e.Target, size: e.Size,
		mtime: unix.Timespec{Sec: e.ModTime.Sec, Nsec: int64(e.ModTime.Nsec)}}
	for _, x := range e.Xattrs {
		f.xattrs += fmt.Sprintf("%s=%q ", x.Name, x.Value)
	}
	return f
}

// wrong returns what came back without an error and is not what was saved.
func (r *recovery) wrong(want tableau) []string {
	readable := tableau{}
	for p, f := range want {
		if _, got := r.got[p]; got || !covered(p, r.failed) {
			readable[p] = f
		}
	}
	return readable.differences(r.got)
}
