package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answers makes a person who types the given texts, in order.
func (c *cli) answers(texts ...string) (prompts *[]string) {
	prompts = new([]string)
	c.ask = func(prompt string) (string, error) {
		*prompts = append(*prompts, c.anonymous(prompt))
		if len(texts) == 0 {
			return "", errors.New("nobody answers")
		}
		answer := texts[0]
		texts = texts[1:]
		return answer, nil
	}
	return prompts
}

func TestPassphraseIsAskedForOnATerminal(t *testing.T) {
	c := newCLI(t)
	prompts := c.answers("secret", "secret", "secret", "wrong")
	created := c.run("init", "--encrypt")
	require.Equal(t, int(statusOK), created.status, created.stderr)
	require.Contains(t, created.stderr, "note: without the passphrase the store cannot be read")
	c.must("snapshots")

	wrong := c.run("snapshots")
	require.Equal(t, int(statusFailed), wrong.status)
	require.Contains(t, wrong.stderr, "check HEIRLOOM_PASSPHRASE or --passphrase-file")
	require.Equal(t, []string{"passphrase of DIR/store: ", "once more: ", "passphrase of DIR/store: ", "passphrase of DIR/store: "}, *prompts)
}

func TestPassphraseTypedDifferentlyChangesNothing(t *testing.T) {
	c := newCLI(t)
	c.answers("secret", "secert")
	got := c.run("init", "--encrypt")
	require.Equal(t, outcome{status: int(statusFailed),
		stderr: "heirloom init: the two passphrases differ: nothing was changed\n"}, got)
	require.NoDirExists(t, c.dir+"/store")
}

func TestPassphraseMissing(t *testing.T) {
	c := newCLI(t)
	const advice = "; set HEIRLOOM_PASSPHRASE or give --passphrase-file\n"
	require.Equal(t, outcome{status: int(statusFailed),
		stderr: "heirloom init: a passphrase is needed and there is none" + advice}, c.run("init", "--encrypt"))
	require.NoDirExists(t, c.dir+"/store")

	c.env["HEIRLOOM_PASSPHRASE"] = "secret"
	c.run("init", "--encrypt")
	delete(c.env, "HEIRLOOM_PASSPHRASE")
	require.Equal(t, outcome{status: int(statusFailed),
		stderr: "heirloom snapshots: DIR/store: open store: a passphrase is needed and there is none" + advice}, c.run("snapshots"))
}

func TestPassphraseFile(t *testing.T) {
	c := newCLI(t)
	c.file("pass", "secret\n")
	c.file("crlf", "secret\r\n")
	c.file("two", "secret\n\n")
	c.file("empty", "\n")
	c.file("huge", strings.Repeat("x", maxSecret+1))
	require.Equal(t, int(statusOK), c.run("init", "--encrypt", "--passphrase-file", "DIR/pass").status)
	c.must("snapshots", "--passphrase-file", "DIR/crlf")
	c.env["HEIRLOOM_PASSPHRASE"] = "something else"
	c.must("snapshots", "--passphrase-file", "DIR/pass")
	for file, want := range map[string]string{
		"two":   "passphrase", // one newline is trimmed, a second belongs to the passphrase
		"empty": "read passphrase: DIR/empty is empty",
		"huge":  "it is no passphrase",
		"none":  "read passphrase: open DIR/none: no such file",
	} {
		got := c.run("snapshots", "--passphrase-file", "DIR/"+file)
		require.Equal(t, int(statusFailed), got.status, file)
		require.Contains(t, got.stderr, want)
		require.NotContains(t, got.stderr, "secret")
	}
}

func TestPlainStoreAsksNothing(t *testing.T) {
	c := newCLI(t)
	prompts := c.answers()
	c.must("init")
	c.must("snapshots")
	require.Empty(t, *prompts)
}

func TestKeys(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_PASSPHRASE"] = "first"
	require.Equal(t, int(statusOK), c.run("init", "--encrypt", "--label", "owner").status)
	missing := c.run("key", "add")
	require.Contains(t, missing.stderr, "; set HEIRLOOM_NEW_PASSPHRASE or give --new-passphrase-file\n")

	c.env["HEIRLOOM_NEW_PASSPHRASE"] = "second"
	require.Regexp(t, "^added key [0-9a-f]{32}\n$", c.must("key", "add", "--label", "deputy"))
	c.file("third", "third\n")
	c.env["HEIRLOOM_PASSPHRASE"] = "second"
	require.Contains(t, c.must("key", "change", "--new-passphrase-file", "DIR/third", "--label", "successor"), "replaced the key by")
	require.Equal(t, int(statusFailed), c.run("snapshots").status, "the second no longer opens the store")

	c.env["HEIRLOOM_PASSPHRASE"] = "third"
	var keys []keyList
	c.decode(statusOK, &keys, "key", "list")
	require.Len(t, keys, 2)
	for _, k := range keys {
		require.Equal(t, k.Label == "successor", k.Current)
		require.Equal(t, "2026-11-22T02:00:00.000Z", k.Created)
		if k.Label == "owner" {
			c.must("key", "remove", k.ID)
		}
	}
	last := c.run("key", "remove", keyCalled(keys, "successor"))
	require.Contains(t, last.stderr, "add another first with: heirloom key add")
	unknown := c.run("key", "remove", "none")
	require.Contains(t, unknown.stderr, "no such key; list them with: heirloom key list")
}

type keyList struct {
	ID, Label, Created string
	Current            bool
}

func keyCalled(keys []keyList, label string) string {
	for _, k := range keys {
		if k.Label == label {
			return k.ID
		}
	}
	return ""
}

func TestEncryptedBackupComesBack(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_PASSPHRASE"] = "secret"
	c.run("init", "--encrypt")
	c.file("www/index.html", "find me")
	c.must("backup", "DIR/www")
	for _, name := range c.stored() {
		data, err := os.ReadFile(c.dir + "/store/" + name)
		require.NoError(t, err)
		require.NotContains(t, string(data), "find me")
		require.NotContains(t, string(data), "index.html")
	}
	require.Equal(t, "find me", c.must("cat", wwwAddress, "index.html"))
	c.must("verify")
}
