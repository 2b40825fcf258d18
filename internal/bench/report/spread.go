package main

import "slices"

// median is 0 of an empty list.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// spread is what a number of repetitions gave.
type spread struct{ median, low, high float64 }

// ratio compares our runs of an operation with a peer's. Only the n-th of both are compared with each other: they were made
// one after the other, so what else the machine did weighs on both.
func (f *figures) ratio(operation, peer string) (spread, bool) {
	ours, theirs := f.runs[cell{operation, f.ours()}], f.runs[cell{operation, peer}]
	var ratios []float64
	for i := range min(len(ours), len(theirs)) {
		if theirs[i].value != 0 { // else quicker than the clock shows
			ratios = append(ratios, ours[i].value/theirs[i].value)
		}
	}
	if len(ratios) == 0 {
		return spread{}, false
	}
	return spread{median(ratios), slices.Min(ratios), slices.Max(ratios)}, true
}

// best is the peer with the smallest median, and whether any peer has one.
func (f *figures) best(operation string, peers []string) (peer string, found bool) {
	return smallest(peers, func(peer string) (float64, bool) { return f.value(operation, peer) })
}

// smallest is the program with the smallest value, and whether any has a value.
func smallest(programs []string, value func(program string) (float64, bool)) (program string, found bool) {
	var least float64
	for _, p := range programs {
		if v, ok := value(p); ok && (!found || v < least) {
			program, least, found = p, v, true
		}
	}
	return program, found
}

// peak is the highest of a program's runs of these operations, in MiB; 0 if none was measured.
func (f *figures) peak(program string, operations ...string) (highest float64) {
	for _, operation := range operations {
		for _, p := range f.of(operation, program, func(r run) float64 { return r.peak }) {
			highest = max(highest, p)
		}
	}
	return highest
}

// pairs is how many repetitions the operations have, at least and at most.
func (f *figures) pairs() (least, most int) {
	for i, operation := range f.operations {
		n := len(f.runs[cell{operation, f.ours()}])
		if i == 0 {
			least = n
		}
		least, most = min(least, n), max(most, n)
	}
	return least, most
}
