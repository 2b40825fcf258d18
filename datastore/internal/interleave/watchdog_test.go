package interleave

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var alarms atomic.Int64
		w := watch(stall, func(s schedule) {
			assert.Equal(t, "a*2", s.String())
			alarms.Add(1)
		})
		for range 10 {
			w.step(schedule{{"a", 2}})
			time.Sleep(stall / 2)
		}
		require.Zero(t, alarms.Load())
		time.Sleep(3 * stall)
		require.EqualValues(t, 1, alarms.Load())
		w.stop()
	})
}

func TestWatchdogThatIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(stall, func(schedule) { t.Error("alarm after the end") })
		w.stop()
		time.Sleep(2 * stall)
	})
}
