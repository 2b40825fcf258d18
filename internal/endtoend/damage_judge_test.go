//go:build linux

package endtoend

import (
	"fmt"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// judge finds the verdict, and returns an error for everything that verify said wrongly or left unsaid.
func (e *examination) judge() error {
	e.verdict = harmless
	if !e.report.Clean() {
		e.verdict = found
	}
	results := map[string]verify.Result{}
	for _, r := range e.report.Results {
		results[r.Address.String()] = r
	}
	for address := range e.want {
		result, ok := results[address]
		if !ok {
			result = verify.Result{Outcome: "no result"}
		}
		if err := e.judgeSnapshot(result, e.recovered[address]); err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
	}
	return e.judgeObjects()
}

// judgeSnapshot compares the result of one snapshot with what could be read of it; nil: it is not listed.
func (e *examination) judgeSnapshot(result verify.Result, r *recovery) error {
	switch {
	case r == nil:
		return e.judgeAbsence(result.Outcome)
	case len(r.failed) == 0 && result.Outcome == datastore.OutcomeOK:
		return nil
	case len(r.failed) == 0:
		return fmt.Errorf("is %s, but all of it can be read", result.Outcome)
	case result.Outcome == datastore.OutcomeOK || result.Outcome == "no result":
		return fmt.Errorf("is %s, but cannot be read: %q", result.Outcome, r.failed)
	case e.how == remove && result.Outcome != datastore.OutcomeMissing:
		return fmt.Errorf("is %s, but the object is gone", result.Outcome)
	case e.how == flip && result.Outcome != datastore.OutcomeCorrupt:
		return fmt.Errorf("is %s, but the object is there", result.Outcome)
	}
	var named []string
	for _, d := range result.Damage {
		if named = append(named, d.Path); !covered(d.Path, r.failed) {
			return fmt.Errorf("%q is said to be damaged, and can be read", d.Path)
		}
	}
	for _, p := range r.failed {
		if !covered(p, named) {
			return fmt.Errorf("%q cannot be read, and is not named among %q", p, named)
		}
	}
	return nil
}

// judgeAbsence judges a snapshot that was made and is not listed any more.
func (e *examination) judgeAbsence(o datastore.Outcome) error {
	want := datastore.OutcomeCorrupt
	if e.how == remove {
		want = datastore.OutcomeMissing
	}
	if o != want {
		return fmt.Errorf("is not listed, and is %s instead of %s", o, want)
	}
	return nil
}

// covered says whether a path, or a folder above it, is in the list.
func covered(p string, list []string) bool {
	return slices.ContainsFunc(list, func(above string) bool {
		return above == p || above == "." || strings.HasPrefix(p, above+"/")
	})
}

// judgeObjects checks that the harmed object is named, and no other that has nothing to do with it.
func (e *examination) judgeObjects() error {
	named := false
	for _, d := range e.report.Damaged {
		named = named || d.Object == e.object || e.follows(d.Object)
		if d.Object != e.object && !e.follows(d.Object) {
			return fmt.Errorf("blames %s: %s", d.Object, d.Reason)
		}
	}
	if e.verdict == found && !named && e.how != remove {
		return fmt.Errorf("verify does not name the object: %+v", e.report.Damaged)
	}
	return nil
}

// follows says whether another object is rightly named along with the harmed one: a promise whose manifest is not the
// one it was put for.
func (e *examination) follows(other string) bool {
	return e.kind == "manifest" && strings.TrimSuffix(other, ".ok") == strings.TrimSuffix(e.object, ".json")
}
