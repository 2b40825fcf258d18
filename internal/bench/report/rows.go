package main

import (
	"slices"
	"strings"
)

// steps are what is measured of a data set, in the order in which tables show it. Rows that were measured again later would
// stand at the end otherwise.
var steps = []string{
	"first backup", "repository MiB", "nothing changed", "1 % changed", "growth MiB", "restore", "single file", "verify",
	"prune + collect", "after collection MiB",
}

// inOrder sorts operations by data set, these in the order in which they come, and then by step. An unknown step is first.
func inOrder(operations []string) []string {
	var sets []string
	for _, operation := range operations {
		if set, _, _ := strings.Cut(operation, " "); !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
	}
	place := func(operation string) int {
		set, step, _ := strings.Cut(operation, " ")
		return slices.Index(sets, set)*100 + slices.Index(steps, step)
	}
	return slices.SortedStableFunc(slices.Values(operations), func(a, b string) int { return place(a) - place(b) })
}
