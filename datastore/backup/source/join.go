package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Join is several sources as one folder called name, each under the name of its root. Two roots of one name cannot be
// joined: Open fails.
//
// The folder is made up: only its owner may enter it, and its times are zero.
func Join(name string, sources ...Source) Source { return &join{name, sources} }

type join struct {
	name    string
	sources []Source
}

func (j *join) Open(ctx context.Context) (*Root, error) {
	d := &joinDir{}
	root := &Root{Kind: datastore.Dataset, Dir: d, Entry: tree.Entry{Name: j.name, Type: tree.Dir, Mode: 0o700}}
	for _, s := range j.sources {
		r, err := s.Open(ctx)
		if err != nil {
			return nil, errors.Join(err, d.Close())
		}
		d.parts = append(d.parts, &part{source: s, entry: r.Entry, paths: r.Paths, spare: r})
		root.Paths = append(root.Paths, r.Paths...)
	}
	slices.SortFunc(d.parts, func(a, b *part) int { return cmp.Compare(a.name(), b.name()) })
	if err := j.check(d.parts); err != nil {
		return nil, errors.Join(fmt.Errorf("join sources as %q: %w", j.name, err), d.Close())
	}
	return root, nil
}

// check says what is wrong with the names; parts are sorted.
func (j *join) check(parts []*part) error {
	if !validName(j.name) {
		return errors.New("this cannot be the name of a folder")
	}
	if len(parts) == 0 {
		return errors.New("there are none")
	}
	for i, p := range parts {
		if !validName(p.name()) {
			return fmt.Errorf("%s: %q cannot be the name of an entry", p, p.name())
		}
		if i > 0 && parts[i-1].name() == p.name() {
			return fmt.Errorf("%s and %s both would be %q in it", parts[i-1], p, p.name())
		}
	}
	return nil
}
