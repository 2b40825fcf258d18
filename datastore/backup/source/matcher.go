package source

import (
	"slices"

	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// matcher matches the entries of one folder. It is not safe for concurrent use; nil excludes nothing.
type matcher struct {
	rules rules
	names []string // of the folder, and room for one more
}

func (d *localDir) matcher() *matcher {
	if len(d.walk.exclude) == 0 {
		return nil
	}
	return &matcher{d.walk.exclude, append(slices.Clip(d.names), "")}
}

func (m *matcher) excludes(name string, isDir bool) bool {
	if m == nil {
		return false
	}
	m.names[len(m.names)-1] = name
	for _, r := range slices.Backward(m.rules) {
		if (isDir || !r.dirOnly) && r.matches(m.names) {
			return !r.include
		}
	}
	return false
}

// matches says whether the piece is names, of which there are as many as it has.
func (p piece) matches(names []string) bool {
	return p.length == 0 || p.pattern.Match(names, true) != gitignore.NoMatch
}

// find returns the index of the first place in names that the piece matches, or -1.
func (p piece) find(names []string) int {
	for i := 0; i+p.length <= len(names); i++ {
		if p.matches(names[i : i+p.length]) {
			return i
		}
	}
	return -1
}

func (r rule) matches(names []string) bool {
	first, last := r.pieces[0], r.pieces[len(r.pieces)-1]
	if len(r.pieces) == 1 {
		return len(names) == first.length && first.matches(names)
	}
	end := len(names) - last.length
	if end < first.length || !last.matches(names[end:]) || !first.matches(names[:first.length]) {
		return false
	}
	between := names[first.length:end]
	for _, p := range r.pieces[1 : len(r.pieces)-1] {
		at := p.find(between)
		if at < 0 {
			return false
		}
		between = between[at+p.length:]
	}
	return true
}
