package verify

import (
	"context"
	"errors"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// maxDamage bounds the list of damage of one snapshot; the outcome counts all of it.
const maxDamage = 10000

// judge says what became of one snapshot.
func (r *run) judge(ctx context.Context, sn *datastore.Snapshot) error {
	sum := r.totals[sn.Root]
	res := Result{Snapshot: sn, Address: sn.Address(), Outcome: datastore.OutcomeOK, Chunks: sum.chunks, Bytes: sum.bytes}
	if len(r.bad) > 0 {
		j := &judgement{run: r, res: &res}
		if err := j.folder(ctx, sn.Root, "", true); err != nil {
			return err
		}
	}
	if res.Outcome != datastore.OutcomeOK {
		if removed, err := r.removed(ctx, sn); err != nil || removed {
			return err
		}
	}
	r.report.Results = append(r.report.Results, res)
	return nil
}

// removed says whether somebody has removed the snapshot since the run began: what is gone of it is then no damage.
func (r *run) removed(ctx context.Context, sn *datastore.Snapshot) (bool, error) {
	_, err := r.store.Find(ctx, sn.Address())
	switch {
	case errors.Is(err, datastore.ErrNoSnapshot):
		return true, nil
	case errors.As(err, new(*datastore.ManifestError)):
		return false, nil
	}
	return false, err
}

// judgement walks one snapshot for what is bad in it.
type judgement struct {
	*run
	res *Result
}

// folder looks for damage below a folder's node. root says that it is the snapshot's root node, whose entry is the
// folder itself.
func (j *judgement) folder(ctx context.Context, id chunk.ID, path string, root bool) error {
	ok, err := j.nodes(ctx, id, path, 0, 0)
	if err != nil || !ok {
		return err
	}
	for e, err := range tree.Entries(ctx, j.store.Node, id) {
		if err != nil {
			return j.unexpected(err, id, path)
		}
		if err := j.entry(ctx, &e, childPath(path, e.Name, root && e.Type == tree.Dir)); err != nil {
			return err
		}
	}
	return nil
}

func childPath(dir, name string, root bool) string {
	switch {
	case root:
		return ""
	case dir == "":
		return name
	}
	return dir + "/" + name
}

func (j *judgement) entry(ctx context.Context, e *tree.Entry, path string) error {
	switch e.Type {
	case tree.Dir:
		return j.folder(ctx, e.Tree, path, false)
	case tree.File:
		return j.file(ctx, e, path)
	}
	return nil
}

func (j *judgement) file(ctx context.Context, e *tree.Entry, path string) error {
	if !e.Tree.IsZero() {
		ok, err := j.nodes(ctx, e.Tree, path, 0, e.Size)
		if err != nil || !ok {
			return err
		}
	}
	for x, err := range tree.Extents(ctx, j.store.Node, e, 0) {
		if err != nil {
			return j.unexpected(err, e.Tree, path)
		}
		if f, is := j.bad[x.ID]; is {
			j.damage(path, x.Offset, x.Length, x.ID, f)
		}
	}
	return nil
}

// nodes says whether a node and the index levels below it can be had; where not, that is the damage.
func (j *judgement) nodes(ctx context.Context, id chunk.ID, path string, offset, length int64) (bool, error) {
	if f, is := j.bad[id]; is {
		j.damage(path, offset, length, id, f)
		return false, nil
	}
	return true, nil
}

// unexpected handles a walk that stopped at a node below the first one.
func (j *judgement) unexpected(err error, id chunk.ID, path string) error {
	broken := (*datastore.ChunkError)(nil)
	switch {
	case errors.As(err, &broken):
		j.damage(path, 0, 0, broken.ID, finding{reason: broken.Reason, detail: broken.Detail})
	case errors.Is(err, tree.ErrFormat):
		j.damage(path, 0, 0, id, finding{reason: datastore.Corrupt, detail: err.Error()})
	default:
		return err
	}
	return nil
}

func (j *judgement) damage(path string, offset, length int64, id chunk.ID, f finding) {
	if f.reason == datastore.Corrupt || j.res.Outcome == datastore.OutcomeOK {
		j.res.Outcome = datastore.Outcome(f.reason)
	}
	if path == "" {
		path = "."
	}
	if len(j.res.Damage) < maxDamage {
		j.res.Damage = append(j.res.Damage, Damage{path, offset, length, id, string(f.reason) + ": " + f.detail})
	}
}

// record writes the results to the ledger. A store that cannot be written to is verified all the same.
func (r *run) record(ctx context.Context) {
	if r.o.NoRecord {
		return
	}
	var list []datastore.Verification
	for _, res := range r.report.Results {
		if res.Snapshot == nil {
			continue
		}
		v := datastore.Verification{Snapshot: res.Snapshot, Outcome: res.Outcome, Chunks: res.Chunks, Bytes: res.Bytes, Job: r.o.Job}
		for _, d := range res.Damage {
			f := r.bad[d.Chunk]
			v.Damage = append(v.Damage, datastore.ChunkState{ID: d.Chunk, Reason: f.reason, Pack: f.pack})
		}
		list = append(list, v)
	}
	if err := r.store.RecordVerifications(ctx, list); err != nil {
		r.report.Notes = append(r.report.Notes, datastore.Warning{Path: "ledger", Reason: "results were not recorded: " + err.Error()})
	}
}

// share divides the run's time among the results by their bytes.
func (r *run) share(d time.Duration) {
	var sum int64
	for _, res := range r.report.Results {
		sum += res.Bytes + 1
	}
	for i := range r.report.Results {
		res := &r.report.Results[i]
		res.Duration = time.Duration(float64(d) * float64(res.Bytes+1) / float64(sum))
	}
}
