//go:build unix

package lanes

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Behind the messages, and before them, is memory that cannot be read: a look beyond a message ends the test.
func TestNothingIsReadBeyondAMessage(t *testing.T) {
	page := unix.Getpagesize()
	memory, err := unix.Mmap(-1, 0, 4*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, unix.Munmap(memory)) })
	copy(memory, randomBytes(11, len(memory)))
	require.NoError(t, unix.Mprotect(memory[:page], unix.PROT_NONE))
	require.NoError(t, unix.Mprotect(memory[3*page:], unix.PROT_NONE))
	readable := memory[page : 3*page]

	for _, e := range Engines() {
		h := New[sum](e.withFew(0))
		for size := 0; size <= len(readable); size += 1 + size/300 {
			atTheEnd, atTheStart := readable[len(readable)-size:], readable[:size]
			checkHasher(t, e, h, sha256.Sum256, [][]byte{atTheEnd})
			checkHasher(t, e, h, sha256.Sum256, [][]byte{atTheStart, atTheEnd, atTheStart, atTheEnd, atTheEnd})
		}
	}
}
