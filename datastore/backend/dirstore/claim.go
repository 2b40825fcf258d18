package dirstore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

const claimSuffix = ".claim"

// renameClaimed publishes a temporary file where the file system has no hard links (FAT, exFAT, some network and FUSE
// file systems). A rename would replace an object silently, so it is done only while holding the name's claim: a file
// in "+tmp" that only one process can create. Between claiming and renaming it looks whether the name is taken. All
// writers of such a file system come this way, so nobody else can take the name in between.
//
// A process that crashes here leaves its claim, and that one name cannot be put until a later Open removes the claim as
// litter, a day on. Nothing but new bytes under the same name waits for it. Two claims on one name can meet only if a
// process sleeps for that day between two lines of this function; one name put twice at that distance is what the
// collection protocol rules out for packs.
func (b *Backend) renameClaimed(temp, name string) error {
	b.renaming.Lock() // so that goroutines wait for each other, and only other processes can be in the way
	defer b.renaming.Unlock()

	digest := sha256.Sum256([]byte(name))
	claim := path.Join(tempFolder, hex.EncodeToString(digest[:])+claimSuffix)
	f, err := b.disk.create(claim, b.options.FileMode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("another process stores it at this moment, or crashed doing so (%s)", claim)
	}
	if err != nil {
		return err
	}
	defer b.disk.remove(claim)
	if err := f.Close(); err != nil {
		return err
	}
	if err := b.vacant(name); err != nil {
		return err
	}
	return b.disk.rename(temp, name)
}
