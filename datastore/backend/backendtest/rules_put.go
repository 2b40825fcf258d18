package backendtest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var putRules = []rule[backend.Backend]{
	{"read after write", "When Put returns, every later Get and List shows the whole object: a collector decides by it " +
		"what may be deleted.", readAfterWrite},
	{"empty object", "An object of no bytes is an object: it can be read and is listed with size 0.", emptyObject},
	{"large object", "An object of 20 MiB comes back bit for bit: packs are that large.", largeObject},
	{"put if absent", "Put of a name that exists fails with ErrExist and changes nothing: objects are immutable.",
		putIfAbsent},
	{"put if absent, concurrently", "Of 32 puts of one name at the same time exactly one succeeds, the others fail with " +
		"ErrExist, and the content is the winner's: it is how writers agree without locks.", onePutWins},
	{"data is copied", "Put does not keep the slice: callers use their buffers again.", dataIsCopied},
	{"put after delete", "A name whose object was deleted can be put again.", putAfterDelete},
}

func readAfterWrite(t tester, b backend.Backend) {
	want := noise(1000, 1)
	put(t, b, "packs/ab/one", want)
	requireObject(t, b, "packs/ab/one", want)
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		require.Equal(t, backend.Info{Name: "packs/ab/one", Size: 1000}, info)
	}
	require.Equal(t, []string{"packs/ab/one"}, list(t, b, ""))
}

func emptyObject(t tester, b backend.Backend) {
	put(t, b, "empty", nil)
	require.Empty(t, read(t, b, "empty", 0, -1))
	var found []backend.Info
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		found = append(found, info)
	}
	require.Equal(t, []backend.Info{{Name: "empty"}}, found)
	require.ErrorIs(t, b.Put(t.Context(), "empty", []byte("x")), backend.ErrExist)
}

func largeObject(t tester, b backend.Backend) {
	want := noise(20<<20, 2)
	put(t, b, "packs/large", want)
	requireObject(t, b, "packs/large", want)
	require.Equal(t, want[15<<20:15<<20+100], read(t, b, "packs/large", 15<<20, 100))
}

func putIfAbsent(t tester, b backend.Backend) {
	put(t, b, "a/b", []byte("first"))
	require.ErrorIs(t, b.Put(t.Context(), "a/b", []byte("second, longer")), backend.ErrExist)
	requireObject(t, b, "a/b", []byte("first"))
}

func onePutWins(t tester, b backend.Backend) {
	const writers = 32
	start := make(chan struct{})
	errs := make([]error, writers)
	var winner atomic.Int64
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			<-start
			errs[i] = b.Put(t.Context(), "race/prize", fmt.Appendf(nil, "writer %d", i))
			if errs[i] == nil {
				winner.Store(int64(i))
			}
		})
	}
	close(start)
	group.Wait()
	winners := 0
	for _, err := range errs {
		if err == nil {
			winners++
			continue
		}
		require.ErrorIs(t, err, backend.ErrExist)
	}
	require.Equal(t, 1, winners, "puts that succeeded")
	requireObject(t, b, "race/prize", fmt.Appendf(nil, "writer %d", winner.Load()))
}

func dataIsCopied(t tester, b backend.Backend) {
	buffer := noise(100, 3)
	want := slices.Clone(buffer)
	put(t, b, "copied", buffer)
	clear(buffer)
	requireObject(t, b, "copied", want)
}

func putAfterDelete(t tester, b backend.Backend) {
	put(t, b, "again", []byte("first"))
	require.NoError(t, b.Delete(t.Context(), "again"))
	put(t, b, "again", []byte("second"))
	requireObject(t, b, "again", []byte("second"))
}
