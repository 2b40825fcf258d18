package main

import (
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

// entryJSON is what scripts learn of an entry of a snapshot.
type entryJSON struct {
	Path    string  `json:"path"` // relative to the snapshot's root, which is "."
	Name    string  `json:"name"`
	Type    string  `json:"type"` // file, folder, symlink, fifo, socket, character device, block device
	Mode    string  `json:"mode"` // octal
	UID     uint32  `json:"uid"`
	GID     uint32  `json:"gid"`
	Size    int64   `json:"size"`
	ModTime *string `json:"mtime"` // to the nanosecond; null if unknown
	Target  *string `json:"target,omitempty"`
	Links   uint64  `json:"link,omitempty"` // entries of one number are hard links of one file
}

func newEntryJSON(it restore.Item) entryJSON {
	e := it.Entry
	j := entryJSON{Path: escape(it.Path), Name: escape(e.Name), Type: e.Type.String(), Mode: fmt.Sprintf("%04o", e.Mode),
		UID: e.UID, GID: e.GID, Size: e.Size, ModTime: nanoseconds(e.ModTime), Links: e.Link}
	if e.Type == tree.Symlink {
		j.Target = new(escape(e.Target))
	}
	return j
}

// nanoseconds writes a file's time as exactly as it was recorded.
func nanoseconds(t tree.Time) *string {
	if t == (tree.Time{}) {
		return nil
	}
	return new(t.Time().Format(time.RFC3339Nano))
}

func (p *program) listJSON(items iter.Seq2[restore.Item, error]) error {
	a := jsonArray{w: p.Stdout}
	for it, err := range items {
		if err != nil {
			return err
		}
		if err := a.add(newEntryJSON(it)); err != nil {
			return err
		}
	}
	return a.finish()
}

// modeText writes type and permissions as ls does: drwxr-xr-x.
func modeText(e *tree.Entry) string {
	types := map[tree.Type]string{tree.File: "-", tree.Dir: "d", tree.Symlink: "l", tree.FIFO: "p", tree.Socket: "s",
		tree.CharDevice: "c", tree.BlockDevice: "b"}
	text := []byte(types[e.Type] + strings.TrimPrefix(fs.FileMode(e.Mode&0o777).String(), "-"))
	for _, special := range []struct {
		bit   uint32
		at    int
		x, no byte // with and without the right to execute
	}{{0o4000, 3, 's', 'S'}, {0o2000, 6, 's', 'S'}, {0o1000, 9, 't', 'T'}} {
		if e.Mode&special.bit == 0 {
			continue
		}
		if text[special.at] == 'x' {
			text[special.at] = special.x
		} else {
			text[special.at] = special.no
		}
	}
	return string(text)
}
