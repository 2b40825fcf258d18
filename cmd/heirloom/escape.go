package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
)

// escape writes a name or path for JSON: bytes that are not UTF-8 become %XX, reversibly.
func escape(name string) string { return restore.Escape(name) }

// addressText writes an address so that JSON and a terminal can show it and a command line takes it again: it is
// escaped like a URL already, and what is not printable joins that.
func addressText(a datastore.Address) string {
	text := a.String()
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unprintable(r) {
			for _, c := range []byte(text[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		} else {
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String()
}

// unprintable is also true of what stands for bytes that are not UTF-8.
func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
