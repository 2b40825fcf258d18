package main

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is measured is really done.
func TestQueuesDoTheWork(t *testing.T) {
	for _, c := range contenders() {
		t.Run(c.name, func(t *testing.T) {
			q, err := c.open(t.Context(), t.TempDir())
			require.NoError(t, err)
			begun := 0
			for range 3 {
				require.NoError(t, q.Do(t.Context(), func() { begun++ }))
			}
			require.NoError(t, q.Close())
			require.Equal(t, 3, begun)
		})
	}
}

// A page of a history has what the samples say, and not what they do not.
func TestHistories(t *testing.T) {
	const records = 1100
	for _, c := range contenders() {
		if c.fill == nil {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "copy")
			s := settings{scratch: t.TempDir(), records: records}
			require.NoError(t, s.fill(t.Context(), c, dir))
			h, err := c.read(t.Context(), dir)
			require.NoError(t, err)
			for _, q := range questions {
				require.NoError(t, page(t.Context(), h, q.question, min(pageSize, q.among(records))), q.name)
			}
			require.NoError(t, page(t.Context(), h, question{kind: "nothing"}, 0))
			require.Error(t, page(t.Context(), h, question{kind: "nothing"}, 1))
			require.NoError(t, h.Close())
		})
	}
}

func TestTable(t *testing.T) {
	first := result{
		starts: []time.Duration{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond},
		rates:  [][]float64{{10, 30, 20}, {100}, {1000, 2000}},
		pages:  [][]float64{{0.001}},
	}
	second := result{starts: []time.Duration{time.Second}, rates: [][]float64{{5}}}
	var out bytes.Buffer
	require.NoError(t, write(&out, []contender{{name: "one"}, {name: "two"}}, []result{first, second}))
	got := squeezed(out.String())
	for _, line := range []string{
		"one      two",
		"submit to start, median   2.00 ms  1000 ms (500×)",
		"submit to start, p99      3.00 ms  1000 ms (333×)",
		"tasks/s, 1 in flight      20       5 (0.250×)",
		"tasks/s, 256 in flight    1500",
	} {
		require.Contains(t, got, squeezed(line))
	}
}

// squeezed has one space where there are several.
func squeezed(text string) string {
	return string(bytes.Join(bytes.Fields([]byte(text)), []byte(" ")))
}
