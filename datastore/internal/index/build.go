package index

import (
	"io"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// Source is a pack to be indexed.
type Source struct {
	Size    int64 // of the pack, bytes
	Trailer *pack.Trailer
}

// Build writes a table of the given packs. It sorts in memory: about 52 bytes a chunk, so that many packs are better
// built in parts and merged.
func Build(w io.Writer, sources []Source) error {
	packs := make([]Pack, len(sources))
	var entries []Entry
	var frames []frame
	for i, s := range sources {
		t := s.Trailer
		packs[i] = Pack{Name: t.Name, Size: s.Size, Kind: t.Kind, Slots: t.Slots, Writer: t.Writer}
		for _, f := range t.Frames {
			entries = appendChunks(entries, &f, uint32(i), uint32(len(frames)))
			f.Chunks = nil
			frames = append(frames, frame{pack: uint32(i), Frame: f})
		}
	}
	sortEntries(entries)
	out := newWriter(w, int64(len(entries)))
	for i := range entries {
		out.entry(&entries[i])
	}
	out.endEntries()
	for i := range frames {
		out.frame(&frames[i])
	}
	return out.finish(packs)
}

func appendChunks(dst []Entry, f *pack.Frame, packNo, frameNo uint32) []Entry {
	var off, refs uint32
	for _, c := range f.Chunks {
		dst = append(dst, Entry{c.ID, Place{Pack: packNo, Frame: frameNo, Offset: off, Length: c.Length, Refs: refs}})
		off += c.Length
		refs += c.Refs
	}
	return dst
}
