package lanes

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"hash"
)

// single is crypto/sha256, made to go on where a lane stands.
type single struct {
	hash  hash.Hash
	saved [len(savedMagic) + Size + blockSize + 8]byte
}

// savedMagic begins the state that crypto/sha256 saves. The state in words, an unfinished block, and the number of
// bytes hashed follow. The hash package promises that later versions will read it too.
const savedMagic = "sha\x03"

func newSingle() single { return single{hash: sha256.New()} }

// sum sets digest to the SHA-256 of p followed by message. It reports false, and has done nothing, if crypto/sha256
// cannot go on from there after all.
func (s *single) sum(digest *[Size]byte, p prefix, message []byte) bool {
	saved := append(s.saved[:0], savedMagic...)
	for _, word := range p.state {
		saved = binary.BigEndian.AppendUint32(saved, word)
	}
	binary.BigEndian.PutUint64(s.saved[len(s.saved)-8:], p.bytes)
	state, ok := s.hash.(encoding.BinaryUnmarshaler)
	if !ok || state.UnmarshalBinary(s.saved[:]) != nil {
		return false
	}
	s.hash.Write(message)
	s.hash.Sum(digest[:0])
	return true
}
