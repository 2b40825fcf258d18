package diskstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// fitting returns the records as the history can take them, and says which it cannot.
func fitting(records []task.Record) (fit []task.Record, unfit error) {
	for _, r := range records {
		if slim, ok := slimmed(r); ok {
			fit = append(fit, slim)
		} else {
			unfit = errors.Join(unfit, fmt.Errorf("%s: the record is larger than %d bytes", r.UPID, history.MaxRecord))
		}
	}
	return fit, unfit
}

// slimmed returns the record without so much of what makes it too large for the history that it is not: the log has it
// all. It returns false if nothing helps.
func slimmed(r task.Record) (task.Record, bool) {
	for _, without := range []func(){
		func() {},
		func() { r.Payload = nil },
		func() { r.Warnings.Listed = r.Warnings.Listed[:min(len(r.Warnings.Listed), 10)] },
		func() { r.Progress = r.Progress.Folded() },
		func() { r.Warnings.Listed = nil },
		func() { r.Failure = shortened(r.Failure) },
		func() { r.Key = "" },
	} {
		without()
		if text, err := json.Marshal(&r); err == nil && len(text) <= history.MaxRecord {
			return r, true
		}
	}
	return r, false
}

// shortened returns the beginnings of what is said of a failure.
func shortened(f *remedy.Failure) *remedy.Failure {
	if f == nil {
		return nil
	}
	const most = 1 << 10
	first := func(text string) string { return strings.ToValidUTF8(text[:min(len(text), most)], "") }
	return &remedy.Failure{Code: remedy.Code(first(string(f.Code))), Class: remedy.Class(first(string(f.Class))),
		Message: first(f.Message), Tip: first(f.Tip)}
}
