package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// newRecorded is a command line that records what it does.
func newRecorded(t *testing.T) *cli {
	c := newCLI(t)
	c.env["HEIRLOOM_DATA"] = filepath.Join(c.dir, "data")
	c.must("init")
	require.NoError(t, os.Mkdir(filepath.Join(c.dir, "src"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "src", "file"), []byte(noise(50<<10)), 0o600))
	return c
}

// taskPage is a page of tasks as a script reads it.
type taskPage struct {
	Tasks      []recordedTask
	Next       *string
	Unreadable []string
}

type recordedTask struct {
	UPID, Type, User, Source, Target, Status string
	Bytes                                    int64
	Error                                    struct{ Code, Class, Message, Tip string }
}

// tasks lists what fits.
func (c *cli) tasks(args ...string) []recordedTask {
	c.t.Helper()
	var page taskPage
	c.decode(statusOK, &page, append([]string{"task", "list"}, args...)...)
	require.Empty(c.t, page.Unreadable)
	return page.Tasks
}

func TestCommandsAreRecorded(t *testing.T) {
	c := newRecorded(t)
	c.must("backup", "DIR/src")
	c.must("verify")
	c.must("restore", "dataset/src/latest", "DIR/out")
	c.must("prune", "--keep", "keep-last=1")
	c.must("gc")

	kinds := map[string]recordedTask{}
	for _, task := range c.tasks() {
		require.Equal(t, "ok", task.Status, task.UPID)
		require.Equal(t, "ada", task.User)
		kinds[task.Type] = task
	}
	require.Len(t, kinds, 5)
	require.Equal(t, "DIR/src", kinds["backup"].Source)
	require.Equal(t, "DIR/store", kinds["backup"].Target)
	require.EqualValues(t, 50<<10, kinds["backup"].Bytes)
	require.Equal(t, "dataset/src/latest", kinds["restore"].Source)
	require.Equal(t, "DIR/out", kinds["restore"].Target)
	require.Contains(t, c.must("task", "log", kinds["backup"].UPID), "dataset/src/2026-11-22T02:00:00.000Z")
}

func TestWhatOnlyLooksIsNotRecorded(t *testing.T) {
	c := newRecorded(t)
	c.must("backup", "DIR/src")
	c.must("backup", "--dry-run", "DIR/src")
	c.must("prune", "--keep", "keep-last=1", "--simulate")
	c.must("gc", "--plan")
	c.must("snapshots")
	require.Len(t, c.tasks(), 1)
}

func TestWithoutDataNothingIsRecorded(t *testing.T) {
	c := newRecorded(t)
	delete(c.env, "HEIRLOOM_DATA")
	c.must("backup", "DIR/src")
	require.NoDirExists(t, filepath.Join(c.dir, "data"))
	got := c.run("task", "list")
	require.Equal(t, statusUsage, status(got.status))
	require.Contains(t, got.stderr, "name it with --data or HEIRLOOM_DATA")
}

func TestFailureIsRecordedWithRemedy(t *testing.T) {
	c := newRecorded(t)
	c.env["HEIRLOOM_STORE"] = filepath.Join(c.dir, "elsewhere")
	require.Equal(t, statusFailed, status(c.run("backup", "DIR/src").status))
	failed := c.tasks("--status", "failed")
	require.Len(t, failed, 1)
	require.Equal(t, "no-store", failed[0].Error.Code)
	require.Contains(t, failed[0].Error.Tip, "heirloom init --store")
	require.Contains(t, c.must("task", "log", failed[0].UPID), "code=no-store")
}

func TestDamageIsAFailedTask(t *testing.T) {
	c := newRecorded(t)
	c.must("backup", "DIR/src")
	packs, err := filepath.Glob(filepath.Join(c.dir, "store", "packs", "*", "*"))
	require.NoError(t, err)
	for _, pack := range packs {
		data, err := os.ReadFile(pack)
		require.NoError(t, err)
		if len(data) < 40<<10 {
			continue
		}
		data[1000] ^= 1
		require.NoError(t, os.Chmod(pack, 0o600))
		require.NoError(t, os.WriteFile(pack, data, 0o600))
	}
	require.Equal(t, statusDamage, status(c.run("verify").status))
	task := c.tasks("--type", "verify")[0]
	require.Equal(t, "failed", task.Status)
	require.Equal(t, "damage", task.Error.Class)
	require.Contains(t, c.must("task", "log", task.UPID), "file")
}

func TestRecordThatCannotBeMade(t *testing.T) {
	c := newRecorded(t)
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "data"), nil, 0o600))
	got := c.run("backup", "DIR/src")
	require.Equal(t, statusFailed, status(got.status))
	require.Contains(t, got.stderr, "--data DIR/data")
	require.Equal(t, "[]\n", c.must("snapshots", "--json"), "nothing is done that was to be recorded and cannot be")
}

// TestDataInTheStore has the records of tasks where they would be taken for damage.
func TestDataInTheStore(t *testing.T) {
	c := newRecorded(t)
	require.NoError(t, os.Symlink("store", filepath.Join(c.dir, "link")))
	for _, data := range []string{"store", "store/", "store/data", "store/a/b/c", "link/data", "src/../store"} {
		got := c.run("backup", "DIR/src", "--data", "DIR/"+data)
		require.Equal(t, statusUsage, status(got.status), "%s: %s", data, got.stderr)
		require.Contains(t, got.stderr, "it lies in the store")
	}
	c.must("backup", "DIR/src", "--data", "DIR/store-data")
	c.must("verify", "--data", "DIR/src")
}

func TestTaskQuestionsThatCannotBeAnswered(t *testing.T) {
	c := newRecorded(t)
	c.must("backup", "DIR/src")
	known := c.tasks()[0].UPID
	unknown := strings.Replace(known, ":backup:", ":restore:", 1)
	tests := map[string]struct {
		args   []string
		status status
		says   string
	}{
		"no UPID":            {[]string{"task", "show", "backup"}, statusUsage, "is not a UPID: byte 0"},
		"unknown task":       {[]string{"task", "show", unknown}, statusFailed, "list them with: heirloom task list"},
		"log of an unknown":  {[]string{"task", "log", unknown}, statusFailed, "list them with: heirloom task list"},
		"cancel of an ended": {[]string{"task", "cancel", known}, statusFailed, "the task has ended"},
		"unknown state":      {[]string{"task", "list", "--status", "done"}, statusUsage, "none of queued, running, ok"},
		"bad cursor":         {[]string{"task", "list", "--after", "7"}, statusUsage, "cursor is not one that a page came with"},
		"bad time":           {[]string{"task", "list", "--since", "yesterday"}, statusUsage, "is no time"},
		"limit of nothing":   {[]string{"task", "list", "--limit", "0"}, statusUsage, "not between 1 and 1000"},
		"unknown folder":     {[]string{"task", "list", "--data", "DIR/nowhere"}, statusFailed, "no task was ever recorded there"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := c.run(test.args...)
			require.Equal(t, test.status, status(got.status), got.stderr)
			require.Contains(t, got.stderr, test.says)
			require.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
		})
	}
}

func TestTasksOfAnotherProgram(t *testing.T) {
	c := newRecorded(t)
	c.must("backup", "DIR/src")
	c.env["HEIRLOOM_DATA"] = filepath.Join(c.dir, "data", "tasks") // what a program has that uses the store alone
	require.Len(t, c.tasks("--subject", "DIR/src/"), 1)
}

func TestTaskPages(t *testing.T) {
	c := newRecorded(t)
	for range 5 {
		c.must("verify")
	}
	var seen []string
	var page taskPage
	for args := []string{"task", "list", "--limit", "2"}; ; args = append(args[:4], "--after", *page.Next) {
		page = taskPage{}
		c.decode(statusOK, &page, args...)
		for _, task := range page.Tasks {
			seen = append(seen, task.UPID)
		}
		if page.Next == nil {
			break
		}
	}
	require.Len(t, seen, 5)
	require.Equal(t, 5, strings.Count(c.must("task", "list"), "verify  2026-11-22 03:00:00 CET"), "for people")
	require.Contains(t, c.must("task", "show", seen[0]), "state    ok")
}
