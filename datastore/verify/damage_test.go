package verify_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

func map1(name string, data []byte) fstest.MapFS { return fstest.MapFS{name: file(data, 1)} }

// two saves a tree, changes the notes beside its large files and saves it again: what did not change lies in the first
// packs, all nodes above in the second ones.
func two(t *testing.T, b *mem.Backend) (sn *datastore.Snapshot, oldTrees string) {
	s := create(t, b)
	fsys := tree()
	save(t, s, "www", fsys)
	oldTrees = packs(t, b, true)[0]
	fsys["long/note"] = file([]byte("second"), 2)
	return save(t, s, "www", fsys), oldTrees
}

func resultOf(t *testing.T, r *verify.Report, sn *datastore.Snapshot) verify.Result {
	t.Helper()
	for _, res := range r.Results {
		if res.Address == sn.Address() {
			return res
		}
	}
	t.Fatalf("no result of %s", sn.Address())
	return verify.Result{}
}

// Each sort of chunk, damaged and gone: what cannot be restored is named, and nothing else is.
func TestVerifyNamesWhatIsDamaged(t *testing.T) {
	type place struct {
		path           string
		offset, length int64
	}
	for name, c := range map[string]struct {
		harm    func(t *testing.T, b *mem.Backend, oldTrees string)
		outcome datastore.Outcome
		damage  []place
	}{
		"a folder's and a file's node are damaged": {
			func(t *testing.T, b *mem.Backend, old string) { flip(t, b, old, 10) },
			datastore.OutcomeCorrupt, []place{{"docs", 0, 0}, {"long/film", 0, 20 * pieceSize}},
		},
		"a folder's and a file's node are gone": {
			func(t *testing.T, b *mem.Backend, old string) { require.NoError(t, b.Delete(t.Context(), old)) },
			datastore.OutcomeMissing, []place{{"docs", 0, 0}, {"long/film", 0, 20 * pieceSize}},
		},
		"the root's node is damaged": {
			func(t *testing.T, b *mem.Backend, old string) { flip(t, b, packs(t, b, true, old)[0], 10) },
			datastore.OutcomeCorrupt, []place{{".", 0, 0}},
		},
		"the root's node is gone": {
			func(t *testing.T, b *mem.Backend, old string) {
				require.NoError(t, b.Delete(t.Context(), packs(t, b, true, old)[0]))
			},
			datastore.OutcomeMissing, []place{{".", 0, 0}},
		},
		"refs are damaged": {
			func(t *testing.T, b *mem.Backend, old string) { flip(t, b, old, refsOf(t, b, old)) },
			datastore.OutcomeCorrupt, []place{{"docs", 0, 0}, {"long/film", 0, 20 * pieceSize}},
		},
	} {
		for _, warm := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				b := mem.New()
				sn, old := two(t, b)
				s := open(t, b, datastore.Options{})
				if warm {
					require.True(t, run(t, s, verify.Options{}).Clean()) // nodes are in memory now
				}
				c.harm(t, b, old)
				res := resultOf(t, run(t, s, verify.Options{}), sn)
				require.Equal(t, c.outcome, res.Outcome, "%+v", res)
				var got []place
				for _, d := range res.Damage {
					require.False(t, d.Chunk.IsZero())
					require.NotEmpty(t, d.Reason)
					got = append(got, place{d.Path, d.Offset, d.Length})
				}
				require.Equal(t, c.damage, got)

				state, err := s.State(t.Context())
				require.NoError(t, err)
				v, _ := state.Verified(sn)
				require.Equal(t, c.outcome, v.Outcome)
			})
		}
	}
}

// refsOf returns an offset among a tree pack's refs: the first ID of a content is found behind the frames.
func refsOf(t *testing.T, b *mem.Backend, object string) int {
	t.Helper()
	s := open(t, b, datastore.Options{})
	data := readObject(t, b, object)
	for sn, err := range s.Snapshots(t.Context(), datastore.Filter{}) {
		require.NoError(t, err)
		n, err := s.Node(t.Context(), sn.Root)
		require.NoError(t, err)
		if at := indexOf(data, n.Refs.Trees[0][:]); at >= 0 {
			return at
		}
	}
	t.Fatal("no refs found")
	return 0
}

func indexOf(data, what []byte) int {
	for i := 0; i+len(what) <= len(data); i++ {
		if string(data[i:i+len(what)]) == string(what) {
			return i
		}
	}
	return -1
}

// One flipped byte of content damages one chunk, wherever in the pack it is.
func TestVerifyNamesTheRange(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := save(t, s, "www", map1("docs/big", noise(4*pieceSize+100, 1)))
	object := packs(t, b, false)[0]
	size := len(readObject(t, b, object))
	seen := map[int64]int64{}
	for at := 7; at < 4*pieceSize+100; at += pieceSize / 2 {
		clone := b.Clone()
		flip(t, clone, object, at)
		r := run(t, open(t, clone, datastore.Options{}), verify.Options{})
		res := resultOf(t, r, sn)
		require.Equal(t, datastore.OutcomeCorrupt, res.Outcome)
		require.Len(t, res.Damage, 1)
		d := res.Damage[0]
		require.Equal(t, "docs/big", d.Path)
		seen[d.Offset] = d.Length
		require.Len(t, r.Damaged, 1)
		require.Equal(t, object, r.Damaged[0].Object)
	}
	require.Equal(t, map[int64]int64{0: pieceSize, pieceSize: pieceSize, 2 * pieceSize: pieceSize, 3 * pieceSize: pieceSize,
		4 * pieceSize: 100}, seen)
	for name, n := range map[string]int{"half": size / 2, "all but a byte": size - 1, "nothing": 0} {
		clone := b.Clone()
		replace(t, clone, object, readObject(t, b, object)[:n])
		r := run(t, open(t, clone, datastore.Options{}), verify.Options{})
		require.False(t, r.Clean(), name)
		require.Equal(t, object, r.Damaged[0].Object, name)
		if n < size/2+1 {
			require.Equal(t, datastore.OutcomeCorrupt, resultOf(t, r, sn).Outcome, name)
		}
	}
}

// Corrupt and missing at once is corrupt.
func TestVerifyCorruptOutweighsMissing(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	fsys := map1("a", noise(pieceSize, 1))
	save(t, s, "www", fsys)
	first := packs(t, b, false)
	fsys["b"] = file(noise(pieceSize, 2), 1)
	sn := save(t, s, "www", fsys)
	require.NoError(t, b.Delete(t.Context(), first[0]))
	require.Equal(t, datastore.OutcomeMissing, resultOf(t, run(t, open(t, b, datastore.Options{}), verify.Options{}), sn).Outcome)
	flip(t, b, packs(t, b, false, first...)[0], 50)
	res := resultOf(t, run(t, open(t, b, datastore.Options{}), verify.Options{}), sn)
	require.Equal(t, datastore.OutcomeCorrupt, res.Outcome)
	require.Len(t, res.Damage, 2)
}

// A manifest that is damaged, gone, or without its promise.
func TestVerifyManifests(t *testing.T) {
	for name, c := range map[string]struct {
		harm    func(t *testing.T, b *mem.Backend, manifest string)
		outcome datastore.Outcome
	}{
		"damaged": {func(t *testing.T, b *mem.Backend, m string) { flip(t, b, m, 30) }, datastore.OutcomeCorrupt},
		"emptied": {func(t *testing.T, b *mem.Backend, m string) { replace(t, b, m, nil) }, datastore.OutcomeCorrupt},
		"gone": {func(t *testing.T, b *mem.Backend, m string) { require.NoError(t, b.Delete(t.Context(), m)) },
			datastore.OutcomeMissing},
		"gone with its promise": {func(t *testing.T, b *mem.Backend, m string) {
			require.NoError(t, b.Delete(t.Context(), m))
			require.NoError(t, b.Delete(t.Context(), object(t, b, "snapshots/", ".ok")))
		}, datastore.OutcomeMissing},
		"its promise is gone": {func(t *testing.T, b *mem.Backend, m string) {
			require.NoError(t, b.Delete(t.Context(), object(t, b, "snapshots/", ".ok")))
		}, datastore.OutcomeMissing},
	} {
		t.Run(name, func(t *testing.T) {
			b := mem.New()
			sn := save(t, create(t, b), "www", tree())
			c.harm(t, b, object(t, b, "snapshots/", ".json"))
			r := run(t, open(t, b, datastore.Options{}), verify.Options{})
			require.False(t, r.Clean())
			require.Len(t, r.Results, 1)
			res := resultOf(t, r, sn)
			require.Nil(t, res.Snapshot)
			require.Equal(t, c.outcome, res.Outcome)
			require.Len(t, res.Damage, 1)
			require.Contains(t, res.Damage[0].Reason, sn.ID)
		})
	}
}

// A second, good copy: no snapshot is damaged, and the object is named all the same.
func TestVerifyWithASecondCopy(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := save(t, s, "www", tree())
	bad := packs(t, b, false)[0]
	whole := readObject(t, b, bad)
	replace(t, b, bad, whole[:len(whole)-1]) // a pack of the wrong size is not relied on: all is stored once more
	fsys := tree()
	for _, f := range fsys {
		f.ModTime = f.ModTime.Add(1)
	}
	save(t, open(t, b, datastore.Options{}), "again", fsys)
	whole[50] ^= 0xff
	replace(t, b, bad, whole)
	r := run(t, open(t, b, datastore.Options{}), verify.Options{})
	require.False(t, r.Clean())
	for _, res := range r.Results {
		require.Equal(t, datastore.OutcomeOK, res.Outcome)
	}
	require.Len(t, r.Results, 2)
	require.NotNil(t, sn)
	require.Len(t, r.Damaged, 1)
	require.Equal(t, bad, r.Damaged[0].Object)
}

// A pack that no snapshot needs, but a later backup could rely on.
func TestVerifyNamesADamagedPackThatNobodyNeeds(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := save(t, s, "www", tree())
	bad := packs(t, b, false)[0]
	require.NoError(t, s.Forget(t.Context(), sn, "test"))
	flip(t, b, bad, 50)
	r := run(t, open(t, b, datastore.Options{}), verify.Options{})
	require.Empty(t, r.Results)
	require.Len(t, r.Damaged, 1)
	require.Equal(t, bad, r.Damaged[0].Object)
}

// Nothing describes the pack any more but the local index, which other machines do not have.
func TestVerifyAPackWhoseDescriptionsAreGone(t *testing.T) {
	b, cache := mem.New(), t.TempDir()
	create(t, b)
	s := open(t, b, datastore.Options{CacheDir: cache})
	sn := save(t, s, "www", tree())
	bad := packs(t, b, false)[0]
	require.NoError(t, b.Delete(t.Context(), object(t, b, "index/", "")))
	replace(t, b, bad, noise(len(readObject(t, b, bad)), 9))
	r := run(t, open(t, b, datastore.Options{CacheDir: cache}), verify.Options{})
	require.False(t, r.Clean())
	require.Equal(t, datastore.OutcomeCorrupt, resultOf(t, r, sn).Outcome)
}

// Every object of a small store, at many offsets: found and named.
func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	save(t, s, "www", fstest.MapFS{"a/b": file([]byte("content"), 1), "c": file(noise(3000, 3), 1)})
	run(t, s, verify.Options{})
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		if info.Name == "heirloom.json" {
			continue // a store whose configuration is damaged does not open
		}
		for at := int64(0); at < info.Size; at += 1 + info.Size/17 {
			clone := b.Clone()
			flip(t, clone, info.Name, int(at))
			r := run(t, open(t, clone, datastore.Options{}), verify.Options{})
			require.True(t, names(r)[info.Name], "%s, byte %d: %+v", info.Name, at, r)
		}
		clone := b.Clone()
		replace(t, clone, info.Name, readObject(t, b, info.Name)[:info.Size/2])
		require.True(t, names(run(t, open(t, clone, datastore.Options{}), verify.Options{}))[info.Name], info.Name)
	}
}

// names returns the objects that a report names.
func names(r *verify.Report) map[string]bool {
	found := map[string]bool{}
	for _, d := range r.Damaged {
		found[d.Object] = true
	}
	return found
}
