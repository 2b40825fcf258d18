package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

func TestProgressBar(t *testing.T) {
	tests := map[string]struct {
		p     program
		total int64
		want  []string // nothing is drawn if there is none
	}{
		"known total":     {program{environment: environment{Live: true}}, 4096, []string{"7 files", "50%", "/4.0 KiB"}},
		"unknown total":   {program{environment: environment{Live: true}}, -1, []string{"7 files", "2.0 KiB"}},
		"beyond total":    {program{environment: environment{Live: true}}, 1024, []string{"7 files"}},
		"no terminal":     {program{}, 4096, nil},
		"quiet":           {program{environment: environment{Live: true}, quiet: true}, 4096, nil},
		"JSON":            {program{environment: environment{Live: true}, json: true}, 4096, nil},
		"among log lines": {program{environment: environment{Live: true}, verbose: true}, 4096, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var stderr bytes.Buffer
				test.p.Stderr = &stderr
				stop := test.p.watch("read", test.total, func() (progress.Count, string) { return progress.Count{Bytes: 2048}, "7 files" })
				time.Sleep(time.Second) // of the test's own clock
				stop()
				for _, want := range test.want {
					require.Contains(t, stderr.String(), want)
				}
				require.Equal(t, test.want == nil, stderr.Len() == 0)
			})
		})
	}
}
