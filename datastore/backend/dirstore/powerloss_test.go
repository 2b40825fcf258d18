package dirstore

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// machine is a computer whose power may fail. One or two processes work on one store folder, and after every change on
// its disk each state that a power loss could leave is judged by what the processes had been promised.
type machine struct {
	t        *testing.T
	store    string // the store folder
	cache    *cache
	variant  func(disk) disk
	process  *process
	recorder *backendtest.Recorder
	verdicts verdicts

	marks   int
	changes int
	at      int    // the change after which other steps in
	other   func() // may be nil
	states  int    // judged
	fault   string // the first state that should not be
}

// process is the backend in use: that of one process, and for a moment that of another.
type process struct{ backend.Backend }

// verdicts remembers what a store holds that is opened on a tree, by the tree's signature. Machines share it.
type verdicts map[string]string

func newMachine(t *testing.T, variant func(disk) disk, known verdicts) *machine {
	base := t.TempDir()
	m := &machine{
		t: t, store: filepath.Join(base, "backups", "store"), variant: variant, process: &process{mem.New()},
		verdicts: known,
	}
	m.cache = newCache(base, m.changed)
	var err error
	m.recorder, err = backendtest.Record(t.Context(), m.process)
	require.NoError(t, err)
	return m
}

// start starts a process: it opens the store and is the one in use until it is stopped.
func (m *machine) start() (stop func()) {
	before := m.process.Backend
	b, err := open(m.store, Options{Create: true}, func(root *os.Root) disk { return m.variant(m.cache.disk(root)) })
	require.NoError(m.t, err)
	m.process.Backend = b
	return func() {
		m.process.Backend = before
		require.NoError(m.t, b.Close())
	}
}

// changed is called after each change on the disk.
func (m *machine) changed() {
	m.judgeAll()
	if m.changes++; m.changes == m.at && m.other != nil {
		m.other()
	}
}

// judgeAll compares every state of the disk with those that the promises made so far allow.
func (m *machine) judgeAll() {
	if m.fault != "" {
		return
	}
	allowed := m.allowed()
	doubts := m.cache.doubts()
	for ways := range assignments(doubts, uint64(m.changes)) {
		for i, way := range ways {
			doubts[i].pick(way)
		}
		m.states++
		if held := m.verdict(m.cache.left()); !allowed[held] {
			m.fault = fmt.Sprintf("after change %d: the disk holds\n  %s\nallowed is one of\n  %s", m.changes, held,
				strings.Join(slices.Sorted(maps.Keys(allowed)), "\n  "))
			return
		}
	}
}

// allowed returns the contents that the storage may have at this moment by the contract of backend.Backend.
func (m *machine) allowed() map[string]bool {
	m.recorder.Mark("now") // has the states of this moment made, and tells them from earlier ones
	m.marks++
	allowed := map[string]bool{}
	for point, state := range m.recorder.States() {
		if len(point.Marks) == m.marks {
			allowed[contents(m.t, state)] = true
		}
	}
	return allowed
}

// verdict puts a tree on a real disk, opens the store in it, and returns what it holds.
func (m *machine) verdict(t tree) string {
	signature := t.signature()
	if verdict, ok := m.verdicts[signature]; ok {
		return verdict
	}
	base := m.t.TempDir()
	for _, path := range slices.Sorted(maps.Keys(t)) {
		real := filepath.Join(base, filepath.FromSlash(path))
		if strings.HasSuffix(path, "/") {
			require.NoError(m.t, os.Mkdir(real, 0o700))
			continue
		}
		require.NoError(m.t, os.WriteFile(real, []byte(t[path]), 0o600))
	}
	m.verdicts[signature] = reopened(m.t, filepath.Join(base, "backups", "store"))
	return m.verdicts[signature]
}

// reopened returns what the store in dir holds; without a store that is nothing.
func reopened(t *testing.T, dir string) string {
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	b, err := Open(dir, Options{})
	if err != nil {
		return err.Error()
	}
	defer b.Close()
	return contents(t, b)
}

// contents returns all objects in one line.
func contents(t *testing.T, b backend.Backend) string {
	var objects []string
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		data, err := backend.ReadAll(context.Background(), b, info.Name, 1<<20)
		require.NoError(t, err)
		objects = append(objects, fmt.Sprintf("%s=%q", info.Name, data))
	}
	slices.Sort(objects)
	return strings.Join(objects, " ")
}
