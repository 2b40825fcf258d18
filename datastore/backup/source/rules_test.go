package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/internal/needs"
)

// excludedFromAbove says what a walk does: nothing below an excluded folder is looked at.
func excludedFromAbove(r rules, path string, isDir bool) bool {
	names := strings.Split(path, "/")
	for i, name := range names {
		m := &matcher{r, append(slices.Clone(names[:i]), "")}
		if m.excludes(name, i < len(names)-1 || isDir) {
			return true
		}
	}
	return false
}

// TestExcludeAgreesWithGit takes patterns made at random to git.
func TestExcludeAgreesWithGit(t *testing.T) {
	_, err := exec.LookPath("git")
	needs.That(t, err == nil, "git")
	dir := t.TempDir()
	paths := repository(t, dir)
	name := rapid.SampledFrom([]string{"a", "b", "ab", "*", "**", "a*", "?", "[!a]", "*b", `\a`})
	pattern := rapid.Custom(func(t *rapid.T) string {
		sign := rapid.SampledFrom([]string{"", "", "!", "/", "!/"}).Draw(t, "sign")
		end := rapid.SampledFrom([]string{"", "", "/"}).Draw(t, "end")
		return sign + strings.Join(rapid.SliceOfN(name, 1, 4).Draw(t, "names"), "/") + end
	})
	rapid.Check(t, func(rt *rapid.T) {
		patterns := rapid.SliceOfN(pattern, 1, 4).Draw(rt, "patterns")
		r, err := parseRules(patterns)
		require.NoError(rt, err)
		var ours []string
		for _, p := range paths {
			path, isDir := strings.CutSuffix(p, "/")
			if excludedFromAbove(r, path, isDir) {
				ours = append(ours, path)
			}
		}
		require.Equal(rt, ignored(rt, dir, patterns, paths), ours)
	})
}

// repository makes a repository of folders, whose names end in "/", and files.
func repository(t *testing.T, dir string) []string {
	require.NoError(t, exec.Command("git", "init", "-q", dir).Run())
	paths := []string{"a/", "b/", "ab"}
	for _, top := range []string{"a/", "b/"} {
		paths = append(paths, top+"a/", top+"b", top+"ab/", top+"ab/a", top+"a/a/", top+"a/b/", top+"a/b/a", top+"a/a/b")
	}
	for _, p := range paths {
		full := filepath.Join(dir, p)
		if strings.HasSuffix(p, "/") {
			require.NoError(t, os.MkdirAll(full, 0o755))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, nil, 0o644))
	}
	return paths
}

func ignored(t require.TestingT, dir string, patterns, paths []string) []string {
	file := filepath.Join(dir, ".git", "info", "exclude")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(patterns, "\n")+"\n"), 0o644))
	git := exec.Command("git", "-C", dir, "check-ignore", "--no-index", "--stdin")
	git.Stdin = strings.NewReader(strings.ReplaceAll(strings.Join(paths, "\n")+"\n", "/\n", "\n"))
	out, err := git.Output()
	if len(out) == 0 {
		return nil // and an exit code that says so
	}
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func FuzzExclude(f *testing.F) {
	for _, s := range []string{"a", "/a/**/b/", "!*.o", "[!a-z]*", "a**b", `\[x\ `, "**", "**/**", "a//b"} {
		f.Add(s, "a/b/c")
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		r, err := parseRule(pattern)
		if err != nil {
			require.ErrorIs(t, err, ErrPattern)
			return
		}
		names := strings.Split(path, "/")
		again, err := parseRule("**/" + strings.TrimPrefix(strings.TrimPrefix(pattern, "!"), "/"))
		require.NoError(t, err)
		require.True(t, !r.matches(names) || again.matches(names), "what matches at the root matches anywhere")
	})
}
