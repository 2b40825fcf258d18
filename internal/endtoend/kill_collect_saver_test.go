//go:build linux

package endtoend

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/stretchr/testify/require"
)

// saver backs up folders that change.
type saver struct {
	*bout
	lands []*land
	turn  int
}

const filesInLand = 50

func newSaver(b *bout) *saver {
	s := &saver{bout: b}
	for i := range 3 {
		l := newLand(b.t, b.path(fmt.Sprintf("data%d", i)))
		for n := range filesInLand {
			s.write(l, n)
		}
		s.lands = append(s.lands, l)
	}
	return s
}

// write gives a file content, most often such as there was before, in the same folder or in another: the store may have
// it, or be about to free it.
func (s *saver) write(l *land, n int) {
	seed := s.random.Uint64N(150)
	if s.chance(40) {
		seed = s.random.Uint64()
	}
	l.file(fmt.Sprintf("%d/file%d", n%7, n), contentOf(seed))
}

// contentOf returns 1 KiB to 300 KiB; a part of it repeats.
func contentOf(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 1))
	part := random.Float64()
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	l := &land{bytes: rand.NewChaCha8(key)}
	size := 1<<10 + int(part*part*299*1024)
	if seed%5 == 0 {
		return l.prose(size)
	}
	return l.noise(size)
}

// change changes a part of a folder.
func (s *saver) change(l *land) {
	s.t.Helper()
	for range 1 + s.random.IntN(8) {
		n := s.random.IntN(filesInLand)
		if s.chance(20) {
			require.NoError(s.t, os.RemoveAll(l.path(fmt.Sprintf("%d/file%d", n%7, n))))
		} else {
			s.write(l, n)
		}
	}
}

// next changes a folder and saves it. Folders take turns, so that of one several snapshots never come at once.
func (s *saver) next() *deed {
	s.turn++
	l := s.lands[s.turn%len(s.lands)]
	if s.chance(90) {
		s.change(l)
	}
	name := fmt.Sprintf("data%d", s.turn%len(s.lands))
	group, want := "dataset/"+name, look(s.t, l.dir)
	attempts := append(s.register.attempts[group], want)
	s.register.attempts[group] = attempts
	args := []string{"backup", name, "--json"}
	if s.chance(10) {
		args = append(args, "--mode", "full")
	}
	return &deed{args: args, excuse: saying("chunks were collected meanwhile"), then: func(e ended) *deed {
		var r report
		if !e.read(&r) { // what it saved may be there, or not
			require.False(s.t, e.done(), "%s", e.stdout)
			return nil
		}
		require.True(s.t, r.Complete)
		s.promised(r.Snapshot, want) // though it may have been killed since it said so
		s.register.attempts[group] = slices.Clone(attempts[:len(attempts)-1])
		return nil
	}}
}
