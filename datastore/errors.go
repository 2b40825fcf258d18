package datastore

import (
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// Errors that callers branch on.
var (
	ErrNoStore            = errors.New("there is no heirloom store here")
	ErrStoreExists        = errors.New("there is a heirloom store here already")
	ErrPassphraseRequired = errors.New("the store is encrypted and needs a passphrase")
	ErrPassphrase         = keyring.ErrPassphrase // wrong
	ErrPlain              = errors.New("the store is not encrypted, and it should be")
	ErrNotEncrypted       = errors.New("the store is not encrypted and has no keys")
	ErrLastKey            = errors.New("it is the last key: without it nobody could read the store")
	ErrNoKey              = errors.New("no such key")
	ErrNoSnapshot         = errors.New("no such snapshot")
	ErrNotEmpty           = errors.New("the place is not empty")
	ErrDamaged            = wire.ErrDamaged // bytes that are not what was written
	ErrForged             = sign.ErrForged  // a signature that is not that of a listed writer
	ErrSnapshotExists     = errors.New("a snapshot with this address exists")
	ErrHeld               = errors.New("the snapshot is held")
	ErrNotHeld            = errors.New("the snapshot is not held")
	ErrPast               = errors.New("the time has passed already")
	ErrTooLate            = errors.New("it is too late: its chunks were collected")
	ErrListing            = errors.New("the storage's listings are not complete")
	ErrOtherStore         = errors.New("the plan was made for another store")
	ErrStalePlan          = errors.New("the store has changed since the plan was made")
	ErrCannotStoreAgain   = errors.New("chunks were collected meanwhile and their source cannot be read again")
)

// VersionError says that a store, or an object in it, has a format this program does not know.
type VersionError = document.VersionError

// ChunkError says that a chunk cannot be had from the store. Storage that cannot be asked is never a ChunkError.
type ChunkError struct {
	ID     chunk.ID
	Reason Damage
	Detail string // where and how, for people
}

// Damage is why a chunk cannot be had.
type Damage string

// The two kinds of damage.
const (
	Corrupt Damage = "CORRUPT" // there are bytes, and they are not the chunk's
	Missing Damage = "MISSING" // no pack that exists holds it
)

func (e *ChunkError) Error() string {
	return fmt.Sprintf("chunk %s is %s: %s", e.ID, e.Reason, e.Detail)
}
