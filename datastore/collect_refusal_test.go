package datastore_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// What the refusals below stop would otherwise do something.
func TestCollectHasSomethingToDo(t *testing.T) {
	y, _ := halfDead(t)
	c := collect(t, y.s, sure)
	require.Positive(t, c.PacksRemoved)
	require.Positive(t, c.BytesCopied, "packs are half dead")
	y.requireSettled()
}

// Where it cannot be told what is needed, nothing is deleted: not an object changes.
func TestCollectRefuses(t *testing.T) {
	tests := map[string]struct {
		harm func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend // nil: the storage as it is
		want func(t *testing.T, err error, sn *datastore.Snapshot)
	}{
		"a node is damaged": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				object := packOf(t, y.s, sn.Root)
				flip(t, y.b, object, int(trailer(t, y.b, object).Frames[0].RefsOffset))
				return nil
			}, requireUnreadable(datastore.Corrupt),
		},
		"a node is gone": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				require.NoError(t, y.b.Delete(t.Context(), packOf(t, y.s, sn.Root)))
				return nil
			}, requireUnreadable(datastore.Missing),
		},
		"a manifest is damaged": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				flip(t, y.b, manifestOf(t, y.b, sn), 20)
				return nil
			}, func(t *testing.T, err error, sn *datastore.Snapshot) {
				var damage *datastore.ManifestError
				require.ErrorAs(t, err, &damage)
				require.Contains(t, damage.Object, sn.ID)
			},
		},
		"a manifest has vanished with its promise": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				vanish(t, y.b, sn)
				return nil
			}, func(t *testing.T, err error, sn *datastore.Snapshot) {
				var gone *datastore.VanishedError
				require.ErrorAs(t, err, &gone)
				require.Equal(t, sn.Address(), gone.Address)
				require.ErrorContains(t, err, sn.String())
			},
		},
		"a manifest has vanished beside its promise": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				require.NoError(t, y.b.Delete(t.Context(), manifestOf(t, y.b, sn)))
				return nil
			}, func(t *testing.T, err error, sn *datastore.Snapshot) {
				var gone *datastore.VanishedError
				require.ErrorAs(t, err, &gone)
				require.Contains(t, gone.Object, sn.ID)
			},
		},
		"a promise of a snapshot that nobody knows": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				promise := promiseFor(manifestOf(t, y.b, sn))
				stray := strings.Replace(promise, sn.ID, strings.Repeat("5", len(sn.ID)), 1)
				require.NoError(t, y.b.Put(t.Context(), stray, readObject(t, y.b, promise)))
				return nil
			}, func(t *testing.T, err error, _ *datastore.Snapshot) {
				var gone *datastore.VanishedError
				require.ErrorAs(t, err, &gone)
				require.Contains(t, gone.Object, "5555.json")
			},
		},
		"a manifest is left out of listings": {
			func(t *testing.T, y *yard, sn *datastore.Snapshot) backend.Backend {
				name := manifestOf(t, y.b, sn)
				return hiding{hiding{y.b, name}, promiseFor(name)}
			}, requireListing,
		},
		"a ledger record is left out of listings": {
			func(t *testing.T, y *yard, _ *datastore.Snapshot) backend.Backend {
				return hiding{y.b, names(t, y.b, "ledger/")[1]}
			}, requireListing,
		},
		"a condemned record is damaged": {
			func(t *testing.T, y *yard, _ *datastore.Snapshot) backend.Backend {
				require.NoError(t, y.b.Put(t.Context(), "condemned/"+strings.Repeat("7", 32), []byte("nonsense")))
				return nil
			}, func(t *testing.T, err error, _ *datastore.Snapshot) {
				require.ErrorIs(t, err, datastore.ErrDamaged)
				require.ErrorContains(t, err, "condemned/777")
			},
		},
		"nothing may be written": {
			func(_ *testing.T, y *yard, _ *datastore.Snapshot) backend.Backend { return backend.ReadOnly(y.b) },
			func(t *testing.T, err error, _ *datastore.Snapshot) { require.ErrorIs(t, err, backend.ErrReadOnly) },
		},
		"the disk is full": {
			func(_ *testing.T, y *yard, _ *datastore.Snapshot) backend.Backend {
				f := backendtest.New(y.b)
				f.Fail(backend.KindPut, "", backendtest.Every, syscall.ENOSPC)
				return f
			},
			func(t *testing.T, err error, _ *datastore.Snapshot) { require.ErrorIs(t, err, syscall.ENOSPC) },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			y, all := halfDead(t)
			y = newYardOn(t, y.b, y.o)
			b := test.harm(t, y, all[1])
			if b == nil {
				b = y.b
			}
			before := objects(t, y.b)
			_, err := y.on(t, b).Collect(t.Context(), sure)
			require.Error(t, err)
			test.want(t, err, all[1])
			require.Equal(t, before, objects(t, y.b))
		})
	}
}

func requireUnreadable(why datastore.Damage) func(t *testing.T, err error, sn *datastore.Snapshot) {
	return func(t *testing.T, err error, sn *datastore.Snapshot) {
		var damage *datastore.ChunkError
		require.ErrorAs(t, err, &damage)
		require.Equal(t, why, damage.Reason)
		require.ErrorContains(t, err, sn.String())
	}
}

func requireListing(t *testing.T, err error, _ *datastore.Snapshot) {
	require.ErrorIs(t, err, datastore.ErrListing)
}

// vanish deletes a manifest and its promise behind the store's back.
func vanish(t testing.TB, b backend.Backend, sn *datastore.Snapshot) {
	t.Helper()
	name := manifestOf(t, b, sn)
	require.NoError(t, b.Delete(t.Context(), name))
	require.NoError(t, b.Delete(t.Context(), promiseFor(name)))
}

// A manifest that one listing leaves out, and whose promise it has, is read all the same: it was put meanwhile.
func TestCollectAsksForTheManifestOfAPromise(t *testing.T) {
	y, all := halfDead(t)
	collect(t, y.on(t, hiding{y.b, manifestOf(t, y.b, all[1])}), sure)
	y.requireSettled()
}

// What an unfinished snapshot needs may be unreadable: nobody was promised anything, and nobody is kept from collecting.
func TestCollectPassesOverAnUnfinishedSnapshotThatIsUnreadable(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, y *yard, sn *datastore.Snapshot){
		"its manifest is damaged": func(t *testing.T, y *yard, sn *datastore.Snapshot) { flip(t, y.b, manifestOf(t, y.b, sn), 20) },
		"a node is gone": func(t *testing.T, y *yard, sn *datastore.Snapshot) {
			require.NoError(t, y.b.Delete(t.Context(), packOf(t, y.s, sn.Root)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			y, all := halfDead(t)
			f := backendtest.New(y.b)
			f.Before(func(c backendtest.Call) {
				if c.Kind == backend.KindPut && strings.HasSuffix(c.Name, ".ok") {
					f.Crash()
				}
			})
			w := begin(t, y.on(t, f))
			_, err := w.Commit(t.Context(), draft("half", put(t, w, files{"x": noise(900, 150)})))
			require.ErrorIs(t, err, backendtest.ErrCrashed)
			require.ErrorIs(t, w.Close(), backendtest.ErrCrashed)

			y.s = y.on(t, y.b)
			found := list(t, y.s, datastore.Filter{Name: "half", Unfinished: true})
			require.Len(t, found, 1)
			harm(t, y, found[0])
			c := collect(t, y.on(t, y.b), datastore.CollectOptions{Probed: true, FenceAll: true})
			require.Positive(t, c.PacksRemoved)
			requireFiles(t, y.on(t, y.b), all[1].Root, y.want[all[1].ID])
		})
	}
}

// A storage that is full at any moment, and then is not: nothing is lost, and the next run ends what was begun.
func TestCollectOnAFullDisk(t *testing.T) {
	done := false
	for nth := 1; !done; nth++ {
		y, _ := halfDead(t)
		f := backendtest.New(y.b)
		at(f, false, backend.KindPut, "", nth, func() { f.Fail(backend.KindPut, "", backendtest.Every, syscall.ENOSPC) })
		_, err := y.on(t, f).Collect(t.Context(), sure)
		if done = f.Count(backend.KindPut, "") < nth; done {
			require.NoError(t, err)
			require.Greater(t, nth, 4, "copies, their segment, the record and what it waits for")
		} else {
			require.ErrorIs(t, err, syscall.ENOSPC)
		}
		y.requireWhole()
		y.requireSettled()
	}
}

// A storage whose listings lag behind is found out before anything is condemned.
func TestCollectRefusesAnUnfitStorage(t *testing.T) {
	y, _ := halfDead(t)
	f := backendtest.New(y.b)
	_, err := f.Freeze(t.Context(), "probe/")
	require.NoError(t, err)
	before := objects(t, y.b)
	_, err = y.on(t, f).Collect(t.Context(), datastore.CollectOptions{})
	require.ErrorIs(t, err, backend.ErrUnfit)
	require.Equal(t, before, objects(t, y.b))
}

// A collection that ended while it tried the storage has left something there. That is no damage, and goes some day.
func TestCollectThatWasInterruptedWhileProbing(t *testing.T) {
	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now = clock.time
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "probe/", 3)
	_, err := y.on(t, f).Collect(t.Context(), datastore.CollectOptions{})
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	litter := names(t, y.b, "probe/")
	require.NotEmpty(t, litter)
	y.requireWhole()

	s := y.on(t, y.b)
	collect(t, s, datastore.CollectOptions{})
	require.Equal(t, litter, names(t, y.b, "probe/"), "a probe may be under way")
	clock.pass(datastore.DefaultFenceAfter)
	collect(t, s, datastore.CollectOptions{})
	require.Empty(t, names(t, y.b, "probe/"))
}

// However far a collection came, nothing is lost, and the next one ends it.
func TestCollectThatWasInterrupted(t *testing.T) {
	for name, crash := range map[string]func(f *backendtest.Faulty, nth int){
		"before": func(f *backendtest.Faulty, nth int) { f.CrashBefore(backendtest.Write, "", nth) },
		"after":  func(f *backendtest.Faulty, nth int) { f.CrashAfter(backendtest.Write, "", nth) },
	} {
		t.Run(name, func(t *testing.T) {
			crashed := true
			for nth := 1; crashed; nth++ {
				y, _ := halfDead(t)
				f := backendtest.New(y.b)
				crash(f, nth)
				_, err := y.on(t, f).Collect(t.Context(), sure)
				if crashed = f.Crashed(); crashed {
					require.ErrorIs(t, err, backendtest.ErrCrashed)
				} else {
					require.NoError(t, err)
					require.Greater(t, nth, 10)
				}
				y.requireWhole()
				y.requireSettled()
			}
		})
	}
}

// A listing that ends too early, openly or not, costs nothing that is needed, wherever in a run it is.
func TestCollectWithAListingCutOff(t *testing.T) {
	for _, prefix := range []string{"snapshots/", "packs/", "condemned/", "waits/", "sessions/", "beats/", "ledger/", "index/", "pruned/"} {
		t.Run(strings.TrimSuffix(prefix, "/"), func(t *testing.T) {
			y, _ := halfDead(t)
			crashed := backendtest.New(y.b) // so that there are records, and packs that wait
			crashed.CrashAfter(backend.KindPut, "condemned/", 1)
			_, err := y.on(t, crashed).Collect(t.Context(), sure)
			require.ErrorIs(t, err, backendtest.ErrCrashed)
			y.forget(y.commit("late", files{"l": noise(900, 160), "kept": noise(800, 21)}))
			if prefix == "sessions/" || prefix == "beats/" {
				w := begin(t, y.s)
				defer w.Close()
				put(t, w, files{"w": noise(500, 170)})
			}
			struck := 0
			for nth, more := 1, true; more; nth++ {
				for _, keep := range []int{0, 1, 3} {
					for _, cause := range []error{nil, io.ErrUnexpectedEOF} {
						more = cutOff(t, y.clone(t), prefix, nth, keep, cause)
						struck++
					}
				}
			}
			require.Greater(t, struck, 6, "no run lists %s", prefix)
		})
	}
}

// cutOff collects with one listing cut off, and says whether there was such a listing.
func cutOff(t *testing.T, y *yard, prefix string, nth, keep int, cause error) bool {
	f := backendtest.New(y.b)
	f.Cut(prefix, nth, keep, cause)
	_, err := y.on(t, f).Collect(t.Context(), sure)
	there := f.Count(backend.KindList, prefix) >= nth
	if there && cause != nil {
		require.ErrorIs(t, err, cause)
	}
	if err != nil && cause == nil {
		var vanished *datastore.VanishedError
		var missing *datastore.ChunkError
		require.True(t, isOneOf(err, datastore.ErrListing, &vanished, &missing), "%v", err)
	}
	y.requireWhole()
	y.requireSettled()
	return there
}

func isOneOf(err error, sentinel error, targets ...any) bool {
	return errors.Is(err, sentinel) || slices.ContainsFunc(targets, func(target any) bool { return errors.As(err, target) })
}

// late leaves out of one listing what late says, as a listing does that lags behind.
type late struct {
	backend.Backend
	prefix string
	hidden func(nth int, name string) bool
	count  *int
}

func (l late) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if prefix != l.prefix {
		return l.Backend.List(ctx, prefix)
	}
	*l.count++
	nth := *l.count
	return func(yield func(backend.Info, error) bool) {
		for info, err := range l.Backend.List(ctx, prefix) {
			if (err != nil || !l.hidden(nth, info.Name)) && !yield(info, err) {
				return
			}
		}
	}
}

// A pack that a single listing of the run leaves out is not lost sight of.
func TestCollectWithAPackLeftOutOfAListing(t *testing.T) {
	y, _ := halfDead(t)
	all := names(t, y.b, "packs/")
	for _, hidden := range all {
		for nth := 1; ; nth++ {
			clone, count := y.clone(t), 0
			_, err := y.on(t, late{clone.b, "packs/", func(n int, name string) bool { return n == nth && name == hidden }, &count}).
				Collect(t.Context(), sure)
			if err != nil {
				require.ErrorIs(t, err, datastore.ErrListing)
			}
			clone.requireWhole()
			clone.requireSettled()
			if count < nth {
				require.Greater(t, nth, 2)
				break
			}
		}
	}
}

// The record of a pack goes when the pack is gone, and not when it is only not listed.
func TestCollectKeepsTheRecordOfAPackThatIsNotListed(t *testing.T) {
	y, _ := halfDead(t)
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "condemned/", 1)
	_, err := y.on(t, f).Collect(t.Context(), sure)
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	for _, pack := range condemnedPacks(t, y.b) {
		clone := y.clone(t)
		_, err := y.on(t, hiding{clone.b, "packs/" + pack[:2] + "/" + pack}).Collect(t.Context(), sure)
		require.ErrorIs(t, err, datastore.ErrListing)
		require.Len(t, names(t, clone.b, "condemned/"), 1)
		clone.requireSettled()
	}
}

// What waits for whom is a courtesy: a damaged list is no reason to wait for ever, or to delete while a session lives.
func TestCollectWithDamagedWaits(t *testing.T) {
	y, _ := halfDead(t)
	w := begin(t, y.s)
	collector := y.on(t, y.b)
	require.Positive(t, collect(t, collector, sure).BytesPending)
	before := names(t, y.b, "packs/")
	flip(t, y.b, names(t, y.b, "waits/")[0], 20)
	c := collect(t, collector, sure)
	require.Positive(t, c.BytesPending)
	require.Len(t, c.Waiting, 1)
	require.Equal(t, before, names(t, y.b, "packs/"))
	require.NoError(t, w.Close())
	require.Positive(t, collect(t, collector, sure).PacksRemoved)
	y.requireSettled()
}
