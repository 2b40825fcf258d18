package backend_test

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

func TestCheckNameSaysWhatIsWrong(t *testing.T) {
	for name, flaw := range map[string]string{
		"":                              "empty",
		"a//b":                          "empty",
		"/a":                            "empty",
		"..":                            "ends in a dot",
		"a/../b":                        "ends in a dot",
		"name.":                         "ends in a dot",
		"a b":                           `byte ' ' is not`,
		"a\\b":                          `byte '\\' is not`,
		strings.Repeat("x", 256):        "longer than 255 bytes",
		"a/" + strings.Repeat("x", 256): "longer than 255 bytes",
	} {
		err := backend.CheckName(name)
		require.ErrorIs(t, err, backend.ErrBadName)
		require.ErrorContains(t, err, flaw)
	}
	require.NoError(t, backend.CheckName("packs/ab/"+strings.Repeat("x", 255)))
}

func TestCheckPrefix(t *testing.T) {
	for _, prefix := range []string{"", "a/", "a/b/", "..x/"} {
		require.NoError(t, backend.CheckPrefix(prefix), prefix)
	}
	for _, prefix := range []string{"a", "/", "a//", "../", "./", "a/b", " /"} {
		require.ErrorIs(t, backend.CheckPrefix(prefix), backend.ErrBadName, prefix)
	}
}

func FuzzCheckName(f *testing.F) {
	for _, seed := range []string{
		"heirloom.json", "packs/ab/0123", "snapshots/ns/vm/100/1-2.json", "..", "a/../b", "/a", "a\x00", "ä", "C:/x", "a.",
		"%41/~_-", strings.Repeat("x", 256),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		err := backend.CheckName(name)
		require.Equal(t, err == nil, backend.CheckPrefix(name+"/") == nil)
		if err != nil {
			require.ErrorIs(t, err, backend.ErrBadName)
			return
		}
		require.True(t, fs.ValidPath(name))
		require.Equal(t, name, path.Clean(name))
		require.True(t, filepath.IsLocal(name) || isDeviceName(name))
		for component := range strings.SplitSeq(name, "/") {
			require.LessOrEqual(t, len(component), 255)
			require.Equal(t, component, strings.TrimRight(component, ". "))
		}
	})
}

// isDeviceName allows for what Windows reserves; storage there refuses it.
func isDeviceName(name string) bool {
	return filepath.Separator == '\\' && !strings.Contains(name, "..")
}
