package chunk

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// hasher is all the hashing there is behind a Namer: a faster way to hash many chunks at once (several lanes of SIMD)
// goes behind sumAll. len(ids) equals len(chunks).
type hasher interface {
	sum(data []byte) ID
	sumAll(ids []ID, chunks [][]byte)
}

// plainHash is SHA-256.
type plainHash struct{}

func (plainHash) sum(data []byte) ID { return sha256.Sum256(data) }

func (plainHash) sumAll(ids []ID, chunks [][]byte) {
	for i, c := range chunks {
		ids[i] = sha256.Sum256(c)
	}
}

// keyedHash is HMAC-SHA-256 under one key. A MAC remembers the hash state after its padded key, so keeping MACs in a
// pool saves that work, two blocks, for every chunk as well as the allocations.
type keyedHash struct {
	macs sync.Pool // of *mac
}

// mac is an HMAC with a place for its result: one on the stack would escape through the hash.Hash interface.
type mac struct {
	hash.Hash
	id ID
}

func newKeyedHash(key []byte) *keyedHash {
	return &keyedHash{macs: sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, key)} }}}
}

func (h *keyedHash) sum(data []byte) ID {
	m := h.macs.Get().(*mac)
	defer h.macs.Put(m)
	return m.sum(data)
}

func (h *keyedHash) sumAll(ids []ID, chunks [][]byte) {
	m := h.macs.Get().(*mac)
	defer h.macs.Put(m)
	for i, c := range chunks {
		ids[i] = m.sum(c)
	}
}

func (m *mac) sum(data []byte) ID {
	m.Reset()
	m.Write(data)
	m.Sum(m.id[:0])
	return m.id
}
