package prune

import (
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// Series is the snapshots that compete for the policy's slots: of one group, made by one job.
type Series struct {
	Group     string     `json:"group"` // [NAMESPACE:]KIND/NAME, as datastore.ParseGroup reads it
	Job       string     `json:"job"`
	Decisions []Decision `json:"snapshots"` // newest first
}

// Decision is what a plan says of one snapshot.
type Decision struct {
	Snapshot string    `json:"snapshot"` // its address, as datastore.ParseAddress reads it
	ID       string    `json:"id"`
	Time     time.Time `json:"time"`
	Keep     bool      `json:"keep"`

	// Reasons are stable names for programs: the retention.Rules that keep the snapshot, or the retention.Cause for
	// which it goes. There is at least one.
	Reasons []string `json:"reasons"`
	Why     string   `json:"why"` // the same for people, such as "keep-daily #3" or "same week as keep-weekly #1"

	BytesSource int64 `json:"bytes_source"` // logical size of what was saved

	// What the decision rests on, beside the time.
	Unfinished bool              `json:"unfinished,omitempty"` // never promised: nobody was told that it is whole
	Held       string            `json:"held,omitempty"`       // why it is held; "" if it is not
	Verified   datastore.Outcome `json:"verified,omitempty"`   // of the last verification; "" if there was none
}

// String names the series for people, such as "prod:dataset/www (job nightly)".
func (s *Series) String() string { return s.Group + " (job " + s.Job + ")" }

// Counts returns how many snapshots stay and how many go.
func (s *Series) Counts() (kept, removed int) {
	for i := range s.Decisions {
		if s.Decisions[i].Keep {
			kept++
		}
	}
	return kept, len(s.Decisions) - kept
}

// Share returns how many percent of the snapshots go; 0 if there are none.
func (s *Series) Share() float64 { return percent(s.Counts()) }

func percent(kept, removed int) float64 {
	if kept+removed == 0 {
		return 0
	}
	return 100 * float64(removed) / float64(kept+removed)
}
