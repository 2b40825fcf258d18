//go:build linux

package endtoend

import (
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

// pruneTo keeps the last snapshots, as many as are given.
func pruneTo(last int) program {
	return func(r *recording) error {
		return r.do(func(s *datastore.Store) error {
			plan, err := prune.Make(r.t.Context(), s, prune.Options{Policy: retention.Policy{Last: last}})
			if err != nil {
				return err
			}
			for d := range plan.Removals() {
				if !d.Unfinished {
					r.mark(removing, d.ID)
				}
			}
			if _, err := plan.Apply(r.t.Context(), s, prune.ApplyOptions{}); err != nil {
				return err
			}
			for d := range plan.Removals() {
				if !d.Unfinished {
					r.mark(removed, d.ID)
				}
			}
			return nil
		})
	}
}
