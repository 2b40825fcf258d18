package conventions_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// understood are methods whose meaning is that of the interface they are for.
var understood = []string{"Error", "Unwrap", "Is", "As", "String"}

// TestDocumented reports each exported name without a doc comment, and each package without one. A comment on a group
// of constants, variables or types stands for all in it.
func TestDocumented(t *testing.T) {
	names := 0
	for _, p := range packages(t, "linux") {
		comment := false
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments)
			require.NoError(t, err)
			comment = comment || file.Doc != nil
			for exported, documented := range exportedNames(file) {
				names++
				if !documented {
					t.Errorf("%s.%s has no doc comment", short(p.ImportPath), exported)
				}
			}
		}
		if !comment {
			t.Errorf("package %s has no comment", short(p.ImportPath))
		}
	}
	require.Greater(t, names, 100, "the packages were found")
}

// exportedNames returns the exported names that a file declares, and whether they are documented.
func exportedNames(file *ast.File) map[string]bool {
	found := map[string]bool{}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			addFunc(found, d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				addSpec(found, spec, d.Doc != nil)
			}
		}
	}
	return found
}

func addFunc(found map[string]bool, d *ast.FuncDecl) {
	name := d.Name.Name
	if d.Recv != nil {
		receiver := receiverName(d.Recv.List[0].Type)
		if !ast.IsExported(receiver) || slices.Contains(understood, name) {
			return
		}
		name = fmt.Sprintf("%s.%s", receiver, name)
	}
	if ast.IsExported(d.Name.Name) {
		found[name] = d.Doc != nil
	}
}

func receiverName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func addSpec(found map[string]bool, spec ast.Spec, group bool) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if ast.IsExported(s.Name.Name) {
			found[s.Name.Name] = group || s.Doc != nil || s.Comment != nil
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if ast.IsExported(name.Name) {
				found[name.Name] = group || s.Doc != nil || s.Comment != nil
			}
		}
	}
}

func TestUndocumentedNamesAreFound(t *testing.T) {
	const source = `package p

// T is documented.
type T struct{}

func (T) Bare() {}
func (T) String() string { return "" }
func F() {}
func hidden() {}

// The constants.
const (
	A = 1
	B = 2
)

var V = 1
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	require.NoError(t, err)
	want := map[string]bool{"T": true, "T.Bare": false, "F": false, "A": true, "B": true, "V": false}
	require.Equal(t, want, exportedNames(file))
}
