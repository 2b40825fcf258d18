package backendtest

import "iter"

// combinations yields every way to choose a number below each of sizes, zeros first. The slice is used again.
func combinations(sizes []int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for chosen := make([]int, len(sizes)); ; {
			if !yield(chosen) {
				return
			}
			place := 0
			for place < len(sizes) && chosen[place] == sizes[place]-1 {
				chosen[place] = 0
				place++
			}
			if place == len(sizes) {
				return
			}
			chosen[place]++
		}
	}
}

// extremes yields all zeros, all greatest numbers, and every number alone with zeros or with greatest numbers around it.
func extremes(sizes []int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		_ = each(sizes, func(int) int { return 0 }, yield) && each(sizes, func(i int) int { return sizes[i] - 1 }, yield)
	}
}

// each yields the choice that others gives, and then those that differ from it in one place.
func each(sizes []int, others func(place int) int, yield func([]int) bool) bool {
	chosen := make([]int, len(sizes))
	for i := range chosen {
		chosen[i] = others(i)
	}
	if !yield(chosen) {
		return false
	}
	for i, size := range sizes {
		for other := range size {
			if other == others(i) {
				continue
			}
			chosen[i] = other
			if !yield(chosen) {
				return false
			}
		}
		chosen[i] = others(i)
	}
	return true
}
