package datastore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
)

// Of many snapshots in many groups most are removed. The others are what they were.
func TestCollectAmongMany(t *testing.T) {
	const groups, days = 20, 15
	y := newYard(t)
	y.o.Now = steps()
	y.s = y.on(t, y.b)
	var gone []datastore.Forgetting
	for day := range days {
		for g := range groups {
			sn := y.commit(fmt.Sprint("group", g), files{
				"common": noise(900, 255),                  // by all
				"own":    noise(600, byte(g)),              // by the group
				"week":   noise(500, byte(100+g+day/5)),    // by groups beside it, for some days
				"today":  noise(400, byte(7*g+day)),        // by a few, here and there
				"lines":  []byte(fmt.Sprint(day, "\n", g)), // by nobody else
			})
			if (day+g)%3 != 0 {
				gone = append(gone, datastore.Forgetting{Snapshot: sn, Reason: "old"})
				delete(y.want, sn.ID)
			}
		}
	}
	require.Len(t, y.want, groups*days/3)
	before := packBytes(t, y.b)
	removed, err := y.s.ForgetAll(t.Context(), gone)
	require.NoError(t, err)
	require.Len(t, removed, len(gone))

	s := y.on(t, y.b)
	plan := planned(t, s)
	c := collect(t, s, following(plan))
	require.Equal(t, plan.BytesFreed, c.BytesFreed())
	require.Equal(t, before-packBytes(t, y.b), c.BytesFreed())
	require.Equal(t, plan.ChunksNeeded, planned(t, s).ChunksNeeded)
	y.requireWhole()
	y.requireSettled()
}
