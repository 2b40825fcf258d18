package lanes

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

type sum = [Size]byte

// randomBytes returns the same n bytes for a seed on every machine.
func randomBytes(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

// withFew returns an engine that leaves another number of lanes to crypto/sha256.
func (e *Engine) withFew(few int) *Engine {
	changed := *e
	changed.few = few
	return &changed
}

// hmacWith returns a function that computes the HMAC-SHA-256 of a message under key.
func hmacWith(key []byte) func(message []byte) sum {
	return func(message []byte) sum {
		m := hmac.New(sha256.New, key)
		m.Write(message)
		return sum(m.Sum(nil))
	}
}

// checkSums fails unless all engines agree with crypto/sha256, without its help, with some of it, and with much.
func checkSums(t require.TestingT, messages [][]byte) {
	for _, e := range Engines() {
		for _, few := range []int{0, 1, e.width / 2} {
			checkHasher(t, e, New[sum](e.withFew(few)), sha256.Sum256, messages)
		}
	}
}

// checkHMACs does the same for crypto/hmac.
func checkHMACs(t require.TestingT, key []byte, messages [][]byte) {
	for _, e := range Engines() {
		for _, few := range []int{0, 1, e.width / 2} {
			checkHasher(t, e, NewHMAC[sum](e.withFew(few), key), hmacWith(key), messages)
		}
	}
}

func checkHasher(t require.TestingT, e *Engine, h *Hasher[sum], want func([]byte) sum, messages [][]byte) {
	sums := make([]sum, len(messages))
	h.SumAll(sums, messages)
	for i, m := range messages {
		if want(m) != sums[i] { // cheaper than require, for hundreds of thousands of them
			require.Fail(t, fmt.Sprintf("%s: message %d of %d, of %d bytes", e, i, len(messages), len(m)))
		}
	}
}

func forEachEngine(b *testing.B, run func(b *testing.B, e *Engine)) {
	for _, e := range Engines() {
		b.Run(e.String(), func(b *testing.B) { run(b, e) })
	}
}
