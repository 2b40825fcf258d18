package tasktest

import (
	"strings"

	"github.com/heirloom-backup/heirloom/task"
)

// fits is what the comments of Query say, read word by word: a second opinion beside Query.Match.
func fits(q *task.Query, r *task.Record) bool {
	made := int64(r.UPID.Start)
	switch {
	case !oneOf(q.Types, r.Type), !oneOf(q.States, r.State), !oneOf(q.Users, r.User):
		return false
	case len(q.Subjects) > 0 && !oneOf(q.Subjects, r.Source) && !oneOf(q.Subjects, r.Target):
		return false
	case !q.Since.IsZero() && made < q.Since.Unix(), !q.Until.IsZero() && made >= q.Until.Unix():
		return false
	}
	return q.Text == "" || hasText(r, q.Text)
}

// oneOf tells whether a list names a value, or nothing.
func oneOf[T comparable](list []T, value T) bool {
	for _, v := range list {
		if v == value {
			return true
		}
	}
	return len(list) == 0
}

// hasText looks at everything that a text may occur in.
func hasText(r *task.Record, text string) bool {
	all := []string{r.UPID.String(), r.Source, r.Target}
	if r.Failure != nil {
		all = append(all, string(r.Failure.Code), r.Failure.Message)
	}
	for _, n := range r.Warnings.Listed {
		all = append(all, n.Path, n.Reason)
	}
	for _, one := range all {
		if strings.Contains(strings.ToLower(one), strings.ToLower(text)) {
			return true
		}
	}
	return false
}
