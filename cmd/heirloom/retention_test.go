package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSimulate(t *testing.T) {
	c := newCLI(t)
	c.stdin = `["2026-11-20T02:00:00Z", {"time": "2026-11-22T03:00:00+01:00"}, "2026-11-21T02:00:00Z",
		{"time": "2026-11-18T02:00:00Z", "protected": true}, {"time": "2026-11-19T02:00:00Z", "partial": true}]`
	want := `[
  {
    "time": "2026-11-22T02:00:00Z",
    "keep": true,
    "reasons": [
      "keep-daily"
    ]
  },
  {
    "time": "2026-11-21T02:00:00Z",
    "keep": true,
    "reasons": [
      "keep-daily"
    ]
  },
  {
    "time": "2026-11-20T02:00:00Z",
    "keep": false,
    "reasons": []
  },
  {
    "time": "2026-11-19T02:00:00Z",
    "keep": false,
    "reasons": []
  },
  {
    "time": "2026-11-18T02:00:00Z",
    "keep": true,
    "reasons": [
      "protected"
    ]
  }
]
`
	require.Equal(t, want, c.must("retention", "simulate", "--keep", "keep-daily=2", "--json"))
	require.Contains(t, c.must("retention", "simulate", "--keep", "keep-daily=2"), "3 kept, 2 removed")
}

func TestSimulateIndependent(t *testing.T) {
	c := newCLI(t)
	c.stdin = `["2026-11-26T02:00:00Z", "2026-11-25T02:00:00Z"]`
	var plan []struct{ Reasons []string }
	c.decode(statusOK, &plan, "retention", "simulate", "--keep", "keep-daily=1, keep-weekly=1", "--independent")
	require.Equal(t, []string{"keep-daily", "keep-weekly"}, plan[0].Reasons)
}

func TestSimulateWhatSnapshotsLists(t *testing.T) {
	c := withBackup(t)
	c.stdin = c.must("snapshots", "--json")
	require.Contains(t, c.must("retention", "simulate", "--keep", "keep-last=1"), "1 kept, 0 removed")
}

func TestSimulateBadInput(t *testing.T) {
	tests := map[string]struct{ stdin, want string }{
		"nothing":       {"", "unexpected end of JSON input"},
		"an object":     {`{}`, "cannot unmarshal object"},
		"a number":      {`[1]`, "1 is neither a time"},
		"no time":       {`[{"protected": true}]`, `{"protected": true} is neither a time`},
		"null":          {`[null]`, "null is neither a time"},
		"not a time":    {`["yesterday"]`, `is neither a time`},
		"two documents": {`[] []`, "invalid character '[' after"},
	}
	c := newCLI(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c.stdin = test.stdin
			got := c.run("retention", "simulate", "--keep", "keep-last=1")
			require.Equal(t, int(statusFailed), got.status)
			require.Empty(t, got.stdout)
			require.Contains(t, got.stderr, "heirloom retention simulate: read snapshots from stdin: ")
			require.Contains(t, got.stderr, test.want)
		})
	}
}

func FuzzReadSnapshots(f *testing.F) {
	f.Add(`["2026-11-20T02:00:00Z", {"time": "2026-11-22T03:00:00+01:00", "partial": true}]`)
	f.Add(`[null]`)
	f.Add(`[{"time": null}]`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readSnapshots(strings.NewReader(text))
		if err != nil {
			require.Nil(t, list)
		}
	})
}

func TestForecast(t *testing.T) {
	c := newCLI(t)
	var forecast struct {
		Peak      int
		Exists    []string
		Snapshots []struct{ Time, Gone, Reason string }
	}
	c.decode(statusOK, &forecast, "retention", "forecast", "--keep", "keep-daily=2", "--schedule", "12:00", "--days", "4")
	require.Equal(t, 2, forecast.Peak)
	require.Equal(t, []string{"2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z"}, forecast.Exists)
	require.Len(t, forecast.Snapshots, 4)
	require.Equal(t, "2026-11-24T12:00:00Z", forecast.Snapshots[0].Gone)
	require.Contains(t, c.must("retention", "forecast", "--keep", "keep-daily=2", "--schedule", "0 12 * * *", "--cron", "--days", "4"), "2 of 4 at the end")
}
