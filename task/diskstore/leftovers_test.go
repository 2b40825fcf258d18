package diskstore

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// What a process was at when it died lies about: it hides nothing, and is cleared away where it would pile up.
func TestLeftovers(t *testing.T) {
	at := waiting(9).UPID.Position()
	for name, leave := range map[string]func(l layout) (path string, goes bool){
		"nothing":                      func(l layout) (string, bool) { return l.format(), false },
		"draft of a journal":           func(l layout) (string, bool) { return l.draft(at, "GONE"), true },
		"draft of a journal of nobody": func(l layout) (string, bool) { return l.draft(at, ""), true },
		"owner who left nothing":       func(l layout) (string, bool) { return l.owner("GONE"), true },
		"draft of an owner":            func(l layout) (string, bool) { return l.owner("GONE") + draftEnd, true },
		"draft of a wish":              func(l layout) (string, bool) { return l.wish(at) + draftEnd, false },
		"wish for nobody":              func(l layout) (string, bool) { return l.wish(at), false },
		"wish for one who has ended":   func(l layout) (string, bool) { return l.wish(over(1).UPID.Position()), false },
		"progress of nobody":           func(l layout) (string, bool) { return l.progress(at), false },
		"torn progress":                func(l layout) (string, bool) { return l.progress(begun(4).UPID.Position()), false },
		"empty log":                    func(l layout) (string, bool) { return l.log(waiting(5).UPID), false },
	} {
		t.Run(name, func(t *testing.T) {
			dir := leftBehind(t, Options{})
			path, goes := leave(layout(dir))
			if path != layout(dir).format() {
				write(t, path, "")
			}
			requireLeftBehind(t, dir)
			if goes {
				require.NoFileExists(t, path)
			}
		})
	}
}

// A process died between adding records to the history and removing their journals: they are in both.
func TestFiledTwice(t *testing.T) {
	dir := leftBehind(t, Options{})
	before := tree(t, filepath.Join(dir, "live"))
	s := open(t, dir, Options{})
	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	for path, text := range before {
		write(t, path, text)
	}
	requireLeftBehind(t, dir)

	s = open(t, dir, Options{})
	_, err = s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	require.EqualValues(t, 3, counted(t, s))
	require.Len(t, listed(t, s), 5)
}

// The last process that filed records died while the history was open. Whoever reads next puts that right.
func TestHistoryLeftOpen(t *testing.T) {
	dir := leftBehind(t, Options{FileAt: 1})
	s := open(t, dir, Options{})
	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	write(t, filepath.Join(layout(dir).history(), "00009.mem"), "") // as badger leaves it
	requireLeftBehind(t, dir)
}

// The folder may hold more than the store: of that nothing is removed, and nothing is in the way.
func TestWhatIsNotTheStores(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	at := waiting(9).UPID.Position().String()
	mine := []string{formatFile + ".OLD" + draftEnd}
	others := []string{"notes" + draftEnd, "folder" + draftEnd + "/file", formatFile + ".folder" + draftEnd + "/file", at, formatFile + "~"}
	long := newYear.Add(2 * leftOver)
	for _, name := range slices.Concat(mine, others) {
		path := filepath.Join(dir, name)
		write(t, path, "")
		require.NoError(t, os.Chtimes(path, newYear, newYear))
		require.NoError(t, os.Chtimes(filepath.Dir(path), newYear, newYear))
	}
	_, err := s.Prune(t.Context(), task.Retention{}, long)
	require.NoError(t, err)
	for _, name := range others {
		require.FileExists(t, filepath.Join(dir, name))
	}
	require.NoFileExists(t, filepath.Join(dir, mine[0]))
}

// A wish that is damaged is replaced by the next one.
func TestDamagedWishIsReplaced(t *testing.T) {
	dir := t.TempDir()
	owner := open(t, dir, Options{WishEvery: time.Hour})
	c := makeTask(t, owner, waiting(1), begun(1))
	write(t, owner.wish(c.at), "half a line")
	owner.lookForWishes()
	elsewhere := open(t, dir, Options{})
	require.NoError(t, elsewhere.RequestCancel(t.Context(), waiting(1).UPID, task.Cancellation{By: "bob"}))
	told := make(chan task.Cancellation, 1)
	c.OnCancel(func(w task.Cancellation) { told <- w })
	owner.lookForWishes()
	require.Equal(t, "bob", (<-told).By)
}
