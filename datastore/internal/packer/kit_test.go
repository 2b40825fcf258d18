package packer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// storage records what is put. fail, if set, is asked before.
type storage struct {
	mu    sync.Mutex
	fail  func(name string) error
	names []string // also of puts that failed
	packs map[string][]byte
	done  []Pack
	next  int
}

func (s *storage) newName() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return fmt.Sprintf("pack %d", s.next)
}

func (s *storage) put(_ context.Context, name string, data []byte) error {
	s.mu.Lock()
	s.names = append(s.names, name)
	fail := s.fail
	s.mu.Unlock()
	if fail != nil {
		if err := fail(name); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packs[name] = bytes.Clone(data)
	return nil
}

func (s *storage) finished(p Pack) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, p)
	return nil
}

// rig is a packer with its storage and, if it seals, the keys.
type rig struct {
	*Packer
	storage *storage
	secrets *keyring.Secrets
	writers sign.Writers
}

// start starts a packer of small packs.
func start(t testing.TB, sealed bool, change func(o *Options)) *rig {
	codec, err := chunk.NewCodec(chunk.CodecOptions{})
	require.NoError(t, err)
	t.Cleanup(codec.Close)
	r := &rig{storage: &storage{packs: map[string][]byte{}}}
	o := Options{Codec: codec, FrameSize: 16 << 10, SoloSize: 4 << 10, PackSize: 128 << 10, Workers: 2, Uploads: 2,
		NewName: r.storage.newName, Put: r.storage.put, Done: r.storage.finished}
	if sealed {
		r.secrets, err = keyring.NewSecrets("writer")
		require.NoError(t, err)
		o.Key, o.Public = sign.NewKey("writer", r.secrets.Writer), r.secrets.Public
		r.writers = sign.Writers{{ID: "writer", Public: o.Key.Public(), Role: sign.Owner}}
	}
	if change != nil {
		change(&o)
	}
	r.Packer = New(t.Context(), o)
	t.Cleanup(r.Close)
	return r
}

// contents decodes all packs that were put, as a reader of the store does, and returns their chunks' bytes: of a tree
// chunk its refs and then its body.
func (r *rig) contents(t testing.TB) map[chunk.ID]string {
	all := map[chunk.ID]string{}
	require.Len(t, r.storage.done, len(r.storage.packs))
	for _, p := range r.storage.done {
		data := r.storage.packs[p.Name]
		size := int64(len(data))
		require.Equal(t, size, p.Size)
		f, err := pack.ParseFooter(data[size-pack.FooterSize:], size)
		require.NoError(t, err)
		trailer := data[size-pack.FooterSize-int64(f.Trailer) : size-pack.FooterSize]
		require.Equal(t, trailer, p.Encoded)
		tr, err := f.Open(trailer, p.Name, size, r.writers)
		require.NoError(t, err)
		require.Equal(t, tr.Frames, p.Frames)
		for i := range tr.Frames {
			r.unpack(t, all, tr, &tr.Frames[i], data)
		}
	}
	return all
}

func (r *rig) unpack(t testing.TB, all map[chunk.ID]string, tr *pack.Trailer, f *pack.Frame, data []byte) {
	stored, refs := data[f.Offset:f.Offset+f.Stored], data[f.RefsOffset:f.RefsOffset+f.Refs]
	require.NoError(t, f.Check(stored))
	require.NoError(t, f.CheckRefs(refs))
	var sealer *chunk.Sealer
	require.Equal(t, r.secrets != nil, f.Slot == 1)
	if f.Slot == 1 {
		key, err := r.secrets.PackKey(tr.Slots[0])
		require.NoError(t, err)
		sealer = chunk.NewSealer(key)
	}
	plain, err := f.Decode(&pack.Scratch{}, r.o.Codec, sealer, stored)
	require.NoError(t, err)
	for _, c := range f.Chunks {
		all[c.ID] = string(refs[:c.Refs]) + string(plain[:c.Length])
		refs, plain = refs[c.Refs:], plain[c.Length:]
	}
}

// item returns chunk n of size bytes, which do not compress if n is odd.
func item(n, size int) Item {
	it := Item{ID: sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n))), Data: make([]byte, size)}
	if n%2 == 1 {
		rand.NewChaCha8(it.ID).Read(it.Data)
	}
	copy(it.Data, fmt.Sprintf("chunk %d", n))
	return it
}

// node returns a tree chunk with refs of the given size.
func node(n, refs, body int) Item {
	it := item(n, body)
	it.Refs = make([]byte, refs)
	rand.NewChaCha8(it.ID).Read(it.Refs)
	return it
}

// expect is what contents returns once the items are stored.
func expect(items ...Item) map[chunk.ID]string {
	all := map[chunk.ID]string{}
	for _, it := range items {
		all[it.ID] = string(it.Refs) + string(it.Data)
	}
	return all
}
