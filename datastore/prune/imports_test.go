package prune_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Beside the standard library a prune knows what a store and a policy say in public, and nothing beneath or above them.
func TestImports(t *testing.T) {
	const module = "github.com/heirloom-backup/heirloom/"
	allowed := []string{module + "datastore", module + "retention"}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
				require.Contains(t, allowed, path, "%s", name)
				found[path] = true
			}
		}
	}
	require.Len(t, found, len(allowed), "the files of the package were read")
}
