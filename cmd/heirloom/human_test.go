package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestPrintable(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain":           {"index.html", "index.html"},
		"other alphabets": {"Übung 日本 ☂", "Übung 日本 ☂"},
		"quotes":          {`a "b" \c`, `a "b" \c`},
		"escape sequence": {"a\x1b[2Jb", `a\x1b[2Jb`},
		"newline":         {"a\nb", `a\nb`},
		"not UTF-8":       {"caf\xe9", `caf\xe9`},
		"turns the line":  {"a\u202eb", `a\u202eb`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, printable(test.in)) })
	}
}

func TestModeText(t *testing.T) {
	tests := map[string]tree.Entry{
		"-rw-r--r--": {Type: tree.File, Mode: 0o644},
		"drwxrwxrwt": {Type: tree.Dir, Mode: 0o1777},
		"-rwsr-Sr-T": {Type: tree.File, Mode: 0o7744},
		"lrwxrwxrwx": {Type: tree.Symlink, Mode: 0o777},
		"c---------": {Type: tree.CharDevice},
		"brw-rw----": {Type: tree.BlockDevice, Mode: 0o660},
		"prw-------": {Type: tree.FIFO, Mode: 0o600},
		"srwx------": {Type: tree.Socket, Mode: 0o700},
	}
	for want, e := range tests {
		require.Equal(t, want, modeText(&e))
	}
}

func TestAddressTextIsReadAgain(t *testing.T) {
	for _, name := range []string{"www", "a/b:c%d", "caf\xe9", "line\nbreak", "日本", "\u202e"} {
		a := datastore.Address{Group: datastore.Group{Namespace: "prod/db", Kind: datastore.Dataset, Name: name},
			Time: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)}
		text := addressText(a)
		require.NotContainsf(t, text, "\n", "%q", name)
		again, err := datastore.ParseAddress(text)
		require.NoError(t, err)
		require.Equal(t, a, again)
	}
}
