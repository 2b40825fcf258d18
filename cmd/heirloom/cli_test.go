package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cli runs command lines against a store of its own, which is not made yet.
type cli struct {
	t     *testing.T
	dir   string // what the test has for itself; DIR in arguments and output
	env   map[string]string
	stdin string
	now   time.Time // stands still during a run
	ask   func(prompt string) (string, error)
}

func newCLI(t *testing.T) *cli {
	dir := t.TempDir()
	return &cli{t: t, dir: dir, now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), env: map[string]string{
		"HEIRLOOM_STORE":     filepath.Join(dir, "store"),
		"HEIRLOOM_CACHE_DIR": filepath.Join(dir, "cache"),
	}}
}

// outcome is how a command ended.
type outcome struct {
	status         int
	stdout, stderr string
}

// run executes one command line.
func (c *cli) run(args ...string) outcome {
	c.t.Helper()
	var out, errs bytes.Buffer
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "DIR", c.dir)
	}
	status := run(c.t.Context(), args, c.environment(&out, &errs))
	return outcome{status, c.anonymous(out.String()), c.anonymous(errs.String())}
}

func (c *cli) anonymous(s string) string { return strings.ReplaceAll(s, c.dir, "DIR") }

func (c *cli) environment(out, errs *bytes.Buffer) environment {
	env := environment{
		Stdin: strings.NewReader(c.stdin), Stdout: out, Stderr: errs,
		Getenv:       func(name string) string { return c.env[name] },
		Now:          func() time.Time { return c.now },
		UserName:     func() (string, error) { return "ada", nil },
		Zone:         time.FixedZone("CET", 3600),
		UserCacheDir: func() (string, error) { return "", errors.New("no home") },
	}
	if c.ask != nil {
		env.AskSecret = func(_ context.Context, prompt string) ([]byte, error) {
			answer, err := c.ask(prompt)
			return []byte(answer), err
		}
	}
	return env
}

// must executes a command line that has to succeed without a word on stderr, and returns what it printed.
func (c *cli) must(args ...string) string {
	c.t.Helper()
	got := c.run(args...)
	require.Equal(c.t, outcome{status: int(statusOK), stdout: got.stdout}, got, "%v", args)
	return got.stdout
}

// decode executes a command line with --json, which has to end with the given status, and reads its document.
func (c *cli) decode(status status, document any, args ...string) {
	c.t.Helper()
	got := c.run(append(args, "--json")...)
	require.Equal(c.t, int(status), got.status, "%v: %s", args, got.stderr)
	require.NoError(c.t, json.Unmarshal([]byte(got.stdout), document), "%v: %s", args, got.stdout)
}

// file writes a file below dir and returns its path.
func (c *cli) file(name, content string) string {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(c.t, os.WriteFile(path, []byte(content), 0o644))
	require.NoError(c.t, os.Chtimes(path, c.now.AddDate(0, -1, 0), c.now.AddDate(0, -1, 0)))
	return path
}

// stored returns the names of the store's objects.
func (c *cli) stored() (names []string) {
	c.t.Helper()
	store := filepath.Join(c.dir, "store")
	require.NoError(c.t, filepath.WalkDir(store, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(path, store+"/"))
		}
		return err
	}))
	return names
}

// withBackup returns a command line whose store has a snapshot of the folder www.
func withBackup(t *testing.T) *cli {
	t.Helper()
	c := newCLI(t)
	c.file("www/index.html", "<p>hello</p>\n")
	c.file("www/img/logo", strings.Repeat("logo", 50_000))
	require.NoError(t, os.Symlink("index.html", filepath.Join(c.dir, "www/start")))
	c.must("init")
	c.must("backup", "DIR/www")
	return c
}

const wwwAddress = "dataset/www/2026-11-22T02:00:00.000Z"
