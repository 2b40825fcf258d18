package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDocuments checks the members of every document, their order and their types.
func TestDocuments(t *testing.T) {
	const snapshot = "snapshot string, namespace string, kind string, name string, time string, mode string, parent null, " +
		"generation number, bytes_source number, complete bool, held bool, job string"
	const pruned = "{snapshot string, keep bool, reasons [string], bytes_source number}"
	const planned = "snapshot string, id string, time string, keep bool, reasons [string], why string, bytes_source number"
	tests := []struct{ args, want string }{
		{"backup DIR/www", "{snapshot string, complete bool, mode string, parent string, files number, dirs number, " +
			"bytes_source number, bytes_read number, bytes_new number, bytes_stored number, chunks number, chunks_new number, " +
			"dedup_hit_rate number, compression_ratio null, seconds number, warnings []}"},
		{"backup DIR/www --name other --dry-run", "{snapshot null, complete bool, mode string, parent null, files number, dirs number, " +
			"bytes_source number, bytes_read number, bytes_new number, bytes_stored number, chunks number, chunks_new number, " +
			"dedup_hit_rate number, compression_ratio null, seconds number, warnings []}"},
		{"snapshots", "[{" + snapshot + "} {" + strings.Replace(snapshot, "parent null", "parent string", 1) + "}]"},
		{"snapshots --name none", "[]"},
		{"ls dataset/www/latest img", "[{path string, name string, type string, mode string, uid number, gid number, size number, mtime string}]"},
		{"ls dataset/www/latest start", "[{path string, name string, type string, mode string, uid number, gid number, size number, " +
			"mtime string, target string}]"},
		{"restore dataset/www/latest DIR/back", "{snapshot string, dest string, files number, dirs number, others number, " +
			"bytes number, seconds number, warnings [], damage []}"},
		{"verify " + wwwAddress, "[{snapshot string, result string, chunks number, bytes number, seconds number, damage []}]"},
		{"snapshots --job manual", "[{" + snapshot + ", verified {result string, time string}} {" +
			strings.Replace(snapshot, "parent null", "parent string", 1) + "}]"},
		{"stats", "{bytes_used number, bytes_source number, chunks number, packs number, dedup_ratio number, " +
			"compression_ratio number, free number}"},
		{"rebuild", "{seconds number, damaged []}"},
		{"hold " + wwwAddress + " --reason audit", "{snapshot string, reason string, until null}"},
		{"snapshots --job manual", "[{" + snapshot + ", verified {result string, time string}, hold {reason string, until null}} {" +
			strings.Replace(snapshot, "parent null", "parent string", 1) + "}]"},
		{"release " + wwwAddress, "{snapshot string}"},
		{"gc --plan", "{store string, state string, made string, packs [], packs_removed number, chunks_needed number, " +
			"chunks_removed number, bytes_removed number, bytes_copied number, bytes_freed number, sessions_awaited number}"},
		{"gc", "{packs_removed number, chunks_removed number, bytes_freed number, bytes_pending number, seconds number, " +
			"bytes_copied number, waiting [], fenced [], damaged [], stuck [], notes []}"},
		{"prune --keep keep-last=2", "{simulated bool, removed [], kept [string string], snapshots [" + pruned + " " + pruned + "], " +
			"seconds number, warnings [], damaged []}"},
		{"prune --keep keep-last=1 --simulate", "{simulated bool, removed [string], kept [string], snapshots [" + pruned + " " + pruned + "], " +
			"bytes_freed number, seconds number, warnings [], damaged [], plan {version number, store string, made string, policy string, " +
			"zone string, scope {}, series [{group string, job string, snapshots [{" + planned + "} {" + planned + ", verified string}]}]}}"},
		{"probe", "{fit bool, findings [" + strings.TrimSuffix(strings.Repeat("{name string, ok bool, detail string, needed string} ", 11), " ") +
			"], seconds number}"},
		{"forget " + wwwAddress, "{snapshot string, reason string, vanished bool}"},
		{"snapshots --pruned", "[{" + snapshot + ", verified {result string, time string}, pruned {time string, reason string}}]"},
		{"undelete " + wwwAddress, "{snapshot string}"},
		{"init --store DIR/other", "{store string, encrypted bool, warnings []}"},
		{"stats --store DIR/other", "{bytes_used number, bytes_source number, chunks number, packs number, dedup_ratio null, " +
			"compression_ratio null, free number}"},
		{"verify --store DIR/other", "[]"},
		{"version", "{version string, go string, platform string}"},
		{"schedule next daily", "[string]"},
		{"schedule check daily", "{from string, to string, runs number, collisions [], gaps [{from string, to string, seconds number} " +
			"{from string, to string, seconds number} {from string, to string, seconds number} {from string, to string, seconds number} " +
			"{from string, to string, seconds number} {from string, to string, seconds number} {from string, to string, seconds number} " +
			"{from string, to string, seconds number}]}"},
		{"retention forecast --keep keep-last=1 --schedule daily --days 2",
			"{from string, to string, peak number, peak_time string, exists [string], " +
				"snapshots [{time string, gone string, reason string} {time string, gone null, reason string}]}"},
	}
	c := withBackup(t)
	for _, test := range tests {
		document := c.must(append(strings.Fields(test.args), "--json")...)
		require.Equal(t, test.want, shape(t, document), test.args)
	}
}

// shape writes a JSON document with the types of its values in place of them.
func shape(t *testing.T, document string) string {
	d := json.NewDecoder(strings.NewReader(document))
	s := shapeOf(t, d)
	require.False(t, d.More(), "one document")
	return s
}

func shapeOf(t *testing.T, d *json.Decoder) string {
	token, err := d.Token()
	require.NoError(t, err)
	switch token := token.(type) {
	case json.Delim:
		var parts []string
		for d.More() {
			part := ""
			if token == '{' {
				name, err := d.Token()
				require.NoError(t, err)
				part = name.(string) + " "
			}
			parts = append(parts, part+shapeOf(t, d))
		}
		_, err := d.Token()
		require.NoError(t, err)
		if token == '{' {
			return "{" + strings.Join(parts, ", ") + "}"
		}
		return "[" + strings.Join(parts, " ") + "]"
	case float64:
		return "number"
	case nil:
		return "null"
	}
	return fmt.Sprintf("%T", token)
}

func TestDocumentsOfKeys(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_PASSPHRASE"], c.env["HEIRLOOM_NEW_PASSPHRASE"] = "first", "second"
	require.Equal(t, int(statusOK), c.run("init", "--encrypt").status)
	require.Equal(t, "{id string}", shape(t, c.must("key", "add", "--json")))
	const key = "{id string, label string, created string, current bool}"
	require.Equal(t, "["+key+" "+key+"]", shape(t, c.must("key", "list", "--json")))
}

func TestTimesAreUTCMilliseconds(t *testing.T) {
	c := withBackup(t)
	var list []struct{ Time, Snapshot string }
	c.decode(statusOK, &list, "snapshots")
	require.Equal(t, "2026-11-22T02:00:00.000Z", list[0].Time)
	require.Equal(t, wwwAddress, list[0].Snapshot)
}

func TestNamesThatAreNotUTF8AreEscapedAndFound(t *testing.T) {
	c := newCLI(t)
	c.file("src/caf\xe9", "coffee")
	c.must("init")
	c.must("backup", "DIR/src")
	var entries []struct{ Path, Name string }
	c.decode(statusOK, &entries, "ls", "dataset/src/latest")
	require.Equal(t, "caf%E9", entries[0].Path)
	require.Equal(t, "coffee", c.must("cat", "dataset/src/latest", entries[0].Path))
	require.Equal(t, "coffee", c.must("cat", "dataset/src/latest", "caf\xe9"))
	require.Equal(t, "coffee", c.must("restore", "dataset/src/latest", "-", "--path", entries[0].Path))
	require.Contains(t, c.must("ls", "dataset/src/latest"), `caf\xe9`)
}
