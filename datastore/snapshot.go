package datastore

import (
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Mode says how a snapshot was made.
type Mode string

// The modes.
const (
	Incremental Mode = "incremental" // what the parent's metadata shows to be unchanged was not read
	Full        Mode = "full"        // everything was read
)

// ManualJob is the job of a snapshot that no job made.
const ManualJob = "manual"

// Snapshot is one committed backup of a workload: what its manifest says.
type Snapshot struct {
	Group
	Time       time.Time // UTC, milliseconds; unique within the group
	ID         string    // names the manifest
	Session    string    // of the writer
	Job        string
	Mode       Mode
	Parent     time.Time // of the snapshot whose metadata an incremental one used; zero: none
	ChainBase  time.Time // of the snapshot that the chain of parents began with; its own for a full one
	Generation int       // 1, 2, …: the lineage it belongs to
	Origin     *Origin   // where its generation began; nil for the first
	Started    time.Time
	Finished   time.Time
	Root       chunk.ID // a tree node with one entry: what was saved
	Complete   bool     // nothing was skipped
	Stats      Stats
	Details    Details // empty if the keys at hand cannot open them

	// Promised is false for an unfinished snapshot: its manifest is there, but whether all of its chunks were when it
	// was written was never confirmed.
	Promised bool

	object   string // name of the manifest
	raw      []byte // its bytes
	replaces string // id of the removed snapshot that this one brings back
}

// Address returns what names the snapshot.
func (s *Snapshot) Address() Address { return Address{Group: s.Group, Time: s.Time} }

// String returns the snapshot's address.
func (s *Snapshot) String() string { return s.Address().String() }

// Origin is where a generation began.
type Origin struct {
	Generation int       `json:"generation"` // the parent generation
	Snapshot   time.Time `json:"snapshot"`   // the one that was restored
}

// Stats are a run's figures. Sizes are bytes.
type Stats struct {
	Files         int64 `json:"files"`
	Dirs          int64 `json:"dirs"`
	BytesSource   int64 `json:"bytes_source"` // logical size of the source
	BytesRead     int64 `json:"bytes_read"`   // really read
	BytesNew      int64 `json:"bytes_new"`    // not yet in the store, before compression
	BytesStored   int64 `json:"bytes_stored"` // written for it, all objects
	Chunks        int64 `json:"chunks"`       // content and tree chunks the snapshot refers to, counted as often as it does
	ChunksNew     int64 `json:"chunks_new"`
	BytesNewTrees int64 `json:"bytes_new_trees"` // tree nodes not yet in the store, before compression; not part of BytesNew
}

// Details are what only key holders may know of a snapshot.
type Details struct {
	Sources  []string          `json:"sources,omitempty"`
	Host     string            `json:"host,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
	Warnings []Warning         `json:"warnings,omitempty"` // the first MaxWarnings
	Skipped  int64             `json:"skipped,omitempty"`  // how many there were
}

// MaxWarnings is the number of warnings a manifest keeps.
const MaxWarnings = 1000

// Warning is something that was skipped or is not as it should be, and why.
type Warning struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}
