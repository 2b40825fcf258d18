package history

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/heirloom-backup/heirloom/task"
)

// attributes is a set of what records are indexed by.
type attributes byte

const (
	byType attributes = 1 << iota
	byUser
	bySubject

	allAttributes = byType | byUser | bySubject
)

// values are those of one record or one choice of a query. Those outside the set in use do not matter.
type values struct{ kind, user, subject string }

// indexPrefix is what the index keys of all records with these values and this state begin with.
func (a attributes) indexPrefix(v values, state byte) []byte {
	h := fnv.New64a()
	add := func(attribute attributes, value string) {
		if a&attribute != 0 {
			h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(value))))
			h.Write([]byte(value))
		}
	}
	add(byType, v.kind)
	add(byUser, v.user)
	add(bySubject, v.subject)
	prefix := make([]byte, 0, indexKeySize)
	prefix = append(prefix, indexKind|byte(a))
	prefix = h.Sum(prefix)
	return append(prefix, state)
}

// indexKeys returns all keys by which a record is found, at most 12.
func indexKeys(r *task.Record, at inverted) [][]byte {
	keys := make([][]byte, 0, 12)
	state := stateCodes[r.State]
	for a := attributes(0); a <= allAttributes; a++ {
		subjects := []string{""}
		if a&bySubject != 0 {
			subjects = subjectsOf(r)
		}
		for _, s := range subjects {
			prefix := a.indexPrefix(values{r.UPID.Type, r.UPID.Auth, s}, state)
			keys = append(keys, append(prefix, at[:]...))
		}
	}
	return keys
}

// subjectsOf returns the subjects of a record that it is indexed by. The empty one is left out: nearly every record has
// it, as its target, and hardly anybody asks for it.
func subjectsOf(r *task.Record) []string {
	var subjects []string
	if r.Source != "" {
		subjects = append(subjects, r.Source)
	}
	if r.Target != "" && r.Target != r.Source {
		subjects = append(subjects, r.Target)
	}
	return subjects
}
