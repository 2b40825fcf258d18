package sourcetest_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestRunAcceptsAGoodSource(t *testing.T) {
	sourcetest.Run(t, good())
}

func good() source.Source {
	return source.FS("good", fstest.MapFS{"a/b": {Data: []byte("x")}, "c": {Data: []byte("content")}})
}

// bent is a good source with one thing wrong.
type bent struct {
	source.Source
	root func(*source.Root)
	dir  func(source.Dir) source.Dir
}

func (b bent) Open(ctx context.Context) (*source.Root, error) {
	r, err := b.Source.Open(ctx)
	if err == nil && b.root != nil {
		b.root(r)
	}
	if err == nil && b.dir != nil {
		r.Dir = b.dir(r.Dir)
	}
	return r, err
}

// bentDir changes what a folder lists or opens.
type bentDir struct {
	source.Dir
	list func([]tree.Entry) []tree.Entry
	file func(source.File) source.File
	deaf bool // to the end of the context
}

func (d *bentDir) Entries(ctx context.Context) iter.Seq2[tree.Entry, error] {
	if d.deaf {
		ctx = context.WithoutCancel(ctx)
	}
	if d.list == nil {
		return d.Dir.Entries(ctx)
	}
	return func(yield func(tree.Entry, error) bool) {
		var all []tree.Entry
		for e, err := range d.Dir.Entries(ctx) {
			if err != nil {
				yield(e, err)
				return
			}
			all = append(all, e)
		}
		for _, e := range d.list(all) {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (d *bentDir) OpenFile(ctx context.Context, name string) (source.File, error) {
	f, err := d.Dir.OpenFile(ctx, name)
	if err == nil && d.file != nil {
		f = d.file(f)
	}
	return f, err
}

// short reads less than there is.
type short struct{ source.File }

func (short) Read([]byte) (int, error) { return 0, io.EOF }

// hollow says that all of it is a hole.
type hollow struct {
	source.File
	io.ReaderAt
}

func (hollow) NextData(int64) (int64, int64, error) { return 0, 0, io.EOF }

// recorder collects complaints.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	listing := func(change func([]tree.Entry) []tree.Entry) bent {
		return bent{dir: func(d source.Dir) source.Dir { return &bentDir{Dir: d, list: change} }}
	}
	first := func(change func(*tree.Entry)) bent {
		return listing(func(all []tree.Entry) []tree.Entry { change(&all[0]); return all })
	}
	files := func(change func(source.File) source.File) bent {
		return bent{dir: func(d source.Dir) source.Dir { return &bentDir{Dir: d, file: change} }}
	}
	calls := 0
	for says, b := range map[string]bent{
		"exactly one of Dir and File":   {root: func(r *source.Root) { r.Dir = nil }},
		"Kind is to be set":             {root: func(r *source.Root) { r.Kind = "" }},
		"is a file, and was said to be": {root: func(r *source.Root) { r.Entry.Type = tree.File }},
		"entries come in byte order":    listing(func(all []tree.Entry) []tree.Entry { return []tree.Entry{all[1], all[0]} }),
		"other entries the second time": listing(func(all []tree.Entry) []tree.Entry { calls++; return all[:calls%2] }),
		"no entry can be called":        first(func(e *tree.Entry) { e.Name = "a/b" }),
		"none of package tree's":        first(func(e *tree.Entry) { e.Type = 0 }),
		"the type is in Type":           first(func(e *tree.Entry) { e.Mode |= 0o40000 }),
		"cannot have a size":            first(func(e *tree.Entry) { e.Size = 1 }),
		"folders have no hard links":    first(func(e *tree.Entry) { e.Link = 1 }),
		"are for Detail to tell":        first(func(e *tree.Entry) { e.Xattrs = []tree.Xattr{{Name: "a"}} }),
		"are the store's":               first(func(e *tree.Entry) { e.Extents = []tree.Extent{{}} }),
		"Stat does not agree":           listing(func(all []tree.Entry) []tree.Entry { all[1].Size = 9; return all }),
		"Read gave 0 bytes":             files(func(f source.File) source.File { return short{f} }),
		"that are not zero outside":     files(func(f source.File) source.File { return hollow{f, strings.NewReader("")} }),
		"is to end with its error":      {dir: func(d source.Dir) source.Dir { return &bentDir{Dir: d, deaf: true} }},
	} {
		t.Run(says, func(t *testing.T) {
			b.Source = good()
			r := &recorder{TB: t}
			sourcetest.Run(r, b)
			require.NotEmpty(t, r.said)
			require.Contains(t, strings.Join(r.said, "\n"), says)
		})
	}
}
