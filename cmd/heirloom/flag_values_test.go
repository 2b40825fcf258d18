package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDays(t *testing.T) {
	const day = 24 * time.Hour
	tests := map[string]struct {
		text string
		want time.Duration
		err  string
	}{
		"bare number":  {text: "30", want: 30 * day},
		"days":         {text: "7d", want: 7 * day},
		"weeks":        {text: "2w", want: 14 * day},
		"hours":        {text: "36h", want: 36 * time.Hour},
		"mixed":        {text: "1h30m", want: 90 * time.Minute},
		"nothing":      {text: "0", want: 0},
		"empty":        {text: "", err: "no span"},
		"words":        {text: "a week", err: "no span"},
		"two units":    {text: "2dw", err: "no span"},
		"negative":     {text: "-3h", err: "not between"},
		"beyond sense": {text: "99999w", err: "not between"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var d days
			err := d.Set(test.text)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, time.Duration(d))
		})
	}
}

func FuzzDays(f *testing.F) {
	for _, seed := range []string{"30", "7d", "2w", "36h", "-1h", "9223372036s", "1e9h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d days
		if d.Set(text) == nil {
			require.GreaterOrEqual(t, time.Duration(d), time.Duration(0))
			require.LessOrEqual(t, time.Duration(d), maxSpan)
		}
	})
}
