package remedy_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestRetryValidate(t *testing.T) {
	for name, tc := range map[string]struct {
		retry remedy.Retry
		want  string
	}{
		"zero value":        {remedy.Retry{}, ""},
		"all set":           {remedy.Retry{Attempts: 3, First: time.Second, Most: time.Minute}, ""},
		"all equal":         {remedy.Retry{First: time.Minute, Most: time.Minute}, ""},
		"long first only":   {remedy.Retry{First: time.Hour}, ""},
		"short most only":   {remedy.Retry{Most: time.Millisecond}, ""},
		"longest":           {remedy.Retry{First: remedy.MaxPause, Most: remedy.MaxPause}, ""},
		"negative attempts": {remedy.Retry{Attempts: -1}, "retry: -1 attempts are less than none"},
		"negative first":    {remedy.Retry{First: -1}, "retry: the first pause, -1ns"},
		"negative most":     {remedy.Retry{Most: -1}, "retry: the longest pause, -1ns"},
		"most too long":     {remedy.Retry{Most: remedy.MaxPause + 1}, "retry: the longest pause, 720h0m0.000000001s"},
		"first too long":    {remedy.Retry{First: math.MaxInt64}, "retry: the first pause, 2562047h47m16.854775807s"},
		"first above most":  {remedy.Retry{First: 2, Most: 1}, "retry: the first pause, 2ns, is longer than the longest, 1ns"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.retry.Validate()
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestDelay(t *testing.T) {
	for name, tc := range map[string]struct {
		retry   remedy.Retry
		attempt int
		jitter  float64
		want    time.Duration
	}{
		"first":                {remedy.Retry{First: time.Second}, 1, 0, time.Second},
		"doubled":              {remedy.Retry{First: time.Second}, 4, 0, 8 * time.Second},
		"capped":               {remedy.Retry{First: time.Second, Most: 5 * time.Second}, 4, 0, 5 * time.Second},
		"default first":        {remedy.Retry{}, 1, 0, time.Second},
		"default most":         {remedy.Retry{}, 100, 0, 5 * time.Minute},
		"most below a second":  {remedy.Retry{Most: time.Millisecond}, 1, 0, time.Millisecond},
		"first above 5 min":    {remedy.Retry{First: time.Hour}, 9, 0, time.Hour},
		"half of the jitter":   {remedy.Retry{First: 4 * time.Second}, 1, 0.5, 3 * time.Second},
		"all of the jitter":    {remedy.Retry{First: 4 * time.Second}, 1, 1, 2 * time.Second},
		"jitter out of bounds": {remedy.Retry{First: 4 * time.Second}, 1, 7, 2 * time.Second},
		"negative jitter":      {remedy.Retry{First: 4 * time.Second}, 1, -7, 4 * time.Second},
		"jitter not a number":  {remedy.Retry{First: 4 * time.Second}, 1, math.NaN(), 4 * time.Second},
		"attempt 0":            {remedy.Retry{First: time.Second}, 0, 0, time.Second},
		"a billion attempts":   {remedy.Retry{First: 1, Most: remedy.MaxPause}, 1e9, 0, remedy.MaxPause},
		"beyond all bounds":    {remedy.Retry{First: math.MaxInt64, Most: math.MaxInt64}, 3, 0, remedy.MaxPause},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, tc.retry.Delay(tc.attempt, tc.jitter))
		})
	}
}

func TestDelayAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pause := rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(remedy.MaxPause)).Draw(t, "pause"))
		})
		retry := remedy.Retry{First: pause.Draw(t, "first"), Most: pause.Draw(t, "most")}
		if retry.Most > 0 {
			retry.First = min(retry.First, retry.Most)
		}
		require.NoError(t, retry.Validate())
		jitter := rapid.Float64Range(0, math.Nextafter(1, 0)).Draw(t, "jitter")

		last := time.Duration(0)
		for attempt := 1; attempt <= 70; attempt++ {
			delay, whole := retry.Delay(attempt, jitter), retry.Delay(attempt, 0)
			require.GreaterOrEqual(t, delay, last, "attempt %d", attempt)
			require.GreaterOrEqual(t, delay, whole/2)
			require.LessOrEqual(t, delay, whole)
			if retry.Most > 0 {
				require.LessOrEqual(t, whole, retry.Most)
			}
			last = delay
		}
	})
}

func TestAgain(t *testing.T) {
	retry := remedy.Retry{Attempts: 3}
	passing := remedy.Failure{Class: remedy.Transient}
	require.True(t, retry.Again(1, passing))
	require.True(t, retry.Again(2, passing))
	require.False(t, retry.Again(3, passing), "no attempt is left")
	require.False(t, remedy.Retry{}.Again(1, passing), "the zero value")
	for _, class := range []remedy.Class{remedy.User, remedy.Damage, remedy.Bug, ""} {
		require.False(t, retry.Again(1, remedy.Failure{Class: class}), "class %q", class)
	}
}

// Records keep it, so its form must not change by accident.
func TestRetryAsJSON(t *testing.T) {
	data, err := json.Marshal(remedy.Retry{Attempts: 3, First: time.Second, Most: time.Minute})
	require.NoError(t, err)
	require.JSONEq(t, `{"attempts": 3, "first": 1000000000, "most": 60000000000}`, string(data))
}
