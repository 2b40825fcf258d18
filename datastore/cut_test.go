package datastore_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// breaking is storage whose connection breaks while an object below prefix is read, as net/http reports it.
type breaking struct {
	backend.Backend
	prefix string
}

func (b breaking) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Backend.Get(ctx, name, offset, length)
	if err != nil || !strings.HasPrefix(name, b.prefix) {
		return r, err
	}
	return brokenBody{io.MultiReader(io.LimitReader(r, 10), iotest.ErrReader(io.ErrUnexpectedEOF)), r}, nil
}

type brokenBody struct {
	io.Reader
	io.Closer
}

// A connection that breaks in the middle of an object is an error of the storage, and says nothing about the object.
func TestBrokenConnectionIsNotDamage(t *testing.T) {
	inside := mem.New()
	sn := commit(t, create(t, inside), "www", oldFiles)
	(&world{t: t, inside: inside}).condemn("00ff")
	for prefix, read := range map[string]func(s *datastore.Store) error{
		"packs/": func(s *datastore.Store) error {
			_, err := s.Node(t.Context(), sn.Root)
			return err
		},
		"index/":     listPacks(t),
		"condemned/": listPacks(t),
		"ledger/": func(s *datastore.Store) error {
			_, err := s.State(t.Context())
			return err
		},
		"snapshots/": func(s *datastore.Store) error {
			_, err := s.Find(t.Context(), sn.Address())
			return err
		},
	} {
		t.Run(prefix, func(t *testing.T) {
			requireNoDamage(t, read(open(t, breaking{inside, prefix}, datastore.Options{})))
		})
	}
	t.Run("heirloom.json", func(t *testing.T) {
		_, err := datastore.Open(t.Context(), breaking{inside, "heirloom.json"}, datastore.Options{})
		requireNoDamage(t, err)
	})
}

func listPacks(t *testing.T) func(s *datastore.Store) error {
	return func(s *datastore.Store) error {
		_, err := s.Packs(t.Context())
		return err
	}
}

func requireNoDamage(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotErrorIs(t, err, datastore.ErrDamaged)
	require.NotErrorIs(t, err, backend.ErrShort)
	require.NotErrorAs(t, err, new(*datastore.ChunkError))
	require.NotErrorAs(t, err, new(*datastore.ManifestError))
}

// Chunks that cannot be read for the connection are handed out neither as content nor as damage.
func TestBrokenConnectionEndsAFetch(t *testing.T) {
	inside := mem.New()
	ids := store(t, create(t, inside), "www", noise(50_000, 1))
	got, err := fetch(t, open(t, breaking{inside, "packs/"}, datastore.Options{}), ids)
	requireNoDamage(t, err)
	require.Empty(t, got.errs)
}
