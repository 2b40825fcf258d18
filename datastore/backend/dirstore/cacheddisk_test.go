package dirstore

import (
	"io/fs"
	"os"
	"path/filepath"
)

// disk returns the disk of a folder below the base.
func (c *cache) disk(root *os.Root) disk { return cachedDisk{newRootDisk(root), c, root.Name()} }

// cachedDisk makes changes on the real disk and notes them.
type cachedDisk struct {
	disk
	cache  *cache
	folder string
}

func (d cachedDisk) path(name string) string {
	return filepath.Join(d.folder, filepath.FromSlash(name))
}

func (d cachedDisk) create(name string, mode fs.FileMode) (file, error) {
	f, err := d.disk.create(name, mode)
	if err != nil {
		return nil, err
	}
	content := &inode{synced: true} // of no bytes, none can be lost
	d.cache.lead(d.path(name), content)
	return cachedFile{f, d.cache, content}, nil
}

func (d cachedDisk) link(old, new string) error {
	if err := d.disk.link(old, new); err != nil {
		return err
	}
	d.cache.lead(d.path(new), d.cache.at(d.path(old)))
	return nil
}

func (d cachedDisk) rename(old, new string) error {
	if err := d.disk.rename(old, new); err != nil {
		return err
	}
	d.cache.lead(d.path(new), d.cache.at(d.path(old)))
	d.cache.lead(d.path(old), nil)
	return nil
}

func (d cachedDisk) remove(name string) error {
	if err := d.disk.remove(name); err != nil {
		return err
	}
	d.cache.lead(d.path(name), nil)
	return nil
}

func (d cachedDisk) mkdir(folder string, mode fs.FileMode) error {
	if err := d.disk.mkdir(folder, mode); err != nil {
		return err
	}
	d.cache.lead(d.path(folder), &inode{folder: true, synced: true})
	return nil
}

func (d cachedDisk) syncFolder(folder string) error {
	if _, err := os.Stat(d.path(folder)); err != nil { // nothing is synced for real: that would only take time
		return err
	}
	for _, e := range d.cache.names[d.path(folder)] {
		e.led, e.pick = e.led[len(e.led)-1:], 0
	}
	d.cache.changed()
	return nil
}

// cachedFile is a file whose content may be lost until it is synced.
type cachedFile struct {
	file
	cache   *cache
	content *inode
}

func (f cachedFile) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	f.content.data += string(p[:n])
	f.content.synced = n == 0 && f.content.synced
	f.cache.changed()
	return n, err
}

func (f cachedFile) Sync() error {
	f.content.synced, f.content.pick = true, 0
	f.cache.changed()
	return nil
}
