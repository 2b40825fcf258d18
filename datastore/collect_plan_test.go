package datastore_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

func planned(t testing.TB, s *datastore.Store, without ...*datastore.Snapshot) *datastore.CollectionPlan {
	t.Helper()
	plan, err := s.PlanCollection(t.Context(), sure, without...)
	require.NoError(t, err)
	return plan
}

// following is a collection by a plan.
func following(plan *datastore.CollectionPlan) datastore.CollectOptions {
	return datastore.CollectOptions{Probed: true, Plan: plan}
}

// kept is a plan that was written down and read again.
func kept(t testing.TB, plan *datastore.CollectionPlan) *datastore.CollectionPlan {
	t.Helper()
	data, err := json.Marshal(plan)
	require.NoError(t, err)
	read := &datastore.CollectionPlan{}
	require.NoError(t, json.Unmarshal(data, read))
	require.Equal(t, plan, read)
	return read
}

// A plan changes nothing, says why each pack goes, and is carried out later, also after it was kept as JSON.
func TestPlanIsCarriedOut(t *testing.T) {
	y, _ := halfDead(t)
	f := backendtest.New(y.b)
	plan := planned(t, y.on(t, f))
	require.Zero(t, f.Count(backendtest.Write, ""), "a plan is only shown")
	require.NotEmpty(t, plan.Packs)
	require.Equal(t, plan.Packs, planned(t, y.on(t, backend.ReadOnly(y.b))).Packs, "it needs no right to write")
	reasons := map[bool]int{}
	for _, p := range plan.Packs {
		require.Equal(t, int64(len(readObject(t, y.b, "packs/"+p.Pack[:2]+"/"+p.Pack))), p.Bytes)
		require.NotEmpty(t, p.Reason)
		require.Equal(t, p.Needed == 0, p.Reason == "nothing needs it")
		reasons[p.Needed == 0]++
	}
	require.Len(t, reasons, 2, "there are dead packs and half dead ones")
	require.Equal(t, plan.BytesRemoved-plan.BytesCopied, plan.BytesFreed)
	chunks := usage(t, y.s).Chunks
	require.Equal(t, chunks, plan.ChunksNeeded+plan.ChunksRemoved)

	c := collect(t, y.on(t, y.b), following(kept(t, plan)))
	require.Equal(t, plan.BytesFreed, c.BytesFreed())
	require.Equal(t, plan.PacksRemoved, c.PacksRemoved)
	require.Equal(t, plan.ChunksRemoved, c.ChunksRemoved)
	for _, p := range plan.Packs {
		require.NotContains(t, names(t, y.b, "packs/"), "packs/"+p.Pack[:2]+"/"+p.Pack)
	}
	y.requireWhole()
	y.requireSettled()
}

// A plan for what would be if snapshots were removed is one for the store in which they are.
func TestPlanWithoutSnapshots(t *testing.T) {
	y, all := halfDead(t)
	collect(t, y.s, sure)
	before := objects(t, y.b)
	nothing := planned(t, y.s)
	require.Empty(t, nothing.Packs)
	plan := planned(t, y.s, all[1])
	require.Positive(t, plan.BytesFreed)
	require.Equal(t, before, objects(t, y.b))
	_, err := y.s.Collect(t.Context(), following(plan))
	require.ErrorIs(t, err, datastore.ErrStalePlan, "it was not removed yet")
	require.Equal(t, before, objects(t, y.b))

	y.forget(all[1])
	c := collect(t, y.on(t, y.b), following(kept(t, plan)))
	require.Equal(t, plan.BytesFreed, c.BytesFreed())
	require.Equal(t, plan.ChunksRemoved, c.ChunksRemoved)
	y.requireWhole()
	y.requireSettled()
}

// A plan is good for the store it was made for, as it was then.
func TestPlanThatDoesNotFit(t *testing.T) {
	for name, test := range map[string]struct {
		change func(y *yard, all []*datastore.Snapshot)
		want   error
	}{
		"a snapshot came": {func(y *yard, _ []*datastore.Snapshot) { y.commit("new", files{"n": noise(300, 99)}) }, datastore.ErrStalePlan},
		"a snapshot went": {func(y *yard, all []*datastore.Snapshot) { y.forget(all[1]) }, datastore.ErrStalePlan},
		"packs went":      {func(y *yard, _ []*datastore.Snapshot) { collect(y.t, y.on(y.t, y.b), sure) }, datastore.ErrStalePlan},
	} {
		t.Run(name, func(t *testing.T) {
			y, all := halfDead(t)
			plan := planned(t, y.s)
			test.change(y, all)
			before := objects(t, y.b)
			_, err := y.on(t, y.b).Collect(t.Context(), following(plan))
			require.ErrorIs(t, err, test.want)
			require.Equal(t, before, objects(t, y.b))
			y.requireWhole()
		})
	}
	t.Run("another store", func(t *testing.T) {
		y, _ := halfDead(t)
		other, _ := halfDead(t)
		before := objects(t, y.b)
		_, err := y.s.Collect(t.Context(), following(planned(t, other.s)))
		require.ErrorIs(t, err, datastore.ErrOtherStore)
		require.Equal(t, before, objects(t, y.b))
	})
	t.Run("a pack named twice", func(t *testing.T) {
		y, _ := halfDead(t)
		plan := planned(t, y.s)
		plan.Packs = append(plan.Packs, plan.Packs[0])
		before := objects(t, y.b)
		_, err := y.s.Collect(t.Context(), following(plan))
		require.ErrorIs(t, err, datastore.ErrStalePlan)
		require.Equal(t, before, objects(t, y.b))
	})
	t.Run("a pack that never was", func(t *testing.T) {
		y, _ := halfDead(t)
		plan := planned(t, y.s)
		plan.Packs = append(plan.Packs, datastore.CondemnedPack{Pack: "x"})
		_, err := y.s.Collect(t.Context(), following(plan))
		require.ErrorIs(t, err, datastore.ErrStalePlan)
	})
}

// Whatever packs a plan names, nothing is lost: what is needed of them is copied.
func TestPlanThatWasEdited(t *testing.T) {
	eachYard(t, func(t *testing.T, y *yard) {
		y.commit("www", files{"a": noise(900, 1), "b": noise(900, 2), "c": noise(2500, 3)})
		y.commit("db", files{"a": noise(900, 1), "d": noise(900, 4)})
		everything := planned(t, y.s)
		require.Empty(t, everything.Packs, "there is nothing to do")
		before := names(t, y.b, "packs/")
		for _, object := range before {
			everything.Packs = append(everything.Packs, datastore.CondemnedPack{Pack: object[len("packs/00/"):]})
		}
		c := collect(t, y.s, following(everything))
		require.EqualValues(t, len(before), c.PacksRemoved)
		require.Zero(t, c.ChunksRemoved)
		for _, object := range before {
			require.NotContains(t, names(t, y.b, "packs/"), object)
		}
		y.requireWhole()
		y.requireSettled()
	})
}

// A plan may name packs of a session that lives: it makes its snapshot whole, or says that it cannot.
func TestPlanThatNamesPacksOfASession(t *testing.T) {
	y, _ := halfDead(t)
	w := begin(t, y.s)
	f := files{"mine": noise(900, 150)}
	passing, err := w.Commit(t.Context(), draft("passing", put(t, w, f)))
	require.NoError(t, err)
	y.forget(passing)
	s := y.on(t, y.b)
	plan := planned(t, s)
	own := packOf(t, s, store(t, s, "probe", f["mine"])[0])
	forget(t, s, list(t, s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "probe"})...)
	plan.Packs = append(plan.Packs, datastore.CondemnedPack{Pack: own[len("packs/00/"):]})
	c := collect(t, s, following(plan))
	require.Len(t, c.Waiting, 1)
	sn, err := w.Commit(t.Context(), draft("late", put(t, w, f))) // by what it knew when it began
	require.NoError(t, err)
	y.want[sn.ID] = f
	require.NoError(t, w.Close())
	require.Positive(t, collect(t, y.on(t, y.b), sure).PacksRemoved)
	require.NotContains(t, names(t, y.b, "packs/"), own)
	y.requireWhole()
	y.requireSettled()
}

// A plan is refused where a collection is: a snapshot that cannot be read.
func TestPlanOfAStoreThatCannotBeRead(t *testing.T) {
	y, all := halfDead(t)
	vanish(t, y.b, all[1])
	_, err := y.on(t, y.b).PlanCollection(t.Context(), sure)
	require.ErrorAs(t, err, new(*datastore.VanishedError))
}
