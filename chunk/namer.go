package chunk

import (
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk/internal/lanes"
)

// Namer gives chunks their IDs. It is safe for concurrent use and, once warm, allocates nothing.
type Namer struct {
	hash hasher
}

// NewNamer returns a Namer. With a nil key an ID is the SHA-256 of the data, which anyone can check and anyone who
// guesses the data can recognise. With a key (32 random bytes are right; it is copied) it is HMAC-SHA-256(key, data),
// which only those with the key can compute. An empty key that is not nil panics: it is a key someone failed to load.
func NewNamer(key []byte) *Namer {
	if key != nil && len(key) == 0 {
		panic("chunk: NewNamer: the key is empty; pass nil for unkeyed IDs")
	}
	return &Namer{hash: newHasher(key, lanes.Fastest())}
}

// Name returns the ID of data, which may be empty.
func (n *Namer) Name(data []byte) ID { return n.hash.sum(data) }

// NameAll sets ids[i] to the ID of chunks[i], for all of them. The IDs are the same as Name's. Most CPUs hash many
// chunks at once in a fraction of the time, and the more the better: from 64 on, whatever their lengths, there is little
// left to gain. It panics if ids and chunks differ in number.
func (n *Namer) NameAll(ids []ID, chunks [][]byte) {
	if len(ids) != len(chunks) {
		panic(fmt.Sprintf("chunk: NameAll: %d ids for %d chunks", len(ids), len(chunks)))
	}
	n.hash.sumAll(ids, chunks)
}
