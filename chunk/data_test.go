package chunk_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// randomBytes returns the same n bytes for a seed on every machine.
func randomBytes(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

// logLines returns n bytes of text that compresses well but not absurdly so.
func logLines(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("open read write close mount sync error retry disk volume snapshot index pack tree the of and")
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%08d %s %s=%d\n", b.Len(), words[r.IntN(len(words))], words[r.IntN(len(words))], r.IntN(1e6))
	}
	return []byte(b.String()[:n])
}
