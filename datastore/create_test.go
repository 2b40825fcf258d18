package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestCreateAndOpen(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		require.False(t, s.Encrypted())
		require.Equal(t, []string{"heirloom.json"}, names(t, b, ""))
		require.Empty(t, list(t, s, datastore.Filter{}))
		sn := commit(t, s, "www", files{"a": noise(5000, 1)})
		again := open(t, b, datastore.Options{})
		requireFiles(t, again, sn.Root, files{"a": noise(5000, 1)})
	})
}

func TestCreateRefusesAPlaceThatIsNotEmpty(t *testing.T) {
	for name, object := range map[string]string{
		"a store":             "heirloom.json",
		"nothing but its key": "keys/00112233445566778899aabbccddeeff",
		"nothing but a pack":  "packs/ab/abcd",
		"something else":      "readme.txt",
	} {
		t.Run(name, func(t *testing.T) {
			b := mem.New()
			require.NoError(t, b.Put(t.Context(), object, nil))
			for _, encrypt := range []bool{false, true} {
				o := datastore.CreateOptions{Encrypt: encrypt}
				if encrypt {
					o.Passphrase = passphrase
				}
				err := datastore.Create(t.Context(), b, o)
				if object == "heirloom.json" {
					require.ErrorIs(t, err, datastore.ErrStoreExists)
				} else {
					require.ErrorIs(t, err, datastore.ErrNotEmpty)
					require.ErrorContains(t, err, object)
				}
			}
			require.Equal(t, []string{object}, names(t, b, ""))
		})
	}
}

func TestCreateRefusesBadOptions(t *testing.T) {
	b := mem.New()
	err := datastore.Create(t.Context(), b, datastore.CreateOptions{Encrypt: true})
	require.ErrorIs(t, err, datastore.ErrPassphraseRequired)
	for _, o := range []datastore.CreateOptions{{Passphrase: passphrase}, {Label: "first"}} {
		require.ErrorIs(t, datastore.Create(t.Context(), b, o), datastore.ErrNotEncrypted, "nobody shall believe it is")
	}
	bad := datastore.DefaultSplitters()
	bad.Image.Min = 1
	err = datastore.Create(t.Context(), b, datastore.CreateOptions{Splitters: bad})
	require.ErrorContains(t, err, "splitter for images")
	require.Empty(t, names(t, b, ""))
}

// Whatever fails, the place is empty again or holds a store that opens.
func TestCreateThatFailsLeavesNothingHalfDone(t *testing.T) {
	type fault func(*backendtest.Faulty)
	faults := map[string]fault{
		"listing":            func(f *backendtest.Faulty) { f.Fail(backendtest.List, "", 1, nil) },
		"key":                func(f *backendtest.Faulty) { f.Fail(backendtest.Put, "keys/", 1, nil) },
		"config":             func(f *backendtest.Faulty) { f.Fail(backendtest.Put, "heirloom.json", 1, nil) },
		"config, answer":     func(f *backendtest.Faulty) { f.FailAfter(backendtest.Put, "heirloom.json", 1, nil) },
		"config, read back":  func(f *backendtest.Faulty) { f.Fail(backendtest.Get, "heirloom.json", 1, nil) },
		"config, both":       func(f *backendtest.Faulty) { f.FailAfter(backendtest.Any, "heirloom.json", 1, nil) },
		"crash after config": func(f *backendtest.Faulty) { f.CrashAfter(backendtest.Put, "heirloom.json", 1) },
	}
	for name, set := range faults {
		for _, encrypt := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				b := mem.New()
				f := backendtest.New(b)
				set(f)
				o := datastore.Options{}
				if encrypt {
					o.Passphrase = passphrase
				}
				err := datastore.Create(t.Context(), f, datastore.CreateOptions{Encrypt: encrypt, Passphrase: o.Passphrase})
				if len(names(t, b, "")) == 0 {
					require.Error(t, err)
					return
				}
				if err == nil || name != "key" && encrypt {
					open(t, b, o)
				}
			})
		}
	}
}

// Two that create a store in one place at the same moment: one of them wins, and its store opens.
func TestCreateAtTheSameMoment(t *testing.T) {
	b := mem.New()
	f := backendtest.New(b)
	f.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.Put && c.Name == "heirloom.json" {
			for _, name := range names(t, encrypted(), "") {
				require.NoError(t, b.Put(t.Context(), name, readObject(t, encrypted(), name)))
			}
		}
	})
	err := datastore.Create(t.Context(), f, datastore.CreateOptions{Encrypt: true, Passphrase: []byte("the loser's")})
	require.ErrorIs(t, err, datastore.ErrStoreExists)
	open(t, b, datastore.Options{Passphrase: passphrase})
	require.Equal(t, names(t, encrypted(), ""), names(t, b, ""), "nothing of the loser is left")
}

func TestSplittersAreRecordedAndUsed(t *testing.T) {
	b := mem.New()
	fixed := chunk.Params{Algorithm: chunk.Fixed, Min: 4096, Average: 4096, Max: 4096}
	o := datastore.CreateOptions{Splitters: datastore.Splitters{Content: chunk.DefaultParams(), Image: fixed}}
	require.NoError(t, datastore.Create(t.Context(), b, o))
	s, again := open(t, b, datastore.Options{}), open(t, b, datastore.Options{})
	require.Equal(t, 4096, s.Splitter(datastore.ForImages).Cut(make([]byte, 10000)))
	data := noise(1<<20, 1)
	cut := s.Splitter(datastore.ForContent).Cut(data)
	require.Equal(t, cut, again.Splitter(datastore.ForContent).Cut(data))

	other := create(t, mem.New())
	require.NotEqual(t, cut, other.Splitter(datastore.ForContent).Cut(data), "each store has a secret of its own")
}
