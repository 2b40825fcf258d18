package source_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

func TestExclude(t *testing.T) {
	all := []string{"a", "a/b", "a/b/c.o", "a/b/d", "a/c.o", "b", "c.o", "x", "x/a", "x/a/e"}
	for name, c := range map[string]struct {
		patterns []string
		left     []string
		out      []string // reported: a folder once, not what is in it
	}{
		"nothing":                  {nil, all, nil},
		"a name anywhere":          {[]string{"c.o"}, []string{"a", "a/b", "a/b/d", "b", "x", "x/a", "x/a/e"}, []string{"a/b/c.o", "a/c.o", "c.o"}},
		"a wildcard":               {[]string{"*.o"}, []string{"a", "a/b", "a/b/d", "b", "x", "x/a", "x/a/e"}, []string{"a/b/c.o", "a/c.o", "c.o"}},
		"a folder with its files":  {[]string{"a"}, []string{"b", "c.o", "x"}, []string{"a", "x/a"}},
		"bound to the root":        {[]string{"/a"}, []string{"b", "c.o", "x", "x/a", "x/a/e"}, []string{"a"}},
		"a slash within binds too": {[]string{"a/b"}, []string{"a", "a/c.o", "b", "c.o", "x", "x/a", "x/a/e"}, []string{"a/b"}},
		"folders only":             {[]string{"b/"}, []string{"a", "a/c.o", "b", "c.o", "x", "x/a", "x/a/e"}, []string{"a/b"}},
		"saved again":              {[]string{"*.o", "!a/c.o"}, []string{"a", "a/b", "a/b/d", "a/c.o", "b", "x", "x/a", "x/a/e"}, []string{"a/b/c.o", "c.o"}},
		"the last one decides":     {[]string{"!b", "b"}, []string{"a", "a/c.o", "c.o", "x", "x/a", "x/a/e"}, []string{"a/b", "b"}},
		"nothing below is saved again": {[]string{"a", "!a/c.o"}, []string{"b", "c.o", "x"},
			[]string{"a", "x/a"}},
		"only some files": {[]string{"*", "!*/", "!*.o"}, []string{"a", "a/b", "a/b/c.o", "a/c.o", "c.o", "x", "x/a"},
			[]string{"a/b/d", "b", "x/a/e"}},
		"content but not the folder": {[]string{"a/**"}, []string{"a", "b", "c.o", "x", "x/a", "x/a/e"}, []string{"a/b", "a/c.o"}},
		"at any depth below":         {[]string{"a/**/*.o"}, []string{"a", "a/b", "a/b/d", "b", "c.o", "x", "x/a", "x/a/e"}, []string{"a/b/c.o", "a/c.o"}},
		"two names at any depth":     {[]string{"**/a/e"}, []string{"a", "a/b", "a/b/c.o", "a/b/d", "a/c.o", "b", "c.o", "x", "x/a"}, []string{"x/a/e"}},
		"a negated class":            {[]string{"/[!ax]*"}, []string{"a", "a/b", "a/b/c.o", "a/b/d", "a/c.o", "x", "x/a", "x/a/e"}, []string{"b", "c.o"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plant(t, dir, "a/b/c.o", "a/b/d", "a/c.o", "b", "c.o", "x/a/e")
			var out []string
			got := save(t, source.Folder(dir, source.FolderOptions{
				Exclude:  c.patterns,
				Excluded: func(path string) { out = append(out, path) },
			}))
			require.Equal(t, c.left, got.paths())
			slices.Sort(out)
			require.Equal(t, c.out, out)
		})
	}
}

func TestExcludeRefusesWhatIsNoPattern(t *testing.T) {
	for _, p := range []string{"", " ", "/", "!", "a//b", "[a", `a\`, "a/[", "!/"} {
		_, err := source.Folder(t.TempDir(), source.FolderOptions{Exclude: []string{p}}).Open(t.Context())
		require.ErrorIs(t, err, source.ErrPattern, "%q", p)
	}
}

func TestCacheDirTag(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "cache/big", "cache/sub/x", "no/x", "x")
	tag := "Signature: 8a477f597d28d172789f06886806bc55\n# made by a test\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cache", "CACHEDIR.TAG"), []byte(tag), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "no", "CACHEDIR.TAG"), []byte("Signature: 8a477f59"), 0o644))
	var out []string
	o := source.FolderOptions{CacheDirTag: true, Excluded: func(path string) { out = append(out, path) }}

	got := save(t, source.Folder(dir, o))
	require.Equal(t, []string{"cache", "cache/CACHEDIR.TAG", "no", "no/CACHEDIR.TAG", "no/x", "x"}, got.paths())
	require.Equal(t, tag, got.contents["cache/CACHEDIR.TAG"])
	require.Equal(t, []string{"cache"}, out)

	require.Equal(t, []string{"CACHEDIR.TAG"}, save(t, source.Folder(filepath.Join(dir, "cache"), o)).paths())
	require.Contains(t, save(t, source.Folder(dir, source.FolderOptions{})).paths(), "cache/big")
}

func TestSkipDirsByWhateverName(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "store/packs/x", "cache/y", "a/store/z")
	alias := filepath.Join(t.TempDir(), "alias")
	require.NoError(t, os.Symlink(filepath.Join(dir, "store"), alias))
	var out []string

	got := save(t, source.Folder(dir, source.FolderOptions{
		SkipDirs: []string{alias, filepath.Join(dir, "cache"), filepath.Join(dir, "none yet")},
		Excluded: func(path string) { out = append(out, path) },
	}))
	require.Equal(t, []string{"a", "a/store", "a/store/z"}, got.paths())
	require.Equal(t, []string{"cache", "store"}, out)
}
