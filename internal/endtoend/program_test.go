//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// executable is the program under test, built once for all tests of a run.
var executable string

func TestMain(m *testing.M) {
	os.Exit(withProgram(m.Run))
}

func withProgram(run func() int) int {
	dir, err := os.MkdirTemp("", "heirloom-endtoend-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // other users run it, too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	executable = filepath.Join(dir, "heirloom")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", executable, "../../cmd/heirloom").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build heirloom: %v\n%s", err, out)
		return 1
	}
	return run()
}
