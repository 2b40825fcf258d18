package lanes

import (
	"crypto/sha256"
	"sync"
)

// Size is the length of a SHA-256 in bytes.
const Size = sha256.Size

// Hasher hashes many messages at once, always in the same way. It is safe for concurrent use and, once warm, allocates
// nothing. The zero value is not usable.
type Hasher[Digest ~[Size]byte] struct {
	inner prefix
	outer *prefix   // nil if there is no key
	runs  sync.Pool // of *run
}

// New returns a Hasher that computes SHA-256.
func New[Digest ~[Size]byte](e *Engine) *Hasher[Digest] {
	h := &Hasher[Digest]{inner: prefix{state: initial()}}
	h.runs.New = func() any { return newRun(e) }
	return h
}

// NewHMAC returns a Hasher that computes HMAC-SHA-256 under key. It does not keep key.
func NewHMAC[Digest ~[Size]byte](e *Engine, key []byte) *Hasher[Digest] {
	h := New[Digest](e)
	if len(key) > blockSize {
		hashed := sha256.Sum256(key)
		key = hashed[:]
	}
	var inner, outer [blockSize]byte
	copy(inner[:], key)
	copy(outer[:], key)
	for i := range blockSize {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	o := h.inner.then(&outer)
	h.inner, h.outer = h.inner.then(&inner), &o
	return h
}

// SumAll sets digests[i] to the digest of messages[i], for all of them; there are as many of the one as of the other.
// What would leave most lanes idle, few messages or the end of one that is much longer than the others, is hashed by
// crypto/sha256.
func (h *Hasher[Digest]) SumAll(digests []Digest, messages [][]byte) {
	r := h.runs.Get().(*run)
	h.sumAll(r, digests, messages)
	h.runs.Put(r) // not deferred: one that did not come to its end is not used again
}

func (h *Hasher[Digest]) sumAll(r *run, digests []Digest, messages [][]byte) {
	r.load(messages)
	r.hash(h.inner, r.jobs)
	if h.outer != nil {
		r.hashDigests(*h.outer, r.jobs)
	}
	for i := range r.jobs {
		digests[r.jobs[i].index] = r.jobs[i].digest
	}
	r.forget()
}
