package conventions_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pages returns the project's texts by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	names := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md"}
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, docs)
	for _, name := range docs {
		names = append(names, filepath.Join("docs", filepath.Base(name)))
	}
	found := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		found[name] = string(data)
	}
	return found
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// TestLinks follows the links between the texts and to the code.
func TestLinks(t *testing.T) {
	followed := 0
	for page, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := filepath.Join(root, filepath.Dir(page), m[1])
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
			followed++
		}
	}
	require.Greater(t, followed, 10, "the links were found")
}

// reference is how texts point into the code: `folder/file.go: Name` or `folder/file.go: Type.Method`.
var reference = regexp.MustCompile("`([a-zA-Z0-9_./-]+\\.go)(?:: ([A-Za-z0-9_.]+))?`")

// TestReferences looks up each name in the file in which a text says it is, so that what is renamed or moved, a test
// above all, takes the text with it.
func TestReferences(t *testing.T) {
	found := 0
	for page, text := range pages(t) {
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			file, name := m[1], m[2]
			if !strings.Contains(file, "/") && name == "" {
				continue // a file's name alone, as in a list of a folder's files
			}
			found++
			names, err := declared(filepath.Join(root, file))
			if err != nil {
				t.Errorf("%s speaks of %s: %v", page, file, err)
			} else if name != "" && !names[name] {
				t.Errorf("%s speaks of %s in %s, which does not declare it", page, name, file)
			}
		}
	}
	require.Greater(t, found, 30, "the references were found")
}

// declared returns the names that a file declares at its top level, methods as Type.Method.
func declared(path string) (map[string]bool, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = receiverName(d.Recv.List[0].Type) + "." + name
			}
			names[name] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				addDeclared(names, spec)
			}
		}
	}
	return names, nil
}

func addDeclared(names map[string]bool, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names[s.Name.Name] = true
	case *ast.ValueSpec:
		for _, name := range s.Names {
			names[name.Name] = true
		}
	}
}

// TestReadmeIsTheExample holds the README's Go to the example that is compiled and run.
func TestReadmeIsTheExample(t *testing.T) {
	example, err := os.ReadFile(filepath.Join(root, "example_test.go"))
	require.NoError(t, err)
	_, rest, ok := strings.Cut(pages(t)["README.md"], "```go\n")
	require.True(t, ok, "the README has a piece of Go")
	snippet, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	require.Greater(t, strings.Count(snippet, "\n"), 20)
	require.Contains(t, string(example), snippet)
}

// TestMapIsComplete holds the map in doc.go to the packages that can be imported.
func TestMapIsComplete(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "doc.go"))
	require.NoError(t, err)
	for _, p := range packages(t, "linux") {
		if name := short(p.ImportPath); p.public() && name != "." {
			require.Contains(t, string(data), "\t"+name+" ", "the map in doc.go shows every package")
		}
	}
}
