package chunk_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

const someID = "00ff0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"

func TestParseIDRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", `parse chunk ID "": it is 0 bytes long, want 64`},
		{"short", someID[:63], "it is 63 bytes long, want 64"},
		{"long is cut in the message", someID + strings.Repeat("x", 1000), someID + `"…: it is 1064 bytes long, want 64`},
		{"upper case", "00FF" + someID[4:], `"F" at position 2 is not a lower-case hexadecimal digit`},
		{"last digit", someID[:63] + "g", `"g" at position 63`},
		{"not UTF-8", someID[:10] + "\xff" + someID[11:], `"\xff" at position 10`},
		{"zero", strings.Repeat("0", 64), "the all-zero ID is invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := chunk.ParseID(tt.in)
			require.ErrorContains(t, err, tt.want)
			require.True(t, id.IsZero())
		})
	}
}

func TestIDTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := chunk.NewNamer(nil).Name(rapid.SliceOf(rapid.Byte()).Draw(t, "data"))
		parsed, err := chunk.ParseID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, parsed)
	})
}

func TestIDOrderIsThatOfItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b chunk.ID
		copy(a[:], rapid.SliceOfN(rapid.ByteRange(0, 2), 0, 4).Draw(t, "a"))
		copy(b[:], rapid.SliceOfN(rapid.ByteRange(0, 2), 0, 4).Draw(t, "b"))
		require.Equal(t, strings.Compare(a.String(), b.String()), a.Compare(b))
	})
}

func TestIDInJSON(t *testing.T) {
	type record struct {
		Chunk  chunk.ID `json:"chunk"`
		Parent chunk.ID `json:"parent,omitzero"`
	}
	id, err := chunk.ParseID(someID)
	require.NoError(t, err)

	text, err := json.Marshal(record{Chunk: id})
	require.NoError(t, err)
	require.JSONEq(t, `{"chunk":"`+someID+`"}`, string(text))

	var back record
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, record{Chunk: id}, back)

	_, err = json.Marshal(record{})
	require.ErrorContains(t, err, "all-zero ID")
	require.Error(t, json.Unmarshal([]byte(`{"chunk":"00"}`), &back))
	require.Equal(t, id, back.Chunk, "a failed unmarshal changes nothing")
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{"", someID, strings.ToUpper(someID), strings.Repeat("0", 64), someID + " "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := chunk.ParseID(s)
		require.Equal(t, err != nil, id.IsZero())
		if err == nil {
			require.Equal(t, s, id.String(), "an ID has one spelling")
		}
	})
}
