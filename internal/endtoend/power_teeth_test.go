//go:build linux

package endtoend

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// TestPowerLossIsSeen breaks the order of writes on purpose: if the judge of states said nothing to these, its silence
// about the others would mean nothing. What is put off without harm is here as well.
func TestPowerLossIsSeen(t *testing.T) {
	for _, test := range []struct {
		name     string
		says     string // part of what is found; "": nothing is
		late     func(string) bool
		until    func(backend.Kind, string) bool
		scenario // without a name
	}{
		{"packs after the promise", "MISSING", under("packs/"), onPut(".ok"), incremental},
		{"packs after the manifest", "", under("packs/"), onPut(".json"), incremental}, // unfinished: nothing is promised
		{"packs never", "MISSING", under("packs/"), nil, incremental},
		{"one pack never", "MISSING", first("packs/"), nil, incremental},
		{"manifest after the promise", "the manifest it was put for is gone", ending(".json"), onPut(".ok"), incremental},
		{"manifest never", "its manifest is gone", ending(".json"), nil, incremental},
		{"promise never", "its promise is gone", ending(".ok"), nil, incremental},
		{"segments never", "", under("index/"), nil, incremental},
		{"sessions never", "", under("sessions/"), nil, incremental},

		{"copies after the packs", "MISSING", under("packs/"), onDelete("condemned/"), collecting},
		{"condemned records never", "", under("condemned/"), nil, collecting}, // nobody else is at work
		{"removals after the manifests", "its manifest is gone", under("ledger/"), onDelete(".ok"), forgetting},
		{"removals never", "its manifest is gone", under("ledger/"), nil, forgetting},
		{"copies of manifests never", "cannot be brought back", under("pruned/"), nil, forgetting},
		{"holds never", "is not held", under("ledger/"), nil, scenario{before: twoSaves, recorded: []program{hold(0)}}},
		{"releases never", "is held", under("ledger/"), nil,
			scenario{before: append(twoSaves, hold(0)), recorded: []program{release(0)}}},
		{"healing never", "CORRUPT", under("packs/"), nil, scenario{before: []program{save, spoil(false)}, recorded: healing}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRecording(t)
			r.run(test.before...)
			r.start(func(b backend.Backend) backend.Backend {
				return &lazy{Backend: b, shown: r.storage.Clone(), late: test.late, until: test.until}
			})
			r.run(test.recorded...)
			_, err := r.violations(sampled(40, allStates))
			if test.says == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.says)
			}
		})
	}
}

var (
	incremental = scenario{before: []program{save, alter}, recorded: []program{save}}
	collecting  = scenario{before: append(fourSaves, forget(0, 1)), recorded: []program{collect}}
	forgetting  = scenario{before: twoSaves, recorded: []program{forget(0)}}
)

func under(prefix string) func(string) bool {
	return func(name string) bool { return strings.HasPrefix(name, prefix) }
}

func ending(suffix string) func(string) bool {
	return func(name string) bool {
		return strings.HasPrefix(name, "snapshots/") && strings.HasSuffix(name, suffix)
	}
}

// first is the first of some names.
func first(prefix string) func(string) bool {
	seen := false
	return func(name string) bool {
		is := !seen && strings.HasPrefix(name, prefix)
		seen = seen || is
		return is
	}
}

// onPut is a put under a name that contains a text.
func onPut(text string) func(backend.Kind, string) bool { return on(backend.KindPut, text) }

func onDelete(text string) func(backend.Kind, string) bool { return on(backend.KindDelete, text) }

func on(kind backend.Kind, text string) func(backend.Kind, string) bool {
	return func(k backend.Kind, name string) bool { return k == kind && strings.Contains(name, text) }
}

// TestLeftoversAreSeen loses deletions: what is left behind is found.
func TestLeftoversAreSeen(t *testing.T) {
	for prefix, says := range map[string]string{
		"nothing":    "",
		"sessions/":  "left behind",
		"condemned/": "left behind",
		"waits/":     "left behind",
		"beats/":     "left behind",
		"packs/":     "could be collected",
	} {
		t.Run(prefix, func(t *testing.T) {
			r := newRecording(t)
			r.run(append(fourSaves, alter, abandon, forget(0, 1))...)
			require.NoError(t, r.storage.Put(t.Context(), "beats/0123/1", []byte("{}\n\n")))
			faulty := backendtest.New(r.storage)
			faulty.Lose(backendtest.Delete, prefix, backendtest.Every)
			s := &survivor{recording: r, promises: promised(r.marks), storage: r.storage}
			err := s.settles(t.Context(), faulty)
			if says == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, says)
			}
		})
	}
}
