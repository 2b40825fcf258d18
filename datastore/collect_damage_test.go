package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// rotten is a store with a pack of which a third is dead and a third is damaged.
type rotten struct {
	*yard
	sn      *datastore.Snapshot // needs the damaged chunk and another of the pack
	bad     chunk.ID
	content []byte // of the damaged chunk
	object  string // the pack
}

func newRotten(t *testing.T) *rotten {
	r := &rotten{yard: newYard(t), content: noise(800, 2)}
	first := r.commit("www", files{"dead": noise(900, 1), "bad": r.content, "good": noise(700, 3)})
	r.sn = r.commit("www", files{"bad": r.content, "good": noise(700, 3)})
	r.bad = store(t, r.s, "probe", r.content)[0]
	r.object = packOf(t, r.s, r.bad)
	r.forget(first)
	forget(t, r.s, list(t, r.s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "probe"})...)
	r.damage(r.object)
	return r
}

func (r *rotten) pack() string { return r.object[strings.LastIndexByte(r.object, '/')+1:] }

// damage inverts a byte of the chunk's frame in a pack.
func (r *rotten) damage(object string) {
	r.t.Helper()
	for _, f := range trailer(r.t, r.b, object).Frames {
		if f.Chunks[0].ID == r.bad {
			flip(r.t, r.b, object, int(f.Offset)+5)
			return
		}
	}
	require.Fail(r.t, "the pack does not hold the chunk")
}

// verified records that the chunk was found damaged.
func (r *rotten) verified(sn *datastore.Snapshot) {
	r.t.Helper()
	require.NoError(r.t, r.s.RecordVerifications(r.t.Context(), []datastore.Verification{{
		Snapshot: sn, Outcome: datastore.OutcomeCorrupt,
		Damage: []datastore.ChunkState{{ID: r.bad, Reason: datastore.Corrupt, Pack: r.pack()}},
	}}))
}

// A pack of which a part is damaged stays, with all that is in it, and what else is to go goes.
func TestCollectLeavesADamagedPack(t *testing.T) {
	r := newRotten(t)
	other := r.commit("db", files{"x": noise(900, 9)})
	alone := packOf(t, r.s, store(t, r.s, "db", noise(900, 9))[0])
	r.forget(other)
	forget(t, r.s, list(t, r.s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "db"})...)

	s := open(t, r.b, r.o)
	c := collect(t, s, sure)
	require.Equal(t, []datastore.ChunkState{{ID: r.bad, Reason: datastore.Corrupt, Pack: r.pack()}}, c.Damaged)
	require.Contains(t, names(t, r.b, "packs/"), r.object)
	require.NotContains(t, names(t, r.b, "packs/"), alone)
	require.Empty(t, names(t, r.b, "condemned/"), "it was not condemned")
	require.Contains(t, s.Broken(), r.object)

	for run := range 3 {
		c = collect(t, open(t, r.b, r.o), sure)
		require.GreaterOrEqual(t, c.BytesFreed(), int64(0), "run %d", run)
		require.Zero(t, c.PacksRemoved, "run %d copies to and fro what it cannot free", run)
	}
	r.heal()
}

// heal saves the source again, after a verification has found the damage, and collects.
func (r *rotten) heal() {
	r.t.Helper()
	r.verified(r.sn)
	r.commit("www", files{"bad": r.content, "good": noise(700, 3)})
	c := collect(r.t, open(r.t, r.b, r.o), sure)
	require.Empty(r.t, c.Damaged)
	require.Positive(r.t, c.PacksRemoved)
	require.NotContains(r.t, names(r.t, r.b, "packs/"), r.object)
	r.requireWhole()
	r.requireSettled()
}

// A pack that is condemned already, and turns out damaged, stays with its record.
func TestCollectLeavesADamagedPackThatIsCondemned(t *testing.T) {
	r := newRotten(t)
	record := "condemned/" + strings.Repeat("6", 32)
	data, err := document.Encode(record, condemnation{document.Format, []string{r.pack()}}, nil)
	require.NoError(t, err)
	require.NoError(t, r.b.Put(t.Context(), record, data))
	for range 2 {
		c := collect(t, open(t, r.b, r.o), sure)
		require.Equal(t, []datastore.ChunkState{{ID: r.bad, Reason: datastore.Corrupt, Pack: r.pack()}}, c.Damaged)
		require.Contains(t, names(t, r.b, "packs/"), r.object)
		require.Equal(t, []string{record}, names(t, r.b, "condemned/"))
		require.Equal(t, []string{r.pack()}, c.Stuck)
	}
	r.heal()
	require.Empty(t, names(t, r.b, "condemned/"))
}

// A frame that is damaged and that nothing needs keeps nobody from freeing its pack.
func TestCollectFreesDamageThatNothingNeeds(t *testing.T) {
	r := newRotten(t)
	r.commit("www", files{"good": noise(700, 3)})
	r.forget(r.sn)
	c := collect(t, r.on(t, r.b), sure)
	require.Empty(t, c.Damaged)
	require.NotContains(t, names(t, r.b, "packs/"), r.object)
	r.requireWhole()
}

// Of two copies of a chunk, one of which a verification found damaged, the other is kept.
func TestCollectKeepsTheGoodTwin(t *testing.T) {
	r := newRotten(t)
	r.verified(r.sn)
	r.commit("db", files{"bad": r.content, "new": noise(600, 5)})
	for range 2 {
		c := collect(t, open(t, r.b, r.o), sure)
		require.Empty(t, c.Damaged)
	}
	require.NotContains(t, names(t, r.b, "packs/"), r.object)
	r.requireWhole()
	r.requireSettled()
}

// What a verification found of a copy is true when the snapshot it looked at has been removed.
func TestCollectKeepsTheGoodTwinAfterTheRemovalOfWhatWasVerified(t *testing.T) {
	for name, o := range map[string]datastore.CollectOptions{
		"copying": sure, "not copying": {Probed: true, MinDead: 2},
	} {
		t.Run(name, func(t *testing.T) {
			for range 8 { // which copy is looked at first is chance
				r := newRotten(t)
				r.verified(r.sn)
				r.commit("db", files{"bad": r.content})
				r.commit("mail", files{"good": noise(700, 3)})
				r.forget(r.sn)
				r.requireFilesOf(open(t, r.b, r.o))
				collect(t, open(t, r.b, r.o), o)
				r.requireFilesOf(open(t, r.b, r.o))
			}
		})
	}
}

// twins has two packs that hold the same chunk, by two writers who did not see each other. Of both packs most is dead.
func twins(t *testing.T) (y *yard, id chunk.ID, packs []string) {
	y = newYard(t)
	content := noise(800, 2)
	w1, w2 := begin(t, y.s), begin(t, y.on(t, y.b))
	var dead []*datastore.Snapshot
	for n, w := range []*datastore.Session{w1, w2} {
		sn, err := w.Commit(t.Context(), draft("www", put(t, w, files{"twin": content, "dead": noise(900, byte(10+n))})))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		dead = append(dead, sn)
	}
	y.s = y.on(t, y.b)
	y.commit("db", files{"twin": content, "other": noise(300, 20)})
	id = store(t, y.s, "probe", content)[0]
	forget(t, y.s, append(dead, list(t, y.s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "probe"})...)...)
	for _, object := range names(t, y.b, "packs/") {
		for _, f := range trailer(t, y.b, object).Frames {
			if f.Chunks[0].ID == id {
				packs = append(packs, object)
			}
		}
	}
	require.Len(t, packs, 2)
	return y, id, packs
}

// One of two copies is damaged, and nobody knows it yet. A collection that is going to delete both, and cannot copy the
// one, copies the other.
func TestCollectCopiesTheTwinOfADamagedFrame(t *testing.T) {
	for i := range 2 {
		y, id, packs := twins(t)
		r := &rotten{yard: y, bad: id}
		r.damage(packs[i])
		y.requireFilesOf(open(t, y.b, y.o))
		for range 2 {
			collect(t, open(t, y.b, y.o), sure)
			y.requireFilesOf(open(t, y.b, y.o))
		}
	}
}

// Of two sound copies one stays.
func TestCollectKeepsOneOfTwoCopies(t *testing.T) {
	y, _, packs := twins(t)
	collect(t, y.on(t, y.b), sure)
	left := slices.DeleteFunc(names(t, y.b, "packs/"), func(name string) bool { return !slices.Contains(packs, name) })
	require.Empty(t, left)
	y.requireWhole()
	y.requireSettled()
}

// A pack that was cut off is neither counted on nor deleted.
func TestCollectWithAPackThatWasCutOff(t *testing.T) {
	r := newRotten(t)
	replace(t, r.b, r.object, readObject(t, r.b, r.object)[:500])
	for range 2 {
		collect(t, open(t, r.b, r.o), sure)
		require.Contains(t, names(t, r.b, "packs/"), r.object)
	}
	r.commit("www", files{"bad": r.content, "good": noise(700, 3)}) // what was cut off is stored again
	collect(t, open(t, r.b, r.o), sure)
	r.requireFilesOf(open(t, r.b, r.o))
}
