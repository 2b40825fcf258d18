// Package progress tells how far long work has come: stages with items and bytes, a moving rate, and the time left.
//
// A [Tracker] counts. Whoever does the work begins a [Stage] and adds to it, from as many goroutines as there are; that
// costs an atomic addition each and never waits. Whoever wants to know takes a [Snapshot], a plain value that can be
// kept, compared and written as JSON. All that takes thought, rates and times, is computed then, for those who ask:
// there is no goroutine, no timer, and nothing to close.
//
// A nil *Tracker counts nothing, and its stages are nil and count nothing either, so that a function can take a tracker
// and leave it to its caller whether there is one.
package progress
