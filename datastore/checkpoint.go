package datastore

import (
	"cmp"
	"slices"
	"strings"
)

// checkpointEvery is how many records a reader of the ledger has to read at most, about, before somebody who appends to
// it writes down what they add up to.
const checkpointEvery = 256

const checkpointSuffix = ".checkpoint"

// fold is what a checkpoint says instead of the records it covers.
type fold struct {
	Covers    []reference      `json:"covers"`
	Lost      []string         `json:"lost,omitempty"` // records that were missed then, and are for ever
	Snapshots []foldedSnapshot `json:"snapshots"`
}

type foldedSnapshot struct {
	Snapshot snapshotRef  `json:"snapshot"`
	Commit   string       `json:"commit,omitempty"` // the record
	Pruned   bool         `json:"pruned,omitempty"`
	Verified Verified     `json:"verified,omitzero"`
	Damage   []ChunkState `json:"damage,omitempty"`
}

// newestCheckpoint returns the checkpoint among the ledger's names that was written last.
func newestCheckpoint(names []string) (newest string, ok bool) {
	for _, name := range names {
		if strings.HasSuffix(name, checkpointSuffix) && name > newest {
			newest, ok = name, true
		}
	}
	return newest, ok
}

// fold writes the state down.
func (st *State) fold() *fold {
	f := &fold{Lost: st.lost}
	for name, sum := range st.records {
		if sum != "" {
			f.Covers = append(f.Covers, reference{name, sum})
		}
	}
	for _, sn := range st.byID {
		f.Snapshots = append(f.Snapshots, foldedSnapshot{sn.ref, sn.commit, sn.pruned, sn.verified, sn.damage})
	}
	slices.SortFunc(f.Covers, func(a, b reference) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(f.Snapshots, func(a, b foldedSnapshot) int { return cmp.Compare(a.Snapshot.ID, b.Snapshot.ID) })
	return f
}

// unfold applies a checkpoint. What it covers counts as read.
func (st *State) unfold(f *fold) {
	for _, c := range f.Covers {
		st.covered[c.Name] = true
		st.named[c.Name] = c
		if !st.seen(c.Name) {
			st.records[c.Name] = c.SHA256
		}
	}
	for _, name := range f.Lost {
		st.missed[name] = true
		if _, ok := st.named[name]; !ok {
			st.named[name] = reference{Name: name}
		}
	}
	for _, was := range f.Snapshots {
		sn := st.of(was.Snapshot)
		sn.pruned = sn.pruned || was.Pruned
		if was.Commit != "" {
			sn.commit = was.Commit
		}
		sn.verify(was.Verified, was.Damage)
	}
}
