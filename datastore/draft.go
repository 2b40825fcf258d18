package datastore

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxSameTime bounds how often a writer takes another time because somebody else has the same.
const maxSameTime = 10

// putManifest stores the snapshot's manifest under a time of its own. Two writers of one group can choose the same; who
// then sees the other's manifest beside its own steps back, perhaps both. Each time they draw from a wider range.
func (w *Session) putManifest(ctx context.Context, d Draft) (*Snapshot, error) {
	for attempt := range maxSameTime {
		sn, err := w.tryManifest(ctx, d, upTo(time.Millisecond<<attempt))
		if err != nil {
			return nil, err
		}
		alone, err := w.store.alone(ctx, sn)
		if alone && err == nil {
			return sn, nil
		}
		w.withdraw(ctx, sn)
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("others took the same time %d times in a row", maxSameTime)
}

// upTo returns a random duration below limit.
func upTo(limit time.Duration) time.Duration {
	var p [8]byte
	rand.Read(p[:])
	return time.Duration(binary.LittleEndian.Uint64(p[:]) % uint64(limit))
}

// alone says whether no other manifest of the group has the snapshot's time. It is asked after the manifest is stored: of
// two writers at least the later one sees both.
func (s *Store) alone(ctx context.Context, sn *Snapshot) (bool, error) {
	names, _, err := s.listManifests(ctx, groupPrefix(sn.Group))
	same := strings.TrimSuffix(sn.object, sn.ID+manifestSuffix)
	return !slices.ContainsFunc(names, func(name string) bool {
		return name != sn.object && strings.HasPrefix(name, same)
	}), err
}

// tryManifest stores the manifest under the next time, or one that is later by delay.
func (w *Session) tryManifest(ctx context.Context, d Draft, delay time.Duration) (*Snapshot, error) {
	sn, err := w.draw(ctx, d, delay)
	if err != nil {
		return nil, err
	}
	return sn, w.storeManifest(ctx, sn)
}

// storeManifest puts the manifest of a snapshot that has all but that.
func (w *Session) storeManifest(ctx context.Context, sn *Snapshot) error {
	m, err := w.store.manifestOf(sn)
	if err != nil {
		return err
	}
	sn.object = manifestName(sn.Group, sn.Time, sn.ID)
	if sn.raw, err = w.store.putDoc(ctx, sn.object, m); err != nil {
		return err
	}
	w.stats.bytesStored.Add(int64(len(sn.raw)))
	return nil
}

// draw makes the snapshot that the draft describes.
func (w *Session) draw(ctx context.Context, d Draft, delay time.Duration) (*Snapshot, error) {
	t, err := w.store.nextTime(ctx, d.Group)
	if err != nil {
		return nil, err
	}
	t = t.Add(delay.Truncate(time.Millisecond))
	sn := &Snapshot{Group: d.Group, Time: t, ID: newID(), Session: w.ID(), Job: d.Job, Mode: d.Mode, ChainBase: t,
		Generation: d.Generation, Origin: d.Origin, Started: d.Started, Finished: w.store.now(), Root: d.Root,
		Complete: d.Complete, Stats: w.Stats(), Details: d.Details}
	sn.Stats.Files, sn.Stats.Dirs, sn.Stats.BytesSource, sn.Stats.BytesRead = d.Files, d.Dirs, d.BytesSource, d.BytesRead
	if sn.Job == "" {
		sn.Job = ManualJob
	}
	if sn.Mode == "" {
		sn.Mode = Full
	}
	if sn.Generation == 0 {
		sn.Generation = 1
		if d.Parent != nil {
			sn.Generation, sn.Origin = d.Parent.Generation, d.Parent.Origin
		}
	}
	if d.Parent != nil && sn.Mode == Incremental {
		sn.Parent, sn.ChainBase = d.Parent.Time, d.Parent.ChainBase
	}
	return sn, nil
}

// nextTime returns the time of a group's next snapshot: now, but never before the newest there is.
func (s *Store) nextTime(ctx context.Context, g Group) (time.Time, error) {
	t := s.now().UTC().Truncate(time.Millisecond)
	newest, err := s.newestTime(ctx, g)
	if err != nil {
		return t, err
	}
	if !t.After(newest) {
		t = newest.Add(time.Millisecond)
	}
	return t, nil
}
