package history

import (
	"slices"

	"github.com/heirloom-backup/heirloom/task"
)

// plan is how a query is answered: by a scan of all records, or by merging the runs of the index that have what is
// sought. Either may come upon records that do not match; it misses none that does.
type plan struct {
	scan     bool     // of all records; the prefixes do not matter
	prefixes [][]byte // of index keys; none: nothing can match
	span     span
}

// maxRuns is how many runs of the index are merged at most. Each takes some 4 KiB of memory, and 10 µs to begin with.
const maxRuns = 256

// newPlan chooses the attributes to look up by: all that q has values for, or as many of them as give few enough runs.
func newPlan(q *task.Query) (plan, error) {
	span, err := newSpan(q)
	if err != nil {
		return plan{}, err
	}
	p := plan{span: span}
	states := finalStates(q.States)
	use := usable(q, len(states))
	switch {
	case len(states) == 0 || span.empty():
	case use == 0 && len(states) == len(task.FinalStates()):
		p.scan = true
	default:
		p.prefixes = prefixes(use, q, states)
	}
	return p, nil
}

// finalStates returns those of the states in which records here can be, without repetition; all if none is asked for.
func finalStates(asked []task.State) []task.State {
	return slices.DeleteFunc(task.FinalStates(), func(s task.State) bool {
		return len(asked) > 0 && !slices.Contains(asked, s)
	})
}

// usable returns the largest set of attributes that q narrows and whose combinations are not too many. Of two sets of
// one size it takes the one that is likely to leave fewer records: a subject has fewer than a user, and a user than a
// type.
func usable(q *task.Query, states int) (best attributes) {
	counts := map[attributes]int{byType: distinct(q.Types), byUser: distinct(q.Users), bySubject: distinct(q.Subjects)}
	if slices.Contains(q.Subjects, "") {
		counts[bySubject] = 0 // the index does not have it
	}
	order := []attributes{0, byType, byUser, bySubject,
		byType | byUser, byType | bySubject, byUser | bySubject, allAttributes}
	for _, set := range order {
		runs := states
		for attribute, n := range counts {
			if set&attribute != 0 {
				runs *= n
			}
		}
		if runs > 0 && runs <= maxRuns {
			best = set
		}
	}
	return best
}

func distinct(list []string) int { return len(unique(list)) }

func unique(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

// prefixes returns what the index keys begin with, for each combination of what q asks for.
func prefixes(use attributes, q *task.Query, states []task.State) (all [][]byte) {
	choices := func(attribute attributes, list []string) []string {
		if use&attribute == 0 {
			return []string{""}
		}
		return unique(list)
	}
	for _, kind := range choices(byType, q.Types) {
		for _, user := range choices(byUser, q.Users) {
			for _, subject := range choices(bySubject, q.Subjects) {
				for _, state := range states {
					all = append(all, use.indexPrefix(values{kind, user, subject}, stateCodes[state]))
				}
			}
		}
	}
	return all
}
