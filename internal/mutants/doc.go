// Package mutants breaks the collection protocol on purpose, one step at a time, and requires that the model of it in
// package datastore finds each break out: what a test cannot fail for it does not prove.
//
// A mutant is a change of one place in the code. It is compiled in by an overlay, so that nothing in the product knows
// of it.
package mutants
