package datastore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// CreateOptions say what a new store is like. The zero value is a store without encryption.
type CreateOptions struct {
	Encrypt    bool
	Passphrase []byte           // of the first key; must not be empty if Encrypt is set, and must be if it is not
	Label      string           // of the first key, for people
	Splitters  Splitters        // the zero value means DefaultSplitters
	Now        func() time.Time // nil means time.Now
}

// Create makes a store in an empty place. It fails with ErrStoreExists if there is one already, and with ErrNotEmpty if
// there is anything else, such as what is left of one.
func Create(ctx context.Context, b backend.Backend, o CreateOptions) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Splitters == (Splitters{}) {
		o.Splitters = DefaultSplitters()
	}
	if !o.Encrypt && (len(o.Passphrase) > 0 || o.Label != "") {
		return fmt.Errorf("create store: %w: a passphrase or a label is for an encrypted one", ErrNotEncrypted)
	}
	if err := o.Splitters.validate(); err != nil {
		return fmt.Errorf("create store: %w", err)
	}
	if err := checkVacant(ctx, b); err != nil {
		return fmt.Errorf("create store: %w", err)
	}
	c := &config{Format: document.Format, ID: newID(), Created: o.Now().UTC(), Splitters: o.Splitters}
	if !o.Encrypt {
		c.Salt = make([]byte, 32)
		rand.Read(c.Salt)
		return putConfig(ctx, b, c, nil)
	}
	return createEncrypted(ctx, b, c, o)
}

// checkVacant refuses a place that holds a store, any part of one (keys alone may be all that is left), or anything
// else.
func checkVacant(ctx context.Context, b backend.Backend) error {
	names, err := backend.Names(ctx, b, "")
	switch {
	case err != nil:
		return err
	case slices.Contains(names, configName):
		return ErrStoreExists
	case len(names) > 0:
		return fmt.Errorf("%w: it holds %d objects, %s among them", ErrNotEmpty, len(names), slices.Min(names))
	}
	return nil
}

func createEncrypted(ctx context.Context, b backend.Backend, c *config, o CreateOptions) error {
	if len(o.Passphrase) == 0 {
		return fmt.Errorf("create store: %w", ErrPassphraseRequired)
	}
	secrets, err := keyring.NewSecrets(newID())
	if err != nil {
		return fmt.Errorf("create store: %w", err)
	}
	c.Encryption = &encryption{KEM: kemX25519, Public: secrets.Public}
	c.Writers = sign.Writers{{ID: secrets.WriterID, Public: secrets.Owner, Role: sign.Owner}}
	key := sign.NewKey(secrets.WriterID, secrets.Writer)
	// The key goes first: a crash in between leaves no store that nobody could open.
	id, err := putKey(ctx, b, secrets, key, o.Passphrase, o.Label, c.Created)
	if err != nil {
		return fmt.Errorf("create store: %w", err)
	}
	err = putConfig(ctx, b, c, key)
	if err == nil || errors.Is(err, errUnsettled) {
		return err // the key stays: the store may be there, and would not open without it
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	return errors.Join(err, b.Delete(ctx, keyPrefix+id)) // in another's store it would be a stranger's
}

// errUnsettled says that the storage could not be asked whether the configuration is there.
var errUnsettled = errors.New("it is not known whether the store is there: try to open it")

// putConfig writes the configuration and reads it back: not every backend can tell that somebody else was first, and
// after an error it may be there all the same.
func putConfig(ctx context.Context, b backend.Backend, c *config, key *sign.Key) error {
	data, err := document.Encode(configName, c, key)
	if err != nil {
		return err
	}
	failed := b.Put(ctx, configName, data)
	if errors.Is(failed, backend.ErrExist) {
		return fmt.Errorf("create store: %w", ErrStoreExists)
	}
	back, err := backend.ReadAll(ctx, b, configName, document.MaxSize)
	switch {
	case errors.Is(err, backend.ErrNotFound):
		return fmt.Errorf("create store: %w", cmp.Or(failed, err))
	case err != nil:
		return fmt.Errorf("create store: %w: %w", errUnsettled, errors.Join(failed, err))
	case string(back) != string(data):
		return fmt.Errorf("create store: %w: another one was created at the same moment", ErrStoreExists)
	}
	return nil
}
