package dirstore

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// cache is a model of a disk that forgets: it knows for each name and each file which of its changes have been synced.
// The rest may be lost, one by one and in any order. Changes are made on the real disk as well, which reads go to.
type cache struct {
	base    string // the folder that everything lies in; it is never lost
	names   map[string]map[string]*entry
	changed func() // called after each change and each sync
}

// entry is a name in a folder.
type entry struct {
	led  []*inode // what it led to, nil for nothing: when it was last synced, and after each change since
	pick int      // which of these a power loss leaves
}

// inode is a file, or a folder, whose names are in cache.names.
type inode struct {
	folder bool
	data   string
	synced bool
	pick   int // how much a power loss leaves of an unsynced file, see left
}

func (f *inode) left() string {
	return []string{f.data, "", f.data[:len(f.data)/2]}[f.pick]
}

func newCache(base string, changed func()) *cache {
	return &cache{base: base, names: map[string]map[string]*entry{}, changed: changed}
}

// lead notes that a name leads to something else from now on.
func (c *cache) lead(path string, to *inode) {
	folder, name := filepath.Split(path)
	folder = filepath.Clean(folder)
	if c.names[folder] == nil {
		c.names[folder] = map[string]*entry{}
	}
	e := c.names[folder][name]
	if e == nil {
		e = &entry{led: []*inode{nil}}
		c.names[folder][name] = e
	}
	e.led = append(e.led, to)
	c.changed()
}

func (c *cache) at(path string) *inode {
	e := c.names[filepath.Dir(path)][filepath.Base(path)]
	return e.led[len(e.led)-1]
}

// doubt is something that a power loss decides: in how many ways, and how to choose one.
type doubt struct {
	ways int
	pick func(int)
}

// doubts returns all that is not synced. The names of temporary files are decided as one, for no object's fate hangs on
// which of them are left.
func (c *cache) doubts() []doubt {
	var all []doubt
	temporary := doubt{ways: 1, pick: func(way int) {
		c.each(func(folder string, e *entry) {
			if isTemporary(folder) {
				e.pick = min(way, len(e.led)-1)
			}
		})
	}}
	files := map[*inode]bool{}
	c.each(func(folder string, e *entry) {
		if isTemporary(folder) {
			temporary.ways = max(temporary.ways, len(e.led))
		} else if len(e.led) > 1 {
			all = append(all, doubt{len(e.led), func(way int) { e.pick = way }})
		}
		for _, f := range e.led {
			if f != nil && !f.synced && !files[f] {
				files[f] = true
				all = append(all, doubt{3, func(way int) { f.pick = way }})
			}
		}
	})
	return append(all, temporary)
}

func isTemporary(folder string) bool { return filepath.Base(folder) == tempFolder }

// each calls do for every name there ever was, always in the same order.
func (c *cache) each(do func(folder string, e *entry)) {
	for _, folder := range slices.Sorted(maps.Keys(c.names)) {
		for _, name := range slices.Sorted(maps.Keys(c.names[folder])) {
			do(folder, c.names[folder][name])
		}
	}
}

// tree is what a power loss leaves: the content of each file by its path below the base; folders have a slash after it.
type tree map[string]string

// signature is the same for trees that differ in the names of temporary files only, which are random.
func (t tree) signature() string {
	var lines []string
	for path, content := range t {
		if isTemporary(filepath.Dir(path)) {
			path = filepath.Dir(path)
		}
		lines = append(lines, fmt.Sprintf("%s %q", path, content))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// left returns the tree that the picks leave.
func (c *cache) left() tree {
	t := tree{}
	c.collect(c.base, t)
	return t
}

func (c *cache) collect(folder string, t tree) {
	for name, e := range c.names[folder] {
		path := filepath.Join(folder, name)
		below := strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(c.base)+"/")
		switch found := e.led[e.pick]; {
		case found == nil:
		case found.folder:
			t[below+"/"] = ""
			c.collect(path, t)
		default:
			t[below] = found.left()
		}
	}
}
