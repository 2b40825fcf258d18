package interleave

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Violation is a schedule that breaks a rule of its scene.
type Violation struct {
	Err      error  // what Step or Check returned, or what else went wrong
	Schedule string // for Replay
	Trace    string // the operations in order, as a table; ids are called "actor#n", with a list of what they are
}

func (v *Violation) Error() string {
	return fmt.Sprintf("%v\n\nschedule (see Replay): %s\n\n%s", v.Err, v.Schedule, v.Trace)
}

func (v *Violation) Unwrap() error { return v.Err }

// trace is what has happened in a run.
type trace struct {
	moves schedule
	rows  []row
}

type row struct {
	actor, kind, name string
	err               error
}

func (t *trace) operation(o Operation, canonical string) {
	t.rows = append(t.rows, row{o.Actor, string(o.Kind), canonical, o.Err})
}

func (t *trace) crash(actor string) { t.rows = append(t.rows, row{actor: actor, kind: "crash"}) }

func (t *trace) table(s *state) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "step\tactor\toperation\tname\toutcome")
	for i, r := range t.rows {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", i+1, r.actor, r.kind, r.name, r.outcome())
	}
	_ = w.Flush() // into memory
	if s != nil {
		b.WriteString(s.names.legend())
	}
	return b.String()
}

func (r row) outcome() string {
	if r.kind == "crash" {
		return ""
	}
	if o := outcome(r.err); o != "error" {
		return o
	}
	return r.err.Error()
}
