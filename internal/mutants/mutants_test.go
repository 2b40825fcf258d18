package mutants

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const mutated = "../../datastore"

// TestMutantsApply keeps the list true to the code: each edit still finds its place, and what comes of it is Go.
func TestMutantsApply(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.step, func(t *testing.T) {
			for name, code := range m.apply(t) {
				_, err := parser.ParseFile(token.NewFileSet(), name, code, 0)
				require.NoError(t, err)
			}
		})
	}
}

// TestMutants lets each mutant meet the test that must find it. It takes minutes, and runs when it is asked for.
func TestMutants(t *testing.T) {
	if os.Getenv("HEIRLOOM_TEST_MUTANTS") == "" {
		t.Skip("HEIRLOOM_TEST_MUTANTS is not set")
	}
	for _, m := range mutants {
		t.Run(m.step, func(t *testing.T) {
			said := m.meet(t)
			require.NotContains(t, said, "[build failed]", "a mutant must compile")
			require.Contains(t, said, "--- FAIL: "+strings.SplitN(m.found, "/", 2)[0], "the mutant was not found")
			t.Log(reason(said))
		})
	}
}

// apply returns the mutated files, by path.
func (m mutant) apply(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, e := range m.edits {
		path := filepath.Join(mutated, e.file)
		code, ok := files[path]
		if !ok {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			code = string(data)
		}
		if e.old == "" {
			files[path] = code + e.new
			continue
		}
		require.Equal(t, 1, strings.Count(code, e.old), "in %s there must be once:\n%s", e.file, e.old)
		files[path] = strings.Replace(code, e.old, e.new, 1)
	}
	return files
}

// meet compiles the mutant in and returns what its test says.
func (m mutant) meet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for path, code := range m.apply(t) {
		real, err := filepath.Abs(path)
		require.NoError(t, err)
		changed := filepath.Join(dir, strings.ReplaceAll(filepath.ToSlash(path), "/", "_"))
		require.NoError(t, os.WriteFile(changed, []byte(code), 0o600))
		overlay.Replace[real] = changed
	}
	data, err := json.Marshal(overlay)
	require.NoError(t, err)
	list := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(list, data, 0o600))
	cmd := exec.Command("go", "test", "-vet=off", "-count=1", "-timeout=20m", "-overlay="+list, "-run=^"+m.found, ".")
	cmd.Dir = mutated
	cmd.Env = append(os.Environ(), "HEIRLOOM_TEST_NO_SKIP=")
	said, _ := cmd.CombinedOutput() // it fails, and how it fails is the result
	return string(said)
}

// reason returns the line that says what went wrong.
func reason(said string) string {
	for line := range strings.Lines(said) {
		if strings.Contains(line, "_test.go:") || strings.Contains(line, "Error:") {
			return strings.TrimSpace(line)
		}
	}
	return said
}
