package datastore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Filter chooses snapshots. The zero value chooses all that are promised.
type Filter struct {
	Namespace  *string // nil: all
	Kind       Kind    // "": all
	Name       string  // "": all
	Job        string  // "": all
	Unfinished bool    // those, too, whose Promised is false
}

func (f *Filter) match(sn *Snapshot) bool {
	return (f.Namespace == nil || *f.Namespace == sn.Namespace) && (f.Kind == "" || f.Kind == sn.Kind) &&
		(f.Name == "" || f.Name == sn.Name) && (f.Job == "" || f.Job == sn.Job) && (f.Unfinished || sn.Promised)
}

func (f *Filter) prefix() string {
	if f.Namespace == nil {
		return snapshotPrefix
	}
	if f.Kind == "" || f.Name == "" {
		return namespacePrefix(*f.Namespace)
	}
	return groupPrefix(Group{*f.Namespace, f.Kind, f.Name})
}

// Snapshots yields the chosen snapshots, group by group, oldest first. The listing is complete before the first is
// yielded. A snapshot whose manifest is damaged is yielded as a *ManifestError, and the list goes on; any other error
// is the last thing yielded.
func (s *Store) Snapshots(ctx context.Context, f Filter) iter.Seq2[*Snapshot, error] {
	return func(yield func(*Snapshot, error) bool) {
		names, promised, err := s.listManifests(ctx, f.prefix())
		if err != nil {
			yield(nil, fmt.Errorf("list snapshots: %w", err))
			return
		}
		state, err := s.State(ctx)
		if err != nil {
			yield(nil, fmt.Errorf("list snapshots: %w", err))
			return
		}
		for _, name := range names {
			if state.goes(manifestID(name)) {
				continue // put back by somebody, or about to go
			}
			sn, err := s.readManifest(ctx, name)
			if errors.Is(err, backend.ErrNotFound) {
				continue // pruned or withdrawn since it was listed
			}
			if sn != nil {
				sn.Promised = promised[name]
			}
			if sn != nil && !f.match(sn) {
				continue
			}
			if !yield(sn, err) || err != nil && !errors.As(err, new(*ManifestError)) {
				return
			}
		}
	}
}

// ManifestError says that a snapshot's manifest is not what was written.
type ManifestError struct {
	Object string // the manifest's name
	Err    error
}

func (e *ManifestError) Error() string { return fmt.Sprintf("snapshot manifest %v", e.Err) }

func (e *ManifestError) Unwrap() error { return e.Err }

// listManifests returns the names of manifests, sorted, and which of them have a promise.
func (s *Store) listManifests(ctx context.Context, prefix string) ([]string, map[string]bool, error) {
	var names []string
	promised := make(map[string]bool)
	for info, err := range s.backend.List(ctx, prefix) {
		if err != nil {
			return nil, nil, err
		}
		if stem, ok := strings.CutSuffix(info.Name, promiseSuffix); ok {
			promised[stem+manifestSuffix] = true
		} else if strings.HasSuffix(info.Name, manifestSuffix) {
			names = append(names, info.Name)
		}
	}
	slices.Sort(names)
	return names, promised, nil
}

// readManifest reads the manifest called name.
func (s *Store) readManifest(ctx context.Context, name string) (*Snapshot, error) {
	return s.readManifestAt(ctx, name, name)
}

// readManifestAt reads the manifest called name, or a copy of it that lies elsewhere; nothing else lies there than the
// snapshot that the name says.
func (s *Store) readManifestAt(ctx context.Context, object, name string) (*Snapshot, error) {
	m := &manifest{}
	data, err := s.readDocAt(ctx, object, name, m)
	if err != nil && !damaged(err) {
		return nil, err
	}
	if err != nil {
		return nil, &ManifestError{Object: object, Err: err}
	}
	sn, err := s.snapshotOf(m)
	if err == nil && manifestName(sn.Group, sn.Time, sn.ID) != name {
		err = fmt.Errorf("%w: it is that of %s", errMisplaced, sn.Address())
	}
	if err != nil {
		return nil, &ManifestError{Object: object, Err: fmt.Errorf("%s: %w", object, err)}
	}
	sn.object, sn.raw = name, data
	return sn, nil
}

// manifestID returns the id in a manifest's name.
func manifestID(name string) string {
	stem := strings.TrimSuffix(name, manifestSuffix)
	return stem[strings.LastIndexByte(stem, '-')+1:]
}

var errMisplaced = errors.New("object lies under another object's name")

// Find returns the promised snapshot with the given address; without a time, the latest. It fails with ErrNoSnapshot,
// and with a *ManifestError if the one that is meant is damaged.
func (s *Store) Find(ctx context.Context, a Address) (*Snapshot, error) {
	fail := func(err error) (*Snapshot, error) { return nil, fmt.Errorf("find snapshot %s: %w", a, err) }
	if err := a.Group.Validate(); err != nil {
		return fail(err)
	}
	prefix := groupPrefix(a.Group)
	names, promised, err := s.listManifests(ctx, prefix)
	if err != nil {
		return fail(err)
	}
	state, err := s.State(ctx)
	if err != nil {
		return fail(err)
	}
	if !a.Time.IsZero() {
		prefix += a.Time.UTC().Format(nameTime) + "-"
	}
	for _, name := range slices.Backward(names) {
		if !promised[name] || !strings.HasPrefix(name, prefix) || state.goes(manifestID(name)) {
			continue
		}
		sn, err := s.readManifest(ctx, name)
		if errors.Is(err, backend.ErrNotFound) || sn != nil && sn.Group != a.Group {
			continue
		}
		if err != nil {
			return fail(err)
		}
		sn.Promised = true
		return sn, nil
	}
	return fail(ErrNoSnapshot)
}

// newestTime returns the time of the group's newest manifest by its name, whether it can be read or not.
func (s *Store) newestTime(ctx context.Context, g Group) (newest time.Time, err error) {
	prefix := groupPrefix(g)
	names, _, err := s.listManifests(ctx, prefix)
	for _, name := range names {
		stamp, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "-")
		if t, err := time.Parse(nameTime, stamp); err == nil && t.After(newest) {
			newest = t
		}
	}
	return newest, err
}
