package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// rules are exclude patterns; the last one that matches an entry decides.
type rules []rule

// rule is one exclude pattern, cut at its "**" into pieces of a fixed number of names: the first piece has to be at
// the path's start, the last at its end, those between anywhere between, in order.
//
// The gitignore package matches the pieces and not the whole, because it takes a pattern that matches a folder for a
// match of everything in it. In a walk from above, where what is in an excluded folder is never looked at, that can
// only be wrong: of "*" and "!*/" the second would save every file below the first level again.
type rule struct {
	include bool
	dirOnly bool
	pieces  []piece
}

// piece matches as many names as it has itself.
type piece struct {
	pattern gitignore.Pattern
	length  int
}

func parseRules(patterns []string) (rules, error) {
	var all rules
	for _, p := range patterns {
		r, err := parseRule(p)
		if err != nil {
			return nil, fmt.Errorf("exclude %q: %w", p, err)
		}
		all = append(all, r)
	}
	return all, nil
}

func parseRule(text string) (rule, error) {
	var r rule
	if !strings.HasSuffix(text, `\ `) {
		text = strings.TrimRight(text, " ")
	}
	text, r.include = strings.CutPrefix(text, "!")
	text, r.dirOnly = strings.CutSuffix(text, "/")
	if !strings.Contains(text, "/") {
		text = "**/" + text
	}
	names := strings.Split(strings.TrimPrefix(text, "/"), "/")
	if names[len(names)-1] == "**" {
		names = append(names, "*") // all that is in a folder, but not the folder
	}
	for i, name := range names {
		if name == "**" {
			continue
		}
		names[i] = translate(name)
		if _, err := path.Match(names[i], ""); err != nil || name == "" {
			return r, ErrPattern
		}
	}
	for {
		end := slices.Index(names, "**")
		if end < 0 {
			r.pieces = append(r.pieces, newPiece(names))
			return r, nil
		}
		r.pieces = append(r.pieces, newPiece(names[:end]))
		names = names[end+1:]
	}
}

// negation is spelled in two ways; the escaped brackets are listed so that they stay as they are.
var negation = strings.NewReplacer(`\\`, `\\`, `\[`, `\[`, "[!", "[^")

// translate writes a pattern for one name as package path understands it.
func translate(name string) string {
	for strings.Contains(name, "**") {
		name = strings.ReplaceAll(name, "**", "*")
	}
	return negation.Replace(name)
}

func newPiece(names []string) piece {
	if len(names) == 0 {
		return piece{}
	}
	return piece{gitignore.ParsePattern("/"+strings.Join(names, "/"), nil), len(names)}
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
