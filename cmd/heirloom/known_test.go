package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever can write to a store must not be able to have the next backup stored in the clear.
func TestAnEncryptedStoreStaysEncrypted(t *testing.T) {
	plain := newCLI(t)
	plain.must("init")
	forged, err := os.ReadFile(filepath.Join(plain.dir, "store", "heirloom.json"))
	require.NoError(t, err)

	for name, passphrase := range map[string]string{"in the environment": "secret", "to be asked for": ""} {
		t.Run(name, func(t *testing.T) {
			c := newCLI(t)
			c.env["HEIRLOOM_PASSPHRASE"] = "secret"
			require.Zero(t, c.run("init", "--encrypt").status)
			source := c.file("source/file", "content")
			require.NoError(t, os.WriteFile(filepath.Join(c.dir, "store", "heirloom.json"), forged, 0o600))
			c.env["HEIRLOOM_PASSPHRASE"] = passphrase
			got := c.run("backup", filepath.Dir(source))
			require.Equal(t, int(statusFailed), got.status, got.stderr)
			require.Contains(t, got.stderr, "the store is not encrypted, and it should be")
			require.NoDirExists(t, filepath.Join(c.dir, "store", "packs"))
		})
	}
}

// A passphrase in the environment may be for other stores.
func TestAPlainStoreNeedsNoPassphrase(t *testing.T) {
	c := newCLI(t)
	c.must("init")
	c.env["HEIRLOOM_PASSPHRASE"] = "secret"
	got := c.run("snapshots")
	require.Zero(t, got.status)
	require.Contains(t, got.stderr, "note: the store is not encrypted")
	got = c.run("snapshots", "--passphrase-file", c.file("passphrase", "secret"))
	require.Equal(t, int(statusFailed), got.status)
}

// A place that was made anew is what it is now.
func TestInitForgetsTheStoreThatWasThere(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_PASSPHRASE"] = "secret"
	require.Zero(t, c.run("init", "--encrypt").status)
	require.NoError(t, os.RemoveAll(filepath.Join(c.dir, "store")))
	delete(c.env, "HEIRLOOM_PASSPHRASE")
	c.must("init")
	c.must("snapshots")
}
