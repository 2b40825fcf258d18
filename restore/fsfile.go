package restore

import (
	"io"
	"io/fs"
	"iter"
	"path"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// openFile is an open file of an FS.
type openFile struct {
	*io.SectionReader
	info   info
	name   string
	closed bool
}

// newOpenFile opens the entry e with the content of another, or the same, entry.
func newOpenFile(f *FS, name string, e, content tree.Entry) (*openFile, error) {
	image, err := OpenImage(f.ctx, f.r, Unescape(name), &content)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return &openFile{SectionReader: io.NewSectionReader(image, 0, image.Size()), info: infoOf(name, e), name: name}, nil
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *openFile) Read(p []byte) (int, error) {
	if f.closed {
		return 0, pathError("read", f.name, fs.ErrClosed)
	}
	return f.SectionReader.Read(p)
}

func (f *openFile) Close() error {
	if f.closed {
		return pathError("close", f.name, fs.ErrClosed)
	}
	f.closed = true
	return nil
}

// openDir is an open folder of an FS.
type openDir struct {
	info info
	name string
	next func() (tree.Entry, error, bool)
	stop func()
}

func newOpenDir(f *FS, name string, e tree.Entry) *openDir {
	d := &openDir{info: infoOf(name, e), name: name}
	d.next, d.stop = iter.Pull2(f.entries(&e))
	return d
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }

func (d *openDir) Read([]byte) (int, error) { return 0, pathError("read", d.name, fs.ErrInvalid) }

func (d *openDir) Close() error {
	d.stop()
	return nil
}

// ReadDir implements fs.ReadDirFile, in byte order of the names as they are in the snapshot.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for n <= 0 || len(list) < n {
		e, err, ok := d.next()
		if err != nil {
			return list, pathError("readdir", d.name, err)
		}
		if !ok && n > 0 && len(list) == 0 {
			return nil, io.EOF
		}
		if !ok {
			break
		}
		list = append(list, infoOf(escapeBackslash(e.Name), e))
	}
	return list, nil
}

// info describes an entry; it is a fs.FileInfo and a fs.DirEntry.
type info struct {
	name  string
	entry *tree.Entry
}

func infoOf(name string, e tree.Entry) info { return info{name: path.Base(name), entry: &e} }

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.entry.Size }
func (i info) ModTime() time.Time         { return i.entry.ModTime.Time() }
func (i info) IsDir() bool                { return i.entry.Type == tree.Dir }
func (i info) Sys() any                   { return i.entry }
func (i info) Type() fs.FileMode          { return i.Mode().Type() }
func (i info) Info() (fs.FileInfo, error) { return i, nil }
func (i info) String() string             { return fs.FormatFileInfo(i) }

func (i info) Mode() fs.FileMode {
	types := map[tree.Type]fs.FileMode{tree.Dir: fs.ModeDir, tree.Symlink: fs.ModeSymlink, tree.FIFO: fs.ModeNamedPipe,
		tree.Socket: fs.ModeSocket, tree.CharDevice: fs.ModeDevice | fs.ModeCharDevice, tree.BlockDevice: fs.ModeDevice}
	return types[i.entry.Type] | fileMode(i.entry.Mode)
}
