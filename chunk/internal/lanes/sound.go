package lanes

import "crypto/sha256"

// sound hashes a few messages and compares with crypto/sha256, which takes 20 µs. A wrong name is the one mistake that
// deduplication does not forgive: other data could be taken for what is stored already. So a CPU, or what pretends to be
// one, that gets its vector instructions wrong has no engine.
func (e *Engine) sound() bool {
	data := make([]byte, 8*blockSize)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	messages := make([][]byte, 2*e.width+1)
	for i := range messages {
		messages[i] = data[i : len(data)-9*i]
	}
	digests := make([][Size]byte, len(messages))
	New[[Size]byte](e).SumAll(digests, messages)
	for i, m := range messages {
		if digests[i] != sha256.Sum256(m) {
			return false
		}
	}
	return true
}
