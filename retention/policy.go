package retention

import (
	"strconv"
	"strings"
)

// MaxCount is the largest count [Parse] accepts for one window: more than a century of hours. A larger figure is
// far likelier a slip of the keyboard than a wish.
const MaxCount = 1_000_000

// Policy says how many snapshots each window keeps. A count of zero (or less) means that the window is not set.
//
// The zero value has no window and keeps everything; a caller that is about to delete should ask
// [Policy.KeepsEverything] and say so instead of running an empty plan.
//
// Policy is comparable and, through its text form, can stand in JSON and YAML as the string [Parse] reads.
type Policy struct {
	Last    int // the newest snapshots, whatever their times
	Hourly  int // hours that have a snapshot
	Daily   int // days
	Weekly  int // ISO weeks, Monday to Sunday
	Monthly int // months
	Yearly  int // calendar years

	// Independent lets windows overlap, each counting from the newest snapshot on, instead of chaining them.
	Independent bool
}

// independentWord stands in the text form for [Policy.Independent].
const independentWord = "independent"

// KeepsEverything reports whether no window is set, so that a plan removes nothing. Independent alone sets none.
func (p Policy) KeepsEverything() bool { return len(p.windows()) == 0 }

// String returns the form [Parse] reads: the windows that are set, in the order they apply, for example
// "keep-daily=7, keep-weekly=4". The zero Policy is the empty string.
func (p Policy) String() string {
	var words []string
	for _, w := range p.windows() {
		words = append(words, string(w.rule)+"="+strconv.Itoa(w.count))
	}
	if p.Independent {
		words = append(words, independentWord)
	}
	return strings.Join(words, ", ")
}

// MarshalText returns the policy as [Policy.String] does. It never fails.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText sets the policy to what [Parse] makes of the text; on error it is left as it was.
func (p *Policy) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

// window is one row of a policy: the rule it keeps by, its slots, and the period one slot stands for.
type window struct {
	rule  Rule
	count int
	span  span
}

// windows returns the windows that are set, in the order they apply.
func (p Policy) windows() []window {
	var set []window
	for _, s := range spans() {
		if count := *p.count(s); count > 0 {
			set = append(set, window{s.rule(), count, s})
		}
	}
	return set
}

// count returns the place of a span's count, so that parsing and planning share one table.
func (p *Policy) count(s span) *int {
	return [spanCount]*int{&p.Last, &p.Hourly, &p.Daily, &p.Weekly, &p.Monthly, &p.Yearly}[s]
}
