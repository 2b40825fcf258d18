//go:build linux

package endtoend

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// abandonSession leaves the session of a process that crashed.
func (p *patient) abandonSession() {
	faulty := backendtest.New(p.backend)
	store, err := datastore.Open(p.t.Context(), faulty, p.options())
	require.NoError(p.t, err)
	session, err := store.Begin(p.t.Context(), datastore.SessionOptions{})
	require.NoError(p.t, err)
	faulty.Crash()
	require.ErrorIs(p.t, session.Close(), backendtest.ErrCrashed)
	require.NoError(p.t, store.Close())
}

// condemn leaves the record of a collector that is about to delete a pack, here one that is gone already. In an encrypted
// store it would have to be signed.
func (p *patient) condemn() {
	if p.encrypted {
		return
	}
	payload := fmt.Sprintf(`{"format":1,"packs":["%032x-%032x"]}`, 1, 2)
	name := fmt.Sprintf("condemned/%032x", 3)
	require.NoError(p.t, p.backend.Put(p.t.Context(), name, seal(payload)))
}

// seal makes a document of a store without encryption, as docs/format.md has it.
func seal(payload string) []byte {
	sum := sha256.Sum256([]byte(payload))
	return fmt.Appendf(nil, "%s\n{\"sha256\":%q}\n", payload, hex.EncodeToString(sum[:]))
}
