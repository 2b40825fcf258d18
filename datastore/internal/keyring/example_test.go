package keyring_test

import (
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
)

func ExampleSecrets_Wrap() {
	secrets, err := keyring.NewSecrets("owner")
	if err != nil {
		panic(err)
	}
	key := &keyring.Key{ID: "1", Kind: keyring.KindPassphrase,
		KDF: keyring.KDF{Name: "argon2id", Time: 1, Memory: 64, Threads: 1, Salt: []byte("16 random bytes.")}}
	if err := secrets.Wrap(key, []byte("correct horse")); err != nil {
		panic(err)
	}

	opened, err := key.Unwrap([]byte("correct horse"))
	fmt.Println(opened.WriterID, err)
	_, err = key.Unwrap([]byte("wrong horse"))
	fmt.Println(errors.Is(err, keyring.ErrPassphrase))
	// Output:
	// owner <nil>
	// true
}
