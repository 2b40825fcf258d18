package conventions_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "github.com/heirloom-backup/heirloom"
	root   = "../.."
)

// listed is what the go command says of a package.
type listed struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string // of the package itself, tests left out
	Deps       []string // with those of its imports
}

// packages lists the module's packages as they are built for an operating system.
func packages(t *testing.T, system string) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Dir,GoFiles,Imports,Deps", "./...")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	var list []listed
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		list = append(list, p)
	}
	require.NotEmpty(t, list)
	return list
}

// public says whether programs outside the module can import the package.
func (p *listed) public() bool {
	return p.Name != "main" && !strings.Contains(p.ImportPath+"/", "/internal/")
}

// short is an import path without the module's own: "." for the package at its root.
func short(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

// matches says whether a package is meant by a pattern: "datastore", or "datastore/..." for it and all below it, or
// "..." for all. A "!" before it turns it around.
func matches(pattern, pkg string) bool {
	if rest, not := strings.CutPrefix(pattern, "!"); not {
		return !matches(rest, pkg)
	}
	if above, all := strings.CutSuffix(pattern, "..."); all {
		return above == "" || pkg == path.Clean(above) || strings.HasPrefix(pkg, above)
	}
	return pkg == pattern
}
