package task

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain: nothing that a runner, an observer or a queue has started outlives its test.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
