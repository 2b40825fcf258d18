package restore

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// maxDepth bounds how deep folders are nested, so that a hostile snapshot cannot exhaust the stack. Paths that systems
// accept end at half of it.
const maxDepth = 4096

// Item is an entry and where it is.
type Item struct {
	Path  string // slash-separated raw names, relative to the snapshot's root, which is "."
	Entry tree.Entry
}

// Walk yields what is at name (see Lookup) and, if that is a folder, everything below it: each folder before its
// entries, entries in byte order of their names. The error is the last thing yielded.
func Walk(ctx context.Context, r Reader, root chunk.ID, name string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		e, err := Lookup(ctx, r, root, name)
		if err != nil {
			yield(Item{}, err)
			return
		}
		w := lister{r: r, yield: yield}
		w.item(ctx, Item{Path: clean(name), Entry: e}, 0)
	}
}

type lister struct {
	r     Reader
	yield func(Item, error) bool
}

// item yields it and what is below; false means stop.
func (w *lister) item(ctx context.Context, it Item, depth int) bool {
	if !w.yield(it, nil) {
		return false
	}
	if it.Entry.Type != tree.Dir {
		return true
	}
	if depth == maxDepth {
		w.yield(Item{}, tooDeep(it.Path))
		return false
	}
	for e, err := range tree.Entries(ctx, w.r.Node, it.Entry.Tree) {
		if err != nil {
			w.yield(Item{}, folderError(it.Path, err))
			return false
		}
		if !w.item(ctx, Item{Path: join(it.Path, e.Name), Entry: e}, depth+1) {
			return false
		}
	}
	return true
}

func tooDeep(at string) error {
	return fmt.Errorf("folder %.60q…: folders are nested more than %d deep: %w", at, maxDepth, tree.ErrFormat)
}

// clean returns a path as this package writes it: without slashes around it, the root as ".".
func clean(name string) string {
	if parts := split(name); len(parts) > 0 {
		return strings.Join(parts, "/")
	}
	return "."
}

// join appends a name to a path. path.Join will not do: it would interpret names.
func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
