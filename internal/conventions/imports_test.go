package conventions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rule says what packages must not import, and why. Own packages are written without the module's path; "std" means
// what is in the standard library, and "!std" thus what is not.
type rule struct {
	of      []string // all patterns must match
	refused []string // one match is enough
	also    bool     // it must not come in through another package either
	why     string
}

var rules = []rule{
	{
		[]string{"retention"}, []string{"!std"}, true,
		"a planner of backups that has a store of its own embeds it, and shall take in nothing with it",
	},
	{
		[]string{"schedule"}, []string{"!std"}, true,
		"a program that only wants to know the next time embeds it, and shall take in nothing with it",
	},
	{
		[]string{"chunk"}, []string{"datastore/...", "restore", "retention", "schedule", "cmd/..."}, true,
		"cutting, naming and sealing bytes needs no store",
	},
	{
		[]string{"datastore/..."}, []string{"restore", "cmd/..."}, true,
		"arrows point down: a store does not know who brings its snapshots back",
	},
	{
		[]string{"datastore"}, []string{"datastore/backup/...", "datastore/verify", "datastore/backend/dirstore", "datastore/backend/mem"}, true,
		"what is built on a store is not part of it, and a program names the backend it wants",
	},
	{
		[]string{"datastore/...", "!datastore/prune"}, []string{"retention", "schedule"}, true,
		"only pruning joins stores and policies",
	},
	{
		[]string{"datastore/backend/..."}, []string{"datastore", "datastore/internal/...", "datastore/tree", "chunk"}, true,
		"a backend keeps bytes under names and does not know what they mean",
	},
	{
		[]string{"datastore/tree"}, []string{"datastore", "datastore/internal/pack", "datastore/internal/index", "datastore/backend/..."}, true,
		"trees are an encoding: they reach the store through tree.Get and tree.Put",
	},
	{
		[]string{"datastore/internal/..."}, []string{"datastore", "datastore/backup/...", "datastore/verify", "datastore/tree"}, true,
		"the parts of a store do not know the whole",
	},
	{
		[]string{"datastore/verify"}, []string{"datastore/internal/...", "datastore/backend/dirstore"}, false,
		"verifying uses what a store exports, so that it cannot be fooled by the writer's own shortcuts",
	},
	{
		[]string{"datastore/backup/..."}, []string{"datastore/internal/...", "datastore/backend/dirstore"}, false,
		"the write path uses what a store exports: another one can be built outside",
	},
	{
		[]string{"task/..."}, []string{"chunk", "datastore/...", "restore", "retention", "schedule", "cmd/..."}, true,
		"a runner of tasks knows no storage and no backup: any program can embed it",
	},
	{
		[]string{"task"}, []string{"task/diskstore/...", "task/tasktest", "github.com/...", "golang.org/x/..."}, true,
		"whoever tracks tasks in memory takes in no database, and nothing but the standard library",
	},
	{
		[]string{"task/progress"}, []string{"!std"}, true,
		"counting how far work has come is of use by itself",
	},
	{
		[]string{"task/remedy"}, []string{"!std", "net"}, true,
		"errors are explained deep inside of libraries, which shall take in nothing with that, no network least of all",
	},
	{
		[]string{"task/tasklog"}, []string{"!std"}, true,
		"a log that is read while it is written is of use by itself",
	},
	{
		[]string{"task/...", "!task/diskstore/..."}, []string{"github.com/dgraph-io/..."}, true,
		"only the store on disk has a database",
	},
	{
		[]string{"restore"}, []string{"datastore/backup/...", "datastore/backend/dirstore", "retention", "schedule"}, true,
		"restoring needs a Reader of chunks and nothing else",
	},
	{
		[]string{"!cmd/...", "!examples/...", "!internal/bench/..."},
		[]string{
			"flag", "log", "os/signal", "expvar", "net/http/pprof", "github.com/spf13/...", "golang.org/x/term",
			"github.com/schollz/...", "github.com/dustin/...",
		},
		false,
		"a library has no flags, no terminal, no signals and no logger of its own",
	},
	{
		[]string{"!cmd/...", "!examples/...", "!internal/bench/...", "!datastore/backend/backendtest", "!task/tasktest", "!task/diskstore/..."}, []string{"net/http"}, true,
		"importing a local store pulls in no network client; badger brings its own, for figures that are switched off",
	},
	{
		[]string{"!chunk", "!chunk/internal/lanes"}, []string{"github.com/klauspost/...", "github.com/restic/..."}, false,
		"compression and Rabin cutting are hidden in one place, with their limits",
	},
	{
		[]string{"!datastore/internal/keyring"}, []string{"golang.org/x/crypto/..."}, false,
		"passphrases become keys in one place",
	},
	{
		[]string{"!datastore/backend", "!datastore/backend/backendtest", "!datastore/internal/interleave", "!task", "!task/remedy", "!task/tasktest", "!internal/bench/..."}, []string{"math/rand/..."}, false,
		"names and keys come from crypto/rand; only the waits between retries and tests may be guessed",
	},
	{
		[]string{"..."}, []string{"reflect", "C"}, false,
		"nothing here is worth what these cost a reader",
	},
	{
		[]string{"!restore"}, []string{"unsafe"}, false,
		"restore sets the times of an open file by a system call that takes a pointer; nobody else needs one",
	},
	{
		[]string{"!datastore/backend/backendtest", "!datastore/backup/source/sourcetest", "!datastore/internal/interleave", "!task/tasktest"},
		[]string{"testing", "testing/...", "github.com/stretchr/...", "pgregory.net/...", "go.uber.org/goleak"}, false,
		"tests are tests",
	},
}

func TestImports(t *testing.T) {
	for _, system := range []string{"linux", "freebsd", "darwin", "windows"} {
		t.Run(system, func(t *testing.T) {
			list := packages(t, system)
			for _, r := range rules {
				r.check(t, list)
			}
		})
	}
}

func (r *rule) check(t *testing.T, list []listed) {
	met := false
	for _, p := range list {
		applies := !slices.ContainsFunc(r.of, func(pattern string) bool { return !matches(pattern, short(p.ImportPath)) })
		if !applies {
			continue
		}
		met = true
		imports := p.Imports
		if r.also {
			imports = p.Deps
		}
		for _, i := range imports {
			if i != p.ImportPath && r.refuses(i) {
				t.Errorf("%s imports %s: %s", short(p.ImportPath), short(i), r.why)
			}
		}
	}
	require.True(t, met, "there is no package to which %q applies", r.of)
}

func (r *rule) refuses(importPath string) bool {
	for _, pattern := range r.refused {
		switch {
		case pattern == "!std":
			if !standard(importPath) {
				return true
			}
		case matches(pattern, short(importPath)):
			return true
		}
	}
	return false
}

// standard says whether an import path is one of the standard library: its first element has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func TestRulesRefuseWhatTheyName(t *testing.T) {
	for _, c := range []struct {
		pattern, pkg string
		want         bool
	}{
		{"datastore", "datastore", true},
		{"datastore", "datastore/tree", false},
		{"datastore/...", "datastore", true},
		{"datastore/...", "datastore/tree", true},
		{"datastore/...", "datastores", false},
		{"...", "chunk", true},
		{"!chunk", "chunk", false},
		{"!cmd/...", "chunk", true},
	} {
		require.Equal(t, c.want, matches(c.pattern, c.pkg), "%s, %s", c.pattern, c.pkg)
	}
	require.True(t, rules[0].refuses("github.com/stretchr/testify/require"))
	require.True(t, rules[0].refuses(module+"/chunk"))
	require.False(t, rules[0].refuses("time"))
}
