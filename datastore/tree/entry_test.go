package tree

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyEntry draws entries that can be written.
func anyEntry() *rapid.Generator[Entry] {
	return rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{
			Name:       anyName().Draw(t, "name"),
			Type:       Type(rapid.IntRange(int(File), int(BlockDevice)).Draw(t, "type")),
			Mode:       rapid.Uint32Range(0, 0o7777).Draw(t, "mode"),
			UID:        rapid.Uint32().Draw(t, "uid"),
			GID:        rapid.Uint32().Draw(t, "gid"),
			ModTime:    anyTime().Draw(t, "mtime"),
			ChangeTime: anyTime().Draw(t, "ctime"),
			Inode:      rapid.Uint64().Draw(t, "inode"),
			Link:       rapid.Uint64().Draw(t, "link"),
			Target:     rapid.String().Draw(t, "target"),
			Major:      rapid.Uint32().Draw(t, "major"),
			Minor:      rapid.Uint32().Draw(t, "minor"),
			Xattrs:     anyXattrs(t),
		}
		switch {
		case e.Type == Dir:
			e.Tree = idOf(rapid.IntRange(0, 1000).Draw(t, "tree"))
		case e.Type == File && rapid.Bool().Draw(t, "in nodes"):
			e.Tree, e.Size = idOf(rapid.IntRange(0, 1000).Draw(t, "tree")), rapid.Int64Range(0, math.MaxInt64).Draw(t, "size")
		case e.Type == File:
			drawExtents(t, &e, 20)
		}
		return e
	})
}

func anyName() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.ByteMin('0'), 1, 40).Draw(t, "bytes"))
	})
}

func anyTime() *rapid.Generator[Time] {
	return rapid.Custom(func(t *rapid.T) Time {
		return Time{Sec: rapid.Int64().Draw(t, "sec"), Nsec: rapid.Uint32Range(0, maxNsec).Draw(t, "nsec")}
	})
}

func anyXattrs(t *rapid.T) (list []Xattr) {
	for range rapid.IntRange(0, 3).Draw(t, "attributes") {
		list = append(list, Xattr{rapid.String().Draw(t, "attribute"), rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "value")})
	}
	return list
}

// drawExtents gives e up to n extents and the size they add up to.
func drawExtents(t *rapid.T, e *Entry, n int) {
	for range rapid.IntRange(0, n).Draw(t, "extents") {
		x := Extent{Length: rapid.Int64Range(1, 1<<40).Draw(t, "length")}
		if k := len(e.Extents); k > 0 && e.Extents[k-1].Hole() || rapid.Bool().Draw(t, "content") {
			x.ID = idOf(rapid.IntRange(0, 1000).Draw(t, "id"))
		}
		e.Extents = append(e.Extents, x)
		e.Size += x.Length
	}
}

func TestTime(t *testing.T) {
	for name, when := range map[string]time.Time{
		"now":           time.Date(2026, 5, 4, 3, 2, 1, 987654321, time.UTC),
		"1970":          time.Unix(0, 1).UTC(),
		"before 1970":   time.Date(1901, 1, 1, 0, 0, 0, 5, time.UTC),
		"the year 3000": time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC),
		"never":         {},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, when, TimeOf(when).Time())
			require.Equal(t, when.IsZero(), TimeOf(when).IsZero())
		})
	}
}

func TestTypeNames(t *testing.T) {
	require.Equal(t, "file", File.String())
	require.Equal(t, "block device", BlockDevice.String())
	require.Equal(t, "unknown", Type(0).String())
	require.Equal(t, "unknown", Type(200).String())
}
