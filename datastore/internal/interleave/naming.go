package interleave

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// naming gives the names of objects a form that is the same whatever random ids a run draws: each id in a name becomes
// "actor#n", the nth new id of the actor that first used it. Between the ids of a run and these labels there is exactly
// one pair for each, so two runs whose states look the same are the same but for the choice of ids.
type naming struct {
	labels map[string]string // of ids
	names  map[string]string // whose ids all have labels: kept because listings ask for the same ones again and again
	count  map[string]int    // ids by the actor that used them first
}

func newNaming() *naming {
	return &naming{labels: map[string]string{}, names: map[string]string{}, count: map[string]int{}}
}

// id matches an id, together with a folder before it that repeats its beginning and would give it away.
var id = regexp.MustCompile(`(?:[0-9a-f]{2}/)?[0-9a-f]{16,}`)

// learn labels the new ids in the name as the actor's and returns the canonical name.
func (n *naming) learn(name, actor string) string {
	if canonical, ok := n.names[name]; ok {
		return canonical
	}
	canonical := n.replace(name, func(id string) string {
		if n.labels[id] == "" {
			n.count[actor]++
			n.labels[id] = fmt.Sprintf("%s#%d", actor, n.count[actor])
		}
		return n.labels[id]
	})
	n.names[name] = canonical
	return canonical
}

// preview returns the canonical name with a question mark for each id that has no label yet.
func (n *naming) preview(name string) string {
	if canonical, ok := n.names[name]; ok {
		return canonical
	}
	return n.replace(name, func(id string) string {
		if n.labels[id] == "" {
			return "?"
		}
		return n.labels[id]
	})
}

func (n *naming) replace(name string, label func(id string) string) string {
	return id.ReplaceAllStringFunc(name, func(match string) string {
		shard, id, ok := strings.Cut(match, "/")
		switch {
		case !ok:
			return label(match)
		case strings.HasPrefix(id, shard):
			return label(id) // a folder that only spreads the objects says nothing
		}
		return shard + "/" + label(id)
	})
}

// legend lists the ids behind the labels.
func (n *naming) legend() string {
	var lines []string
	for id, label := range n.labels {
		lines = append(lines, label+" = "+id)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
