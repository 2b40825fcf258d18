package dirstore

import (
	"errors"
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/require"
)

// forgetful is a disk as a backend would use it that leaves out some of the syncs. It keeps track of what is asked of
// it to know which ones those are.
type forgetful struct {
	disk
	mistake mistake
	last    string // the change before, or its failure
	unsaved file   // written and not synced
}

// mistake says what is left out. The zero value leaves out nothing.
type mistake struct {
	fileSync     bool                                   // never sync a file
	lateFileSync bool                                   // sync it when it has its name
	earlySync    bool                                   // sync a folder before something in it gets a name, not after
	folderSync   func(d *forgetful, folder string) bool // leave out these syncs of folders
	linkless     bool                                   // and the file system has no hard links
}

func (m mistake) variant() func(disk) disk {
	return func(d disk) disk { return &forgetful{disk: d, mistake: m} }
}

func (d *forgetful) create(name string, mode fs.FileMode) (file, error) {
	f, err := d.disk.create(name, mode)
	if err == nil && (d.mistake.fileSync || d.mistake.lateFileSync) {
		d.unsaved = f
		return unsyncedFile{f}, nil
	}
	return f, err
}

type unsyncedFile struct{ file }

func (unsyncedFile) Sync() error { return nil }

func (d *forgetful) link(old, new string) error {
	if d.mistake.linkless {
		return linkless{}.link(old, new)
	}
	if d.mistake.earlySync {
		if err := d.disk.syncFolder(path.Dir(new)); err != nil {
			return err
		}
	}
	err := d.noted("link", d.disk.link(old, new))
	if err == nil && d.mistake.lateFileSync {
		return d.unsaved.Sync()
	}
	return err
}

func (d *forgetful) rename(old, new string) error { return d.noted("rename", d.disk.rename(old, new)) }

func (d *forgetful) remove(name string) error { return d.noted("remove", d.disk.remove(name)) }

func (d *forgetful) mkdir(folder string, mode fs.FileMode) error {
	return d.noted("mkdir", d.disk.mkdir(folder, mode))
}

func (d *forgetful) noted(change string, err error) error {
	d.last = change
	if errors.Is(err, fs.ErrExist) {
		d.last += " in vain"
	}
	return err
}

func (d *forgetful) syncFolder(folder string) error {
	skip := d.mistake.earlySync && d.last == "link" || d.mistake.folderSync != nil && d.mistake.folderSync(d, folder)
	d.last = "sync"
	if skip {
		return nil
	}
	return d.disk.syncFolder(folder)
}

// after tells the syncs that follow a change.
func after(change string) func(*forgetful, string) bool {
	return func(d *forgetful, _ string) bool { return d.last == change }
}

// of tells the syncs of a folder that follow a change.
func of(folder, change string) func(*forgetful, string) bool {
	return func(d *forgetful, synced string) bool { return synced == folder && d.last == change }
}

// The check of power losses is worth what it finds: each sync that is left out loses something, and is found.
func TestEveryMissingSyncIsFound(t *testing.T) {
	known := verdicts{}
	for name, m := range map[string]mistake{
		"of a file":                              {fileSync: true},
		"of a file before its naming":            {lateFileSync: true},
		"of every folder":                        {folderSync: func(*forgetful, string) bool { return true }},
		"of a folder after the naming":           {earlySync: true},
		"after naming an object":                 {folderSync: after("link")},
		"after renaming to an object":            {folderSync: after("remove"), linkless: true}, // of the claim
		"after deleting an object":               {folderSync: of("packs/ab", "remove")},
		"after making a folder":                  {folderSync: after("mkdir")},
		"after making a folder at the top":       {folderSync: of(".", "mkdir")},
		"after making a folder further down":     {folderSync: of("packs", "mkdir")},
		"of a folder that another made":          {folderSync: after("mkdir in vain")},
		"of the store folder if another made it": {folderSync: of(".", "")},
		"of what another deleted":                {folderSync: of("packs/ab", "")},
	} {
		t.Run(name, func(t *testing.T) {
			_, fault := alone(t, m.variant(), known)
			if fault == "" {
				_, fault = together(t, m.variant(), known)
			}
			require.NotEmpty(t, fault)
		})
	}
}

func TestForgetfulDiskThatForgetsNothing(t *testing.T) {
	for _, linkless := range []bool{false, true} {
		_, fault := alone(t, mistake{linkless: linkless}.variant(), verdicts{})
		require.Empty(t, fault)
	}
}
