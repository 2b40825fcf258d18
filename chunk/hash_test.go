package chunk

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk/internal/lanes"
)

// Whatever a CPU has to hash with, and without any of it, the IDs are the same.
func TestEveryEngineNamesAlike(t *testing.T) {
	engines := map[string]*lanes.Engine{"crypto/sha256": nil}
	for _, e := range lanes.Engines() {
		engines[e.String()] = e
	}
	for name, e := range engines {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			key := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "key")
			chunks := rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, 60).Draw(t, "chunks")
			lent := bytes.Clone(key)
			plain, keyed := newHasher(nil, e), newHasher(lent, e)
			clear(lent)
			plainIDs, keyedIDs := make([]ID, len(chunks)), make([]ID, len(chunks))
			plain.sumAll(plainIDs, chunks)
			keyed.sumAll(keyedIDs, chunks)
			for i, c := range chunks {
				mac := hmac.New(sha256.New, key)
				mac.Write(c)
				require.Equal(t, ID(mac.Sum(nil)), keyedIDs[i])
				require.Equal(t, keyedIDs[i], keyed.sum(c))
				require.Equal(t, ID(sha256.Sum256(c)), plainIDs[i])
				require.Equal(t, plainIDs[i], plain.sum(c))
			}
		}))
	}
}
