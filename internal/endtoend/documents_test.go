//go:build linux

package endtoend

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDocuments compares the members of the documents, and their order, with what docs/cli.md promises to scripts.
func TestDocuments(t *testing.T) {
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.file("file", l.noise(1000))
	l.file("image", l.noise(5000))
	s.must("init")
	s.must("backup", "data")
	s.must("verify")
	tests := map[string]struct{ line, want string }{
		"backup": {"backup data", "{snapshot complete mode parent files dirs bytes_source bytes_read bytes_new bytes_stored chunks chunks_new " +
			"dedup_hit_rate compression_ratio seconds warnings[]}"},
		"backup of an image": {"backup data/image", "{snapshot complete mode parent files dirs bytes_source bytes_read bytes_new bytes_stored " +
			"chunks chunks_new dedup_hit_rate compression_ratio seconds warnings[]}"},
		"snapshots": {"snapshots --name data --keep-verified 1d", "[{snapshot namespace kind name time mode parent generation bytes_source complete held job " +
			"verified{result time}}"},
		"no snapshots": {"snapshots --name none", "[]"},
		"verify":       {"verify dataset/data/latest", "[{snapshot result chunks bytes seconds damage[]}]"},
		"stats":        {"stats", "{bytes_used bytes_source chunks packs dedup_ratio compression_ratio free}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := s.run(append(strings.Fields(test.line), "--json")...)
			require.Zero(t, got.status, got.stderr)
			require.Empty(t, got.stderr)
			shape := shapeOf(t, got.stdout)
			require.Equal(t, test.want, shape[:min(len(test.want), len(shape))])
		})
	}
}

// shapeOf writes a document without its values.
func shapeOf(t *testing.T, text string) string {
	d := json.NewDecoder(strings.NewReader(text))
	var out strings.Builder
	shape(t, d, &out)
	_, err := d.Token()
	require.ErrorIs(t, err, io.EOF, "one document")
	return out.String()
}

func shape(t *testing.T, d *json.Decoder, out *strings.Builder) {
	token, err := d.Token()
	require.NoError(t, err)
	open, ok := token.(json.Delim)
	if !ok {
		return
	}
	out.WriteString(open.String())
	for first := true; d.More(); first = false {
		if !first {
			out.WriteByte(' ')
		}
		if open == '{' {
			key, err := d.Token()
			require.NoError(t, err)
			fmt.Fprint(out, key)
		}
		shape(t, d, out)
	}
	end, err := d.Token()
	require.NoError(t, err)
	out.WriteString(end.(json.Delim).String())
}

// TestDamageDocument checks what a script learns of damage.
func TestDamageDocument(t *testing.T) {
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.file("whole", nil)
	l.file("hit", l.noise(4<<20))
	s.must("init")
	address := s.backup("data").Snapshot
	for name, f := range look(t, s.path("store")) {
		if f.size > 100<<10 {
			s.flip(s.path("store", name), f.size/2)
		}
	}
	got := s.run("verify", "--json")
	require.Equal(t, 4, got.status)
	var results []struct {
		Snapshot, Result string
		Damage           []struct {
			Path, Chunk, Reason string
			Offset, Length      int64
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &results))
	require.Len(t, results, 1)
	require.Equal(t, address, results[0].Snapshot)
	require.Equal(t, "CORRUPT", results[0].Result)
	require.NotEmpty(t, results[0].Damage)
	var lost []byteRange
	for _, d := range results[0].Damage {
		require.Equal(t, "hit", d.Path)
		require.Len(t, d.Chunk, 64)
		require.NotEmpty(t, d.Reason)
		lost = append(lost, byteRange{d.Offset, d.Length})
	}
	require.Equal(t, 4, s.run("restore", "--salvage", address, "back").status)
	l.requireLost(s.path("back/hit"), "hit", lost)
}
