//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore"
)

// TestPowerLossInAnyWork records programs in a random order, of which every other one is killed in the middle.
func TestPowerLossInAnyWork(t *testing.T) {
	random := luck(t)
	judged, of := 0, 0
	for range sampled(3, 40) {
		seed := random.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := &mix{newRecording(t), rand.New(rand.NewPCG(seed, 0))}
			m.run(save, alter, save)
			m.start(nil)
			for range 20 {
				m.run(m.next())
			}
			j, n := m.judgeStates(sampled(12, allStates))
			judged, of = judged+j, of+n
		})
	}
	t.Logf("%d crash points of %d", judged, of)
}

// mix chooses programs.
type mix struct {
	*recording
	random *rand.Rand
}

// next returns a program that can do something, and is perhaps killed.
func (m *mix) next() program {
	p := m.choose()
	if m.random.IntN(3) > 0 {
		return p
	}
	return perhaps(p, 1+m.random.IntN(12))
}

func (m *mix) choose() program {
	now := promised(m.marks)
	can := []program{alter, save, saveAs("other"), collect, rebuild, check, pruneTo(3)}
	if id, ok := m.one(now.kept, now.held); ok {
		can = append(can, unlessHeld(forget(m.number(id))), hold(m.number(id)))
	}
	if id, ok := m.one(now.held, nil); ok {
		can = append(can, release(m.number(id)))
	}
	if id, ok := m.one(now.back, m.taken(now)); ok {
		can = append(can, undelete(m.number(id)))
	}
	return can[m.random.IntN(len(can))]
}

// one returns one of a set that is not in another.
func (m *mix) one(set, without map[string]bool) (id string, ok bool) {
	list := slices.DeleteFunc(all(set), func(id string) bool { return without[id] })
	if len(list) == 0 {
		return "", false
	}
	return list[m.random.IntN(len(list))], true
}

func (m *mix) number(id string) int { return slices.Index(m.made, m.known[id]) }

// taken returns the removed snapshots whose addresses others have: they were brought back already.
func (m *mix) taken(now *promises) map[string]bool {
	taken := map[string]bool{}
	for id := range now.back {
		for _, sn := range m.made {
			if sn.ID != id && sn.Address() == m.known[id].Address() {
				taken[id] = true
			}
		}
	}
	return taken
}

// unlessHeld lets a removal be refused: a hold that was killed may be in force all the same.
func unlessHeld(p program) program {
	return func(r *recording) error {
		if err := p(r); !errors.Is(err, datastore.ErrHeld) {
			return err
		}
		return nil
	}
}
