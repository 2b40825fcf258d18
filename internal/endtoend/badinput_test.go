//go:build linux

package endtoend

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const noSuch = "dataset/data/2020-01-01T00:00:00.000Z"

// TestBadInput gives the program what it cannot do anything with. It says so in one line, changes nothing in the store,
// and leaves nothing behind.
func TestBadInput(t *testing.T) {
	tests := map[string]struct {
		line   string
		env    string
		status int
		says   string // in order, separated by …
	}{
		"store that is not there":     {"snapshots --store none", "", 1, "none…no heirloom store here…heirloom init"},
		"store that is no store":      {"backup data --store data", "", 1, "no heirloom store here…heirloom init"},
		"store that is a file":        {"snapshots --store data/file", "", 1, "data/file…a file, not a folder"},
		"store of a newer version":    {"backup data --store newer", "", 1, "format version 2…newer"},
		"store with no name":          {"snapshots --store=", "", 2, "no store is named…HEIRLOOM_STORE"},
		"store of an unknown sort":    {"snapshots --store ftp://host/x", "", 2, "ftp://"},
		"store made twice":            {"init", "", 1, "store here already"},
		"store made among files":      {"init --store data", "", 1, "choose an empty folder"},
		"source that is not there":    {"backup none", "", 1, "none…no such file"},
		"source that loops":           {"backup loop", "", 1, "loop…too many levels of symbolic links"},
		"source that is a pipe":       {"backup pipe", "", 1, "pipe"},
		"source that is the store":    {"backup store", "", 1, "never saved"},
		"one source of two not there": {"backup data none", "", 1, "none…no such file"},
		"two sources of one name":     {"backup data other/data", "", 2, "same base name"},
		"stream without a name":       {"backup -", "", 2, "--name"},
		"DEST in use":                 {"restore ADDRESS data", "", 1, "not empty…--overwrite"},
		"DEST that is a file":         {"restore ADDRESS data/file", "", 1, "data/file"},
		"DEST below a file":           {"restore ADDRESS data/file/x", "", 1, "not a directory"},
		"path that is not there":      {"restore ADDRESS back --path none", "", 1, "none…not in the snapshot…heirloom ls"},
		"address that is none":        {"restore nonsense back", "", 2, "nonsense…not a snapshot address…heirloom snapshots"},
		"address with no snapshot":    {"restore " + noSuch + " back", "", 1, "no such snapshot…heirloom snapshots"},
		"forget without a snapshot":   {"forget " + noSuch, "", 1, "no such snapshot…heirloom snapshots"},
		"verify without a snapshot":   {"verify " + noSuch, "", 1, "no such snapshot…heirloom snapshots"},
		"cat of a folder":             {"cat ADDRESS .", "", 1, "not a file"},
		"passphrase missing":          {"snapshots --store secret", "", 1, "passphrase…HEIRLOOM_PASSPHRASE"},
		"passphrase wrong":            {"backup data --store secret", "HEIRLOOM_PASSPHRASE=wrong", 1, "passphrase…check"},
		"passphrase file missing":     {"snapshots --store secret --passphrase-file none", "", 1, "none…no such file"},
		"keys without encryption":     {"key list", "", 1, "not encrypted"},
		"last key removed":            {"key remove KEY --store secret", "HEIRLOOM_PASSPHRASE=right", 1, "last key…key add"},
		"flag that is none":           {"backup data --frobnicate", "", 2, "--frobnicate…--help"},
		"flag without its value":      {"backup data --name", "", 2, "--name…--help"},
		"mode that is none":           {"backup data --mode sometimes", "", 2, "sometimes"},
		"tag that is none":            {"backup data --tag x", "", 2, "KEY=VALUE"},
		"pattern that is none":        {"backup data --exclude [", "", 1, "["},
		"namespace that is none":      {"backup data --namespace a//b", "", 2, "namespace"},
		"command that is none":        {"frobnicate", "", 2, "frobnicate…--help"},
		"too few arguments":           {"restore", "", 2, "restore"},
		"too many arguments":          {"stats now", "", 2, "stats"},
	}
	s := newShell(t)
	s.badWorld()
	address, key := s.backup("data").Snapshot, s.onlyKey()
	before := look(t, s.dir)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			line := strings.NewReplacer("ADDRESS", address, "KEY", key).Replace(test.line)
			try := &shell{t: t, dir: s.dir, env: []string{test.env}}
			got := try.run(strings.Fields(line)...)
			require.Equal(t, test.status, got.status, got.stderr)
			require.Empty(t, got.stdout)
			require.Equal(t, 1, strings.Count(got.stderr, "\n"), "one line: %s", got.stderr)
			rest := got.stderr
			for _, part := range strings.Split(test.says, "…") {
				_, after, ok := strings.Cut(rest, part)
				require.True(t, ok, "%q in %q", part, got.stderr)
				rest = after
			}
			requireSame(t, before.lasting(), look(t, s.dir).lasting())
		})
	}
}

// lasting leaves out what may change: the times of folders, the folders of stores, which are never removed, and the
// cache.
func (w tableau) lasting() tableau {
	out := tableau{}
	for p, f := range w {
		top, _, _ := strings.Cut(p, "/")
		if top == "cache" || f.folder() && slices.Contains([]string{"store", "secret", "newer"}, top) {
			continue
		}
		if f.folder() {
			f.mtime.Sec, f.mtime.Nsec = 0, 0
		}
		out[p] = f
	}
	return out
}

// badWorld makes what TestBadInput needs.
func (s *shell) badWorld() {
	l := newLand(s.t, s.dir)
	l.file("data/file", []byte("content"))
	l.file("other/data/file", []byte("content"))
	l.symlink("loop", "loop")
	l.pipe("pipe", 0o644)
	s.must("init")
	s.must("init", "--store", "newer")
	s.newer(s.path("newer", "heirloom.json"))
	s.env = []string{"HEIRLOOM_PASSPHRASE=right"}
	s.must("init", "--encrypt", "--store", "secret")
}

func (s *shell) onlyKey() string {
	var keys []struct{ ID string }
	s.read(&keys, "key", "list", "--store", "secret")
	require.Len(s.t, keys, 1)
	return keys[0].ID
}

// newer makes a configuration one of the next format.
func (s *shell) newer(name string) {
	data, err := os.ReadFile(name)
	require.NoError(s.t, err)
	payload, _, _ := strings.Cut(string(data), "\n")
	payload = strings.Replace(payload, `"format":1`, `"format":2`, 1)
	require.NoError(s.t, os.WriteFile(name, seal(payload), 0o600))
}
