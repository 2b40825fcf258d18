package keyring

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDerive has Argon2id outputs that the reference implementation's own tests list for the first 32 bytes.
func TestDerive(t *testing.T) {
	for _, tc := range []struct {
		name string
		kdf  KDF
		want string
	}{
		{"one lane", KDF{Time: 2, Memory: 256, Threads: 1}, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"},
		{"two lanes", KDF{Time: 2, Memory: 256, Threads: 2}, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"},
		{"64 MiB", KDF{Time: 2, Memory: 64 << 10, Threads: 1}, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.kdf.Name, tc.kdf.Salt = "argon2id", []byte("somesalt")
			key, err := tc.kdf.derive([]byte("password"))
			require.NoError(t, err)
			require.Equal(t, tc.want, hex.EncodeToString(key))
		})
	}
}

func TestDeriveRefuses(t *testing.T) {
	for name, change := range map[string]func(k *KDF){
		"another name":          func(k *KDF) { k.Name = "argon2i" },
		"no passes":             func(k *KDF) { k.Time = 0 },
		"too many passes":       func(k *KDF) { k.Time = maxTime + 1 },
		"all the passes":        func(k *KDF) { k.Time = math.MaxUint32 },
		"hardly any memory":     func(k *KDF) { k.Memory = 7 },
		"too much memory":       func(k *KDF) { k.Memory = maxMemory + 1 },
		"all the memory":        func(k *KDF) { k.Memory = math.MaxUint32 },
		"no threads":            func(k *KDF) { k.Threads = 0 },
		"too many threads":      func(k *KDF) { k.Threads = maxThreads + 1 },
		"a salt of seven bytes": func(k *KDF) { k.Salt = k.Salt[:7] },
		"no salt":               func(k *KDF) { k.Salt = nil },
	} {
		t.Run(name, func(t *testing.T) {
			k := DefaultKDF()
			change(&k)
			_, err := k.derive([]byte("passphrase"))
			require.ErrorContains(t, err, "is not supported")
		})
	}
}

func TestDefaultKDF(t *testing.T) {
	a, b := DefaultKDF(), DefaultKDF()
	require.NotEqual(t, a.Salt, b.Salt)
	require.Len(t, a.Salt, 16)
	require.Equal(t, uint32(64<<10), a.Memory)
	require.Equal(t, uint32(3), a.Time)
}
