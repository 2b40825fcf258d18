package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/restore"
)

// reporter is a program that writes into buffers.
func reporter(json bool) (p *program, stdout, stderr *bytes.Buffer) {
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	return &program{environment: environment{Stdout: stdout, Stderr: stderr}, json: json}, stdout, stderr
}

func TestSkippedFilesAreNamedAndChangeTheStatus(t *testing.T) {
	result := &backup.Result{Mode: datastore.Full, Skipped: 1003,
		Warnings: []datastore.Warning{{Path: "etc/shadow", Reason: "open: permission denied"}, {Path: "caf\xe9\n", Reason: "gone"}}}
	p, stdout, stderr := reporter(true)
	require.Equal(t, statusWarnings, p.reportBackup(result))
	require.Equal(t, "warning: etc/shadow: open: permission denied\nwarning: caf\\xe9\\n: gone\nwarning: 1,001 more\n", stderr.String())
	var document struct {
		Complete bool
		Warnings []struct{ Path, Reason string }
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &document))
	require.False(t, document.Complete)
	require.Len(t, document.Warnings, 2)
	require.Equal(t, "caf%E9\n", document.Warnings[1].Path)

	p, stdout, stderr = reporter(false)
	p.quiet = true
	require.Equal(t, statusWarnings, p.reportBackup(result))
	require.Empty(t, stdout.String())
	require.NotEmpty(t, stderr.String(), "a quiet run does not hide what is missing")
}

func TestStatusOfARestore(t *testing.T) {
	tests := map[string]struct {
		result restore.Result
		want   error
	}{
		"all well": {restore.Result{}, nil},
		"warnings": {restore.Result{WarningCount: 2, Warnings: []datastore.Warning{{Path: "a", Reason: "owner"}}}, statusWarnings},
		"damage":   {restore.Result{WarningCount: 1, DamageCount: 3, Damage: []restore.Damage{{Path: "a", Length: 7}}}, statusDamage},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, _, stderr := reporter(false)
			require.Equal(t, test.want, p.nameRestored(&test.result))
			require.Equal(t, test.want == nil, stderr.Len() == 0)
		})
	}
}

// full is a file on a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAnswerThatCannotBeWrittenIsAFailure(t *testing.T) {
	c := withBackup(t)
	for _, args := range [][]string{{"snapshots"}, {"ls", wwwAddress, "--json"}, {"cat", wwwAddress, "img/logo"}, {"stats"},
		{"verify"}, {"backup", c.dir + "/www", "--json"}, {"schedule", "next", "daily"}, {"version"}, {"--help"}} {
		var stderr bytes.Buffer
		env := c.environment(nil, &stderr)
		env.Stdout = io.Writer(full{})
		require.Equal(t, int(statusFailed), run(t.Context(), args, env), args)
		require.Contains(t, stderr.String(), "no space left")
	}
}
