//go:build linux

package endtoend

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/heirloom-backup/heirloom/internal/needs"
)

// full says whether to run everything, rather than a sample.
func full() bool { return os.Getenv("HEIRLOOM_TEST_FULL") == "1" }

// sampled returns how often to do something that is a matter of luck.
func sampled(usually, inFull int) int {
	if full() {
		return inFull
	}
	return usually
}

// luckless is how many times the usual tries it may take, where luck is bad, until what is looked for was seen.
const luckless = 10

func needRoot(t *testing.T) {
	t.Helper()
	needs.That(t, os.Geteuid() == 0, "root")
}

// luck returns random numbers that differ from run to run, and notes what brings the same ones back.
func luck(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("random numbers of seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
