package datastore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Names of a store's objects: docs/format.md, "Objects".
const (
	configName      = "heirloom.json"
	configPrefix    = "config/"
	keyPrefix       = "keys/"
	packPrefix      = "packs/"
	indexPrefix     = "index/"
	snapshotPrefix  = "snapshots/"
	prunedPrefix    = "pruned/"
	ledgerPrefix    = "ledger/"
	sessionPrefix   = "sessions/"
	beatPrefix      = "beats/"
	condemnedPrefix = "condemned/"
	waitsPrefix     = "waits/"
	probePrefix     = "probe/"
	removalPrefix   = "removals/"

	manifestSuffix = ".json"
	promiseSuffix  = ".ok"
	nameTime       = "20060102T150405.000Z"
)

// newID returns 128 random bits as text. Ids are never derived from content, counted or used again: collection's
// safety rests on that.
func newID() string {
	var p [16]byte
	rand.Read(p[:])
	return hex.EncodeToString(p[:])
}

func packObject(id string) string { return packPrefix + id[:2] + "/" + id }

// packID returns the id of the pack that lies under the given object name.
func packID(object string) (string, bool) {
	shard, id, ok := strings.Cut(strings.TrimPrefix(object, packPrefix), "/")
	return id, ok && len(shard) == 2 && strings.HasPrefix(id, shard) && !strings.Contains(id, "/")
}

// sessionOf returns the id of the session, or collection, that wrote the pack called id.
func sessionOf(id string) string {
	_, session, _ := strings.Cut(id, "-")
	return session
}

// groupPrefix returns what the names of all manifests of a group begin with.
func groupPrefix(g Group) string {
	return namespacePrefix(g.Namespace) + string(g.Kind) + "/" + escapeLevel(g.Name) + "/"
}

func namespacePrefix(ns string) string {
	p := snapshotPrefix
	if ns == "" {
		return p
	}
	for level := range strings.SplitSeq(ns, "/") {
		p += escapeLevel(level) + "/"
	}
	return p
}

func manifestName(g Group, t time.Time, id string) string {
	return groupPrefix(g) + t.UTC().Format(nameTime) + "-" + id + manifestSuffix
}

// promiseName returns the name of the promise for the manifest called name.
func promiseName(name string) string { return strings.TrimSuffix(name, manifestSuffix) + promiseSuffix }

// prunedName returns where a copy of the manifest called name is kept when it is removed.
func prunedName(name string) string { return prunedPrefix + strings.TrimPrefix(name, snapshotPrefix) }

const (
	maxLevel = 200 // bytes of one escaped level, so that every backend can hold it
	cutLevel = 160
)

// escapeLevel writes any text as one component of an object's name. Capital letters are escaped too, so that no two
// names differ in case only: some file systems could not hold both.
func escapeLevel(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' && i > 0 && i < len(s)-1
		if plain {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	out := b.String()
	if len(out) <= maxLevel {
		return out
	}
	sum := sha256.Sum256([]byte(out))
	return out[:cutLevel] + "~" + hex.EncodeToString(sum[:16])
}
