package dirstore

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// withoutLinks opens dir as if its file system had no hard links.
func withoutLinks(t *testing.T, dir string) *Backend {
	t.Helper()
	b, err := Open(dir, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { b.Close() })
	b.disk = linkless{b.disk}
	return b
}

// linkless is a disk whose file system has no hard links.
type linkless struct{ disk }

func (linkless) link(temp, name string) error {
	return &os.LinkError{Op: "link", Old: temp, New: name, Err: syscall.ENOTSUP}
}

func TestConformanceWithoutLinks(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backend.Backend { return withoutLinks(t, t.TempDir()) })
}

func TestPutWithoutLinksLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	b := withoutLinks(t, dir)
	require.NoError(t, b.Put(t.Context(), "a", []byte("x")))
	require.ErrorIs(t, b.Put(t.Context(), "a", []byte("y")), backend.ErrExist)
	left, err := os.ReadDir(filepath.Join(dir, tempFolder))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestClaimOfAnotherProcess(t *testing.T) {
	b := withoutLinks(t, t.TempDir())
	ctx := t.Context()
	require.NoError(t, b.Put(ctx, "other", nil))

	claim := filepath.Join(b.Dir(), tempFolder, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb.claim")
	require.NoError(t, os.WriteFile(claim, nil, 0o600)) // SHA-256 of "a"
	err := b.Put(ctx, "a", nil)
	require.ErrorContains(t, err, "another process")
	require.NotErrorIs(t, err, backend.ErrExist, "it is not known to exist")
	require.NoError(t, b.Put(ctx, "b", nil), "other names do not wait")
	require.FileExists(t, claim, "only its owner removes it")

	require.NoError(t, os.Remove(claim))
	require.NoError(t, b.Put(ctx, "a", nil))
}

// A race that the look before writing did not see is decided by the link itself.
func TestLinkDecides(t *testing.T) {
	b, err := Open(t.TempDir(), Options{})
	require.NoError(t, err)
	defer b.Close()
	b.disk = overtaken{b.disk, func(name string) {
		require.NoError(t, b.root.WriteFile(name, []byte("quicker"), 0o600))
	}}
	require.ErrorIs(t, b.Put(t.Context(), "a", []byte("slower")), backend.ErrExist)
	got, err := backend.ReadAll(t.Context(), b, "a", 100)
	require.NoError(t, err)
	require.Equal(t, "quicker", string(got))
}

// overtaken lets another one be quicker than each link.
type overtaken struct {
	disk
	other func(name string)
}

func (d overtaken) link(temp, name string) error {
	d.other(name)
	return d.disk.link(temp, name)
}
