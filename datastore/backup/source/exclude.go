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
	names, err := splitPattern(text)
	if err != nil {
		return r, err
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

// splitPattern returns the patterns of the single names, all bound to the root; "**" is any number of them.
func splitPattern(text string) ([]string, error) {
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
			return nil, ErrPattern
		}
	}
	return names, nil
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
