//go:build linux

package endtoend

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// patient is a small store with a bit of everything, and what its snapshots must restore to.
type patient struct {
	t         *testing.T
	backend   *mem.Backend
	encrypted bool
	cache     string             // a cache made before anything was harmed; "": none
	want      map[string]tableau // by address
	forgotten string             // the address of a snapshot that was removed
	cuts      map[string][]int64 // offsets in packs where one part ends and another begins
}

const (
	firstPassphrase  = "the first passphrase"
	secondPassphrase = "another passphrase"
)

func newPatient(t *testing.T, encrypted bool, cache string) *patient {
	p := &patient{t: t, backend: mem.New(), encrypted: encrypted, cache: cache, want: map[string]tableau{}}
	small := chunk.Params{Algorithm: chunk.Gear, Min: 1 << 10, Average: 4 << 10, Max: 16 << 10}
	o := datastore.CreateOptions{Encrypt: encrypted, Splitters: datastore.Splitters{Content: small, Image: small}}
	if encrypted {
		o.Passphrase = []byte(firstPassphrase)
	}
	require.NoError(t, datastore.Create(t.Context(), p.backend, o))
	store, err := p.open(p.backend)
	require.NoError(t, err)
	defer store.Close()
	if encrypted {
		_, err := store.AddKey(t.Context(), []byte(secondPassphrase), "second")
		require.NoError(t, err)
	}
	p.fill(store)
	p.abandonSession()
	p.findCuts()
	p.condemn()
	return p
}

func (p *patient) open(b *mem.Backend) (*datastore.Store, error) {
	return datastore.Open(p.t.Context(), b, p.options())
}

func (p *patient) options() datastore.Options {
	o := datastore.Options{CacheDir: p.cache}
	if p.encrypted {
		o.Passphrase = []byte(firstPassphrase)
	}
	return o
}

// fill makes three snapshots and one that is removed again.
func (p *patient) fill(store *datastore.Store) {
	l := newLand(p.t, p.t.TempDir()+"/files")
	l.crowd("small", 12)
	l.file("empty", nil)
	l.file("several chunks", l.noise(20<<10))
	l.file("many chunks", append(l.noise(100<<10), l.prose(50<<10)...))
	l.file("deep/er/than/this", l.prose(5000))
	l.sparse("with holes", 1<<20, 0, 500<<10)
	l.symlink("several chunks", "link")
	l.attribute("small", "user.on a folder", "value")
	l.attribute("several chunks", "user.note", string(l.noise(100)))
	require.NoError(p.t, os.Mkdir(l.path("empty folder"), 0o700))
	l.old("deep", time.Date(2001, 2, 3, 4, 5, 6, 7, time.UTC))
	p.save(store, l.dir)

	require.NoError(p.t, os.Remove(l.path("empty")))
	l.file("several chunks", l.noise(22<<10))
	l.file("new", l.prose(3000))
	p.save(store, l.dir)

	images := newLand(p.t, p.t.TempDir())
	image := images.sparse("disk.img", 2<<20, 64<<10, 1<<20)
	sn := p.run(store, source.ImageFile(image))
	p.want[sn.Address().String()] = tableau{"disk.img": look(p.t, images.dir)["disk.img"]}

	images.file("unwanted", images.noise(9<<10))
	gone := p.run(store, source.ImageFile(images.path("unwanted")))
	require.NoError(p.t, store.Forget(p.t.Context(), gone, "test"))
	p.forgotten = gone.Address().String()
}

func (p *patient) save(store *datastore.Store, dir string) {
	sn := p.run(store, source.Folder(dir, source.FolderOptions{}))
	p.want[sn.Address().String()] = look(p.t, dir)
}

func (p *patient) run(store *datastore.Store, src source.Source) *datastore.Snapshot {
	result, err := backup.Run(p.t.Context(), store, src, backup.Options{})
	require.NoError(p.t, err)
	require.Empty(p.t, result.Warnings)
	return result.Snapshot
}

// kindOf says what an object is, for tables.
func (p *patient) kindOf(name string) string {
	first, _, _ := strings.Cut(name, "/")
	switch {
	case first == "snapshots" && strings.HasSuffix(name, ".ok"):
		return "promise"
	case first == "snapshots":
		return "manifest"
	case first == "packs" && p.isTree(name):
		return "tree pack"
	case first == "packs":
		return "content pack"
	}
	return first
}
