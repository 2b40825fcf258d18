package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones on every machine

	"github.com/stretchr/testify/require"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func Example_plan() {
	err := plan(os.Stdout, "02:00", "keep-daily=7, keep-weekly=4, keep-monthly=3", "Europe/Berlin", newYear, 181)
	fmt.Println(err)
	// Output:
	// 181 backups are made, 14 are left, at most 14 exist at once
	// they reach back 128 days, to 2026-02-22 (keep-monthly #3)
	//
	//          1   5    10   15   20   25   30
	// 2026-01  ...............................
	// 2026-02  .....................m......
	// 2026-03  ............................m..
	// 2026-04  .........................m....
	// 2026-05  ..............................w
	// 2026-06  ......w......w......w..ddddddd
	// d keep-daily, w keep-weekly, m keep-monthly, . removed
	// <nil>
}

func TestPlanOfATimeWithoutBackups(t *testing.T) {
	var out strings.Builder
	require.NoError(t, plan(&out, "*-12-24 18:00", "keep-last=1", "UTC", newYear, 30))
	require.Equal(t, "no backup falls into that time\n", out.String())
}

func TestPlanSaysWhatItCannotUse(t *testing.T) {
	for name, tc := range map[string]struct{ calendar, keep, zone, want string }{
		"schedule": {"25:00", "keep-daily=7", "UTC", "parse schedule"},
		"policy":   {"02:00", "keep-dayly=7", "UTC", "parse retention policy"},
		"zone":     {"02:00", "keep-daily=7", "Nowhere/Land", "unknown time zone Nowhere/Land"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, plan(io.Discard, tc.calendar, tc.keep, tc.zone, newYear, 30), tc.want)
		})
	}
}
