package chunk

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk/internal/lanes"
)

// hasher is all the hashing there is behind a Namer. len(ids) equals len(chunks).
type hasher interface {
	sum(data []byte) ID
	sumAll(ids []ID, chunks [][]byte)
}

// newHasher returns HMAC-SHA-256 under key, or SHA-256 if key is nil. It hashes many chunks at once by engine; nil does
// without lanes.
func newHasher(key []byte, engine *lanes.Engine) hasher {
	if key == nil {
		plain := plainHash{}
		if engine == nil {
			return plain
		}
		return lanedHash{plain, lanes.New[ID](engine)}
	}
	keyed := newKeyedHash(bytes.Clone(key))
	if engine == nil {
		return keyed
	}
	return lanedHash{keyed, lanes.NewHMAC[ID](engine, key)}
}

// lanedHash hashes many chunks at once, each in a lane of the CPU's vector registers, and one alone as its hasher does.
type lanedHash struct {
	hasher
	lanes *lanes.Hasher[ID]
}

func (h lanedHash) sumAll(ids []ID, chunks [][]byte) {
	if len(chunks) == 1 {
		ids[0] = h.sum(chunks[0])
		return
	}
	h.lanes.SumAll(ids, chunks)
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
