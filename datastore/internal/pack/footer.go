package pack

import (
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// FooterSize is the length of a pack's last part, in bytes.
const FooterSize = 24

const footerMagic = "HLPACK01"

// AppendFooter appends the footer for trailer.
func AppendFooter(dst, trailer []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(trailer)))
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint64(dst, xxhash.Sum64(trailer))
	return append(dst, footerMagic...)
}

// Footer is what the end of a pack says about its trailer.
type Footer struct {
	Trailer int // bytes
	Sum     uint64
}

// ParseFooter reads the last FooterSize bytes of a pack of the given size.
func ParseFooter(p []byte, size int64) (Footer, error) {
	if len(p) != FooterSize || string(p[16:]) != footerMagic || binary.LittleEndian.Uint32(p[4:]) != 0 {
		return Footer{}, fmt.Errorf("pack footer: %w: not the end of a pack", ErrDamaged)
	}
	n := binary.LittleEndian.Uint32(p)
	if n > MaxTrailer || int64(n)+FooterSize > size {
		return Footer{}, fmt.Errorf("pack footer: %w: trailer of %d bytes in a pack of %d", ErrDamaged, n, size)
	}
	return Footer{Trailer: int(n), Sum: binary.LittleEndian.Uint64(p[8:])}, nil
}

// Open checks the trailer's bytes against the footer and decodes them. The trailer must be that of the pack called
// name and fill it exactly, size bytes in all.
func (f Footer) Open(trailer []byte, name string, size int64, writers sign.Writers) (*Trailer, error) {
	if len(trailer) != f.Trailer || xxhash.Sum64(trailer) != f.Sum {
		return nil, fmt.Errorf("pack trailer of %s: %w: checksum does not match", name, ErrDamaged)
	}
	t, err := DecodeTrailer(trailer, writers)
	if err != nil {
		return nil, err
	}
	if data := t.DataSize(); data+int64(f.Trailer)+FooterSize != size {
		return nil, fmt.Errorf("pack %s: %w: %d bytes, of which frames take %d and the trailer %d",
			name, ErrDamaged, size, data, f.Trailer)
	}
	if err := t.Check(name, size); err != nil {
		return nil, err
	}
	return t, nil
}

// Check says whether the trailer is that of the pack called name with size bytes.
func (t *Trailer) Check(name string, size int64) error {
	if t.Name != name {
		return fmt.Errorf("pack trailer of %s: %w: it is that of %s", name, ErrDamaged, t.Name)
	}
	if data := t.DataSize(); data+FooterSize > size {
		return fmt.Errorf("pack %s: %w: %d bytes, but its frames take %d", name, ErrDamaged, size, data)
	}
	return nil
}
