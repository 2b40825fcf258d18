package chunk

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"math/bits"
	"sync"

	"github.com/restic/chunker"
)

// rabin cuts where restic's chunker cuts a stream. That library reads streams only, so each Cut resets a pooled chunker
// and lets it copy the data, twice; beside the fingerprint this costs too little to measure (430 MB/s either way).
type rabin struct {
	min, max    int
	averageBits int
	polynomial  chunker.Pol
	pool        sync.Pool // of *rabinChunker
}

type rabinChunker struct {
	chunker.Chunker
	data bytes.Reader
	out  []byte // room for the copy of the chunk that Next makes
}

func newRabin(p Params, secret []byte) (*rabin, error) {
	polynomial, err := derivePolynomial(secret)
	if err != nil {
		return nil, fmt.Errorf("derive Rabin polynomial: %w", err)
	}
	r := &rabin{min: p.Min, max: p.Max, averageBits: bits.Len(uint(p.Average)) - 1, polynomial: polynomial}
	r.pool.New = func() any {
		return &rabinChunker{
			Chunker: *chunker.NewWithBoundaries(nil, r.polynomial, uint(r.min), uint(r.max)),
			out:     make([]byte, 0, r.max),
		}
	}
	return r, nil
}

// derivePolynomial returns the first irreducible polynomial of degree 53 among the candidates that HKDF makes of
// secret. About one in 26 is irreducible and there are
// a thousand: none is found for one secret in 10^16.
func derivePolynomial(secret []byte) (chunker.Pol, error) {
	const candidates = 1000
	key, err := hkdf.Key(sha256.New, secret, nil, "heirloom chunk rabin polynomial v1", 8*candidates)
	if err != nil {
		return 0, err
	}
	return chunker.DerivePolynomial(bytes.NewReader(key))
}

func (r *rabin) MaxSize() int { return r.max }

func (r *rabin) Cut(data []byte) int {
	data = data[:min(len(data), r.max)]
	if len(data) <= r.min {
		return len(data)
	}
	c := r.pool.Get().(*rabinChunker)
	defer r.pool.Put(c)
	c.data.Reset(data)
	c.ResetWithBoundaries(&c.data, r.polynomial, uint(r.min), uint(r.max))
	c.SetAverageBits(r.averageBits) // a reset forgets it
	found, err := c.Next(c.out)
	c.data.Reset(nil) // the pool must not keep the caller's data alive
	if err != nil {
		// Next passes on errors of its reader, which has none, and of a polynomial that DerivePolynomial never returns.
		panic(fmt.Sprintf("chunk: rabin: %v", err))
	}
	return int(found.Length)
}
