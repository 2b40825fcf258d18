package needs_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/needs"
)

// noted is a test that takes note of what is done to it, and goes on.
type noted struct{ said string }

func (n *noted) Helper()                        {}
func (n *noted) Skipf(format string, a ...any)  { n.said = "skip: " + fmt.Sprintf(format, a...) }
func (n *noted) Fatalf(format string, a ...any) { n.said = "fatal: " + fmt.Sprintf(format, a...) }

func TestThat(t *testing.T) {
	for _, test := range []struct {
		have         bool
		noSkip, want string
	}{
		{true, "", ""},
		{true, "1", ""},
		{false, "", "skip: needs a moon"},
		{false, "0", "skip: needs a moon"},
		{false, "1", "fatal: needs a moon, and HEIRLOOM_TEST_NO_SKIP forbids to skip"},
	} {
		t.Setenv("HEIRLOOM_TEST_NO_SKIP", test.noSkip)
		n := &noted{}
		needs.That(n, test.have, "a moon")
		require.Equal(t, test.want, n.said)
	}
}
