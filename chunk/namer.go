package chunk

import (
	"bytes"
	"fmt"
)

// Namer gives chunks their IDs. It is safe for concurrent use and, once warm, allocates nothing.
type Namer struct {
	hash hasher
}

// NewNamer returns a Namer. With a nil key an ID is the SHA-256 of the data, which anyone can check and anyone who
// guesses the data can recognise. With a key (32 random bytes are right; it is copied) it is HMAC-SHA-256(key, data),
// which only those with the key can compute. An empty key that is not nil panics: it is a key someone failed to load.
func NewNamer(key []byte) *Namer {
	if key == nil {
		return &Namer{hash: plainHash{}}
	}
	if len(key) == 0 {
		panic("chunk: NewNamer: the key is empty; pass nil for unkeyed IDs")
	}
	return &Namer{hash: newKeyedHash(bytes.Clone(key))}
}

// Name returns the ID of data, which may be empty.
func (n *Namer) Name(data []byte) ID { return n.hash.sum(data) }

// NameAll sets ids[i] to the ID of chunks[i], for all of them. Handing over many chunks at once gives the same IDs as
// Name does and is never slower. It panics if the lengths differ.
func (n *Namer) NameAll(ids []ID, chunks [][]byte) {
	if len(ids) != len(chunks) {
		panic(fmt.Sprintf("chunk: NameAll: %d ids for %d chunks", len(ids), len(chunks)))
	}
	n.hash.sumAll(ids, chunks)
}
