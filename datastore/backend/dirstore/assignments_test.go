package dirstore

import (
	"iter"
	"math/rand/v2"
)

// assignments yields ways to decide all doubts: every one while there are few. Beyond that it yields all first and all
// last ways, each single deviation from those, and a number of random ones.
func assignments(doubts []doubt, seed uint64) iter.Seq[[]int] {
	const few = 200
	all := 1
	for _, d := range doubts {
		if all *= d.ways; all > few {
			return someAssignments(doubts, rand.New(rand.NewPCG(seed, 0)), few)
		}
	}
	return func(yield func([]int) bool) {
		for number := range all {
			ways := make([]int, len(doubts))
			for i, d := range doubts {
				ways[i] = number % d.ways
				number /= d.ways
			}
			if !yield(ways) {
				return
			}
		}
	}
}

func someAssignments(doubts []doubt, dice *rand.Rand, random int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		first, last := make([]int, len(doubts)), make([]int, len(doubts))
		for i, d := range doubts {
			last[i] = d.ways - 1
		}
		for _, ways := range [][]int{first, last} {
			for i := range ways {
				usual := ways[i]
				for ways[i] = range doubts[i].ways {
					if !yield(ways) {
						return
					}
				}
				ways[i] = usual
			}
		}
		for range random {
			for i, d := range doubts {
				first[i] = dice.IntN(d.ways)
			}
			if !yield(first) {
				return
			}
		}
	}
}
