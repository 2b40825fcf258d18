package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Values lie in an envelope: a version, a checksum, and the content.
const (
	envelopeVersion = 1
	envelopeSize    = 1 + crc32.Size
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal puts content into an envelope.
func seal(content []byte) []byte {
	sealed := make([]byte, 0, envelopeSize+len(content))
	sealed = append(sealed, envelopeVersion)
	sealed = binary.BigEndian.AppendUint32(sealed, crc32.Checksum(content, castagnoli))
	return append(sealed, content...)
}

// unseal returns what seal was given. It is a part of sealed.
func unseal(sealed []byte) ([]byte, error) {
	if len(sealed) < envelopeSize {
		return nil, fmt.Errorf("%d bytes are no value", len(sealed))
	}
	if sealed[0] != envelopeVersion {
		return nil, fmt.Errorf("the value has version %d, and this program knows version %d", sealed[0], envelopeVersion)
	}
	content := sealed[envelopeSize:]
	if crc32.Checksum(content, castagnoli) != binary.BigEndian.Uint32(sealed[1:]) {
		return nil, errors.New("the checksum does not fit the value")
	}
	return content, nil
}
