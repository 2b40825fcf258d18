package sign_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// TestVectors are the first three of RFC 8032, section 7.1.
func TestVectors(t *testing.T) {
	for _, tc := range []struct{ name, seed, public, message, signature string }{
		{"test 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
		{"test 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
			"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		{"test 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
			"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			key := sign.NewKey("w", unhex(t, tc.seed))
			message := unhex(t, tc.message)
			require.Equal(t, tc.public, hex.EncodeToString(key.Public()))
			require.Equal(t, tc.signature, hex.EncodeToString(key.Sign("", message)))
			// A context is nothing but the bytes before the message.
			require.Equal(t, tc.signature, hex.EncodeToString(key.Sign(string(message), nil)))
		})
	}
}

func unhex(t *testing.T, s string) []byte {
	p, err := hex.DecodeString(s)
	require.NoError(t, err)
	return p
}

func TestVerify(t *testing.T) {
	key := sign.NewKey("w1", bytes.Repeat([]byte{1}, 32))
	other := sign.NewKey("w2", bytes.Repeat([]byte{2}, 32))
	listed := sign.Writers{{ID: "w1", Public: key.Public(), Role: sign.Owner}, {ID: "w2", Public: other.Public()},
		{ID: "short", Public: key.Public()[:31]}}
	message := []byte("message")
	good := key.Sign("context\n", message)
	flipped := bytes.Clone(good)
	flipped[10] ^= 1
	for _, tc := range []struct {
		name            string
		writers         sign.Writers
		context, writer string
		message, signed []byte
		accepted        bool
	}{
		{"what was signed", listed, "context\n", "w1", message, good, true},
		{"another context", listed, "contexts\n", "w1", message, good, false},
		{"another message", listed, "context\n", "w1", []byte("massage"), good, false},
		{"another listed writer", listed, "context\n", "w2", message, good, false},
		{"an unlisted writer", listed, "context\n", "w3", message, good, false},
		{"a writer whose key is cut off", listed, "context\n", "short", message, good, false},
		{"a flipped bit", listed, "context\n", "w1", message, flipped, false},
		{"a signature cut off", listed, "context\n", "w1", message, good[:63], false},
		{"no signature", listed, "context\n", "w1", message, nil, false},
		{"neither writer nor signature", listed, "context\n", "", message, nil, false},
		{"neither, in a store without keys", nil, "context\n", "", message, nil, true},
		{"a writer in a store without keys", nil, "context\n", "w1", message, good, false},
		{"a signature without writer in a store without keys", nil, "context\n", "", message, good, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.writers.Verify(tc.context, tc.writer, tc.message, tc.signed)
			if tc.accepted {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, sign.ErrForged)
		})
	}
}

func TestTrusted(t *testing.T) {
	listed := sign.Writers{{ID: "owner", Role: sign.Owner}, {ID: "adder", Role: "add"}}
	require.True(t, listed.Trusted("owner"))
	require.False(t, listed.Trusted("adder"))
	require.False(t, listed.Trusted("stranger"))
	require.False(t, listed.Trusted(""))
	require.True(t, sign.Writers(nil).Trusted(""))
	require.False(t, sign.Writers(nil).Trusted("owner"))
}

func TestNilKeySignsNothing(t *testing.T) {
	var key *sign.Key
	require.Empty(t, key.Writer())
	require.Empty(t, key.Sign("context\n", []byte("message")))
}
