package bench_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// need skips the test where the machine lacks something, unless nothing may be skipped.
func need(t *testing.T, programs ...string) {
	t.Helper()
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			require.NotEqual(t, "1", os.Getenv("HEIRLOOM_TEST_NO_SKIP"), "needs %s, and HEIRLOOM_TEST_NO_SKIP forbids to skip", program)
			t.Skipf("needs %s", program)
		}
	}
}

// bench is a folder with small data sets, and what was measured with them.
type bench struct {
	t        *testing.T
	data     string
	heirloom string // the binary
}

func newBench(t *testing.T) bench {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	need(t, "bash", "/usr/bin/time", "mke2fs", "fallocate", "diff", "du")
	t.Setenv("HEIRLOOM_BENCH_SRC", "1")
	t.Setenv("HEIRLOOM_BENCH_VM", "8")
	t.Setenv("HEIRLOOM_BENCH_RAND", "1")
	from, err := filepath.Abs("../../datastore")
	require.NoError(t, err)
	t.Setenv("HEIRLOOM_BENCH_FROM", from)
	b := bench{t, t.TempDir(), filepath.Join(t.TempDir(), "heirloom")}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", b.heirloom, "../../cmd/heirloom").CombinedOutput()
	require.NoError(t, err, string(out))
	return b
}

// run calls a script. The page cache is left as it is: a test must not slow down all else on the machine.
func (b bench) run(script string, args ...string) (stdout string, err error) {
	b.t.Helper()
	args = append([]string{"--warm", "--pairs", "1", "--heirloom", b.heirloom}, args...)
	cmd := exec.CommandContext(b.t.Context(), "./"+script, append(args, b.data)...)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err = cmd.Run(); err != nil {
		b.t.Logf("%s: %v\n%s", cmd, err, messages.String())
	}
	return out.String(), err
}

func (b bench) figures() string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.data, "work", "figures.csv"))
	require.NoError(b.t, err)
	return string(data)
}

// TestShells reads all scripts, which also tells go test that they are what these tests depend on: without it, a result
// would be taken from its cache although a script has changed.
func TestShells(t *testing.T) {
	scripts, err := filepath.Glob("*.sh")
	require.NoError(t, err)
	kinds, err := filepath.Glob("peers/*.sh")
	require.NoError(t, err)
	require.NotEmpty(t, kinds)
	for _, path := range append(scripts, kinds...) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		if first, rest, _ := strings.Cut(string(data), "\n"); first == "#!/usr/bin/env bash" {
			require.Contains(t, rest, "\nset -euo pipefail\n", path)
		} else {
			require.True(t, strings.HasPrefix(first, "# shellcheck shell=bash"), "%s is a script, or is read in by one", path)
		}
	}
}

// TestScripts runs them, one after the other, with so little data that the figures say nothing.
func TestScripts(t *testing.T) {
	b := newBench(t)
	for _, step := range []struct {
		name string
		run  func(bench)
	}{
		{"all operations", bench.allOperations},
		{"add and replace", bench.addAndReplace},
		{"wrong restore", bench.wrongRestore},
		{"installed peers", bench.installedPeers},
		{"growth", bench.growth},
	} {
		t.Run(step.name, func(t *testing.T) {
			step.run(bench{t, b.data, b.heirloom})
		})
	}
}

var alone = []string{"--without", "restic,borg"}

func (b bench) allOperations() {
	table, err := b.run("compare.sh", alone...)
	require.NoError(b.t, err)
	for _, row := range []string{
		"src first backup", "src repository MiB", "src nothing changed", "src restore", "src single file", "src verify",
		"src 1 % changed", "src growth MiB",
		"vm first backup", "vm repository MiB", "vm nothing changed", "vm restore", "vm verify", "vm 1 % changed",
		"vm growth MiB", "vm prune + collect", "vm after collection MiB",
		"rand first backup", "rand repository MiB", "rand restore", "rand verify",
	} {
		require.Contains(b.t, table, "| "+row+" |")
		require.Equal(b.t, 1, strings.Count(b.figures(), row+",heirloom,"), row)
	}
	require.NoDirExists(b.t, filepath.Join(b.data, "src.originals"), "what was changed is put back")
}

func (b bench) addAndReplace() {
	verify := append([]string{"--sets", "rand", "--ops", "verify"}, alone...)
	_, err := b.run("compare.sh", append(verify, "--add")...)
	require.NoError(b.t, err)
	require.Equal(b.t, 2, strings.Count(b.figures(), "rand verify,"), "another pair")
	_, err = b.run("compare.sh", append(verify, "--replace")...)
	require.NoError(b.t, err)
	require.Equal(b.t, 1, strings.Count(b.figures(), "rand verify,"), "instead of the earlier ones")
	require.Contains(b.t, b.figures(), "src restore,", "other rows stay")

	b.t.Setenv("HEIRLOOM_BENCH_RAND", "2")
	_, err = b.run("compare.sh", append(verify, "--add")...)
	require.Error(b.t, err, "these figures would be of other data")
}

func (b bench) installedPeers() {
	var args []string
	for _, peer := range []string{"restic", "borg"} {
		if _, err := exec.LookPath(peer); err == nil {
			args = append(args, "--peer", peer+":my-"+peer+"="+peer) // under another name, to have that tried, too
		}
	}
	if len(args) == 0 {
		b.t.Skip("neither restic nor borg is installed")
	}
	table, err := b.run("compare.sh", append(append(args, "--sets", "rand", "--ops", "restore"), alone...)...)
	require.NoError(b.t, err)
	require.Regexp(b.t, `\| s, or MiB \| heirloom \| my-`, table)
	require.Regexp(b.t, `\| rand restore \| [0-9.]+ \| [0-9.]+ \([0-9.]+\) \|`, table)
}

// wrongRestore has a program that loses a byte.
func (b bench) wrongRestore() {
	script := "#!/bin/bash\n" + b.heirloom + ` "$@"
[ "$2" != restore ] || truncate -s -1 "${@: -1}"
`
	b.heirloom = filepath.Join(b.data, "forgetful")
	require.NoError(b.t, os.WriteFile(b.heirloom, []byte(script), 0o755))
	_, err := b.run("compare.sh", append([]string{"--sets", "rand", "--ops", "restore"}, alone...)...)
	require.Error(b.t, err)
}

func (b bench) growth() {
	table, err := b.run("growth.sh", "--src", "1", "--vm", "8", "--times", "2")
	require.NoError(b.t, err)
	require.Regexp(b.t, `\| src verify \| [0-9.]+ \| [0-9.]+ \| 1.00 \| [0-9]+ \| [0-9]+ \|`, table)
}
