package schedule_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestImports holds the package to the standard library, through all that it imports: another project takes in
// nothing with it.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard", ".").Output()
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	var listed []string
	for {
		var p struct {
			ImportPath string
			Standard   bool
		}
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		listed = append(listed, p.ImportPath)
		if !strings.HasSuffix(p.ImportPath, "heirloom/schedule") {
			require.True(t, p.Standard, "%s is not part of the standard library", p.ImportPath)
		}
		for _, unwanted := range []string{"os/exec", "net", "log", "time/tzdata"} {
			require.NotEqual(t, unwanted, p.ImportPath, "a schedule is pure, and small")
		}
	}
	require.Contains(t, listed, "time")
}
