package source_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

func TestExclude(t *testing.T) {
	all := "a a/b a/b/c.o a/b/d a/c.o b c.o x x/a x/a/e"
	for name, c := range map[string]struct {
		patterns string
		left     string
		out      string // reported: a folder once, not what is in it
	}{
		"nothing":                      {"", all, ""},
		"a name anywhere":              {"c.o", "a a/b a/b/d b x x/a x/a/e", "a/b/c.o a/c.o c.o"},
		"a wildcard":                   {"*.o", "a a/b a/b/d b x x/a x/a/e", "a/b/c.o a/c.o c.o"},
		"a folder with its files":      {"a", "b c.o x", "a x/a"},
		"bound to the root":            {"/a", "b c.o x x/a x/a/e", "a"},
		"a slash within binds too":     {"a/b", "a a/c.o b c.o x x/a x/a/e", "a/b"},
		"folders only":                 {"b/", "a a/c.o b c.o x x/a x/a/e", "a/b"},
		"saved again":                  {"*.o !a/c.o", "a a/b a/b/d a/c.o b x x/a x/a/e", "a/b/c.o c.o"},
		"the last one decides":         {"!b b", "a a/c.o c.o x x/a x/a/e", "a/b b"},
		"nothing below is saved again": {"a !a/c.o", "b c.o x", "a x/a"},
		"only some files":              {"* !*/ !*.o", "a a/b a/b/c.o a/c.o c.o x x/a", "a/b/d b x/a/e"},
		"content but not the folder":   {"a/**", "a b c.o x x/a x/a/e", "a/b a/c.o"},
		"at any depth below":           {"a/**/*.o", "a a/b a/b/d b c.o x x/a x/a/e", "a/b/c.o a/c.o"},
		"two names at any depth":       {"**/a/e", "a a/b a/b/c.o a/b/d a/c.o b c.o x x/a", "x/a/e"},
		"a negated class":              {"/[!ax]*", "a a/b a/b/c.o a/b/d a/c.o x x/a x/a/e", "b c.o"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plant(t, dir, "a/b/c.o", "a/b/d", "a/c.o", "b", "c.o", "x/a/e")
			var out []string
			got := save(t, source.Folder(dir, source.FolderOptions{
				Exclude:  strings.Fields(c.patterns),
				Excluded: func(path string) { out = append(out, path) },
			}))
			require.Equal(t, c.left, strings.Join(got.paths(), " "))
			slices.Sort(out)
			require.Equal(t, c.out, strings.Join(out, " "))
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
