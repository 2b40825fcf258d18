package tasktest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task"
)

var filterRules = []rule[*place]{
	{"filters", "A list has exactly the records that fit all that the query says, whatever they hold.", filterAsAModel},
}

// filterAsAModel asks random queries of random records, and compares with a look at each.
func filterAsAModel(t testing.TB, p *place) {
	s, elsewhere := p.store(t), p.store(t)
	among := newChoices()
	model := among.records(t, s, 150)
	rapid.Check(t, func(rt *rapid.T) {
		q := among.query(rt)
		var want []task.UPID
		for _, r := range model {
			if fits(&q, &r) {
				want = append(want, r.UPID)
			}
		}
		got := listAll(t, elsewhere, q)
		require.Equal(rt, want, append([]task.UPID(nil), names(got)...), "%+v", q)
	})
}
