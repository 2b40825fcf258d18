package document_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

var update = flag.Bool("update", false, "write the golden files anew: only for a new format version")

const name = "ledger/20260102T030405.678Z-00112233445566778899aabbccddeeff"

type payload struct {
	Format int               `json:"format"`
	Text   string            `json:"text,omitempty"`
	Tags   map[string]string `json:"tags,omitempty"`
}

func owner() (*sign.Key, sign.Writers) {
	key := sign.NewKey("0123456789abcdef0123456789abcdef", bytes.Repeat([]byte{7}, 32))
	return key, sign.Writers{{ID: key.Writer(), Public: key.Public(), Role: sign.Owner}}
}

// TestGolden keeps documents of released versions readable, and the encoding what it is.
func TestGolden(t *testing.T) {
	key, writers := owner()
	want := payload{Format: 1, Text: "zwölf <Boxkämpfer>\n", Tags: map[string]string{"host": "a", "disk": "b"}}
	for _, tc := range []struct {
		file    string
		key     *sign.Key
		writers sign.Writers
	}{{"signed.json", key, writers}, {"unsigned.json", nil, nil}} {
		t.Run(tc.file, func(t *testing.T) {
			path := filepath.Join("testdata", tc.file)
			data, err := document.Encode(name, want, tc.key)
			require.NoError(t, err)
			if *update {
				require.NoError(t, os.WriteFile(path, data, 0o644))
			}
			golden, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(golden), string(data))
			var got payload
			writer, err := document.Decode(name, golden, tc.writers, &got)
			require.NoError(t, err)
			require.Equal(t, tc.key.Writer(), writer)
			require.Equal(t, want, got)
		})
	}
}

func TestRoundTrip(t *testing.T) {
	key, writers := owner()
	rapid.Check(t, func(t *rapid.T) {
		want := payload{Format: 1, Text: rapid.String().Draw(t, "text")}
		data, err := document.Encode(name, want, key)
		require.NoError(t, err)
		var got, peeked payload
		_, err = document.Decode(name, data, writers, &got)
		require.NoError(t, err)
		require.NoError(t, document.Peek(name, data, &peeked))
		require.Equal(t, want, got)
		require.Equal(t, want, peeked)
	})
}

func TestTruncated(t *testing.T) {
	data, err := document.Encode(name, payload{Format: 1, Text: "text"}, nil)
	require.NoError(t, err)
	for n := range data {
		_, err := document.Decode(name, data[:n], nil, &payload{})
		require.ErrorIs(t, err, document.ErrDamaged, "after %d bytes", n)
		require.ErrorIs(t, document.Peek(name, data[:n], &payload{}), document.ErrDamaged, "after %d bytes", n)
	}
}

// TestFlipped changes every bit. The payload must be refused; the seal may be spelled otherwise ("SHA256"), but then
// the payload must come out as it was.
func TestFlipped(t *testing.T) {
	key, writers := owner()
	want := payload{Format: 1, Text: "text"}
	data, err := document.Encode(name, want, key)
	require.NoError(t, err)
	end := bytes.IndexByte(data, '\n')
	for i := range len(data) * 8 {
		bad := bytes.Clone(data)
		bad[i/8] ^= 1 << (i % 8)
		var got payload
		_, err := document.Decode(name, bad, writers, &got)
		if i/8 <= end {
			require.Error(t, err, "bit %d of byte %d", i%8, i/8)
		} else if err == nil {
			require.Equal(t, want, got, "bit %d of byte %d", i%8, i/8)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	key, writers := owner()
	encode := func(p any, key *sign.Key) []byte {
		data, err := document.Encode(name, p, key)
		require.NoError(t, err)
		return data
	}
	good := payload{Format: 1}
	for _, tc := range []struct {
		what    string
		name    string
		data    []byte
		writers sign.Writers
		want    error
	}{
		{"a document of another name", name + "x", encode(good, key), writers, sign.ErrForged},
		{"a stranger's", name, encode(good, sign.NewKey("stranger", make([]byte, 32))), writers, sign.ErrForged},
		{"an unsigned one in an encrypted store", name, encode(good, nil), writers, sign.ErrForged},
		{"a signed one in a store without keys", name, encode(good, key), nil, sign.ErrForged},
		{"a third line", name, append(encode(good, nil), "{}\n"...), nil, document.ErrDamaged},
		{"an empty third line", name, append(encode(good, nil), '\n'), nil, document.ErrDamaged},
		{"a payload that is no object", name, encode([]int{1}, nil), nil, document.ErrDamaged},
		{"a member of another type", name, encode(map[string]any{"format": 1, "text": 5}, nil), nil, document.ErrDamaged},
		{"one that is too large", name, make([]byte, document.MaxSize+1), nil, document.ErrDamaged},
	} {
		t.Run(tc.what, func(t *testing.T) {
			_, err := document.Decode(tc.name, tc.data, tc.writers, &payload{})
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.name)
		})
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, format := range []int{0, 2, -1} {
		data, err := document.Encode(name, payload{Format: format}, nil)
		require.NoError(t, err)
		var version *document.VersionError
		require.ErrorAs(t, document.Peek(name, data, &payload{}), &version)
		require.Equal(t, document.VersionError{Name: name, Format: format}, *version)
	}
}

func TestUnknownMembersAreIgnored(t *testing.T) {
	data, err := document.Encode(name, map[string]any{"format": 1, "text": "t", "later": []int{1}}, nil)
	require.NoError(t, err)
	var got payload
	require.NoError(t, document.Peek(name, data, &got))
	require.Equal(t, "t", got.Text)
}

func TestEncodeRefuses(t *testing.T) {
	_, err := document.Encode(name, map[string]any{"f": func() {}}, nil)
	require.ErrorContains(t, err, "encode "+name)
	_, err = document.Encode(name, payload{Format: 1, Text: strings.Repeat("x", document.MaxSize)}, nil)
	require.ErrorContains(t, err, "more than a document can have")
}

func FuzzDecode(f *testing.F) {
	key, writers := owner()
	for _, k := range []*sign.Key{key, nil} {
		data, err := document.Encode(name, payload{Format: 1, Text: "text"}, k)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("{}\n{}\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var signed, unsigned, peeked payload
		_, signedErr := document.Decode(name, data, writers, &signed)
		_, unsignedErr := document.Decode(name, data, nil, &unsigned)
		peekErr := document.Peek(name, data, &peeked)
		require.False(t, signedErr == nil && unsignedErr == nil, "a document is signed or it is not")
		if signedErr == nil || unsignedErr == nil {
			require.NoError(t, peekErr)
			require.Equal(t, document.Format, peeked.Format)
		}
	})
}
