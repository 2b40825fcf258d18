// Package remedy says of an error what kind it is, who can do something about it, and what.
//
// An error is explained where it is shown, not where it arises: a [Table] has a row for each kind of error that a
// program knows, and [Table.Explain] makes of an error a [Failure], plain text and data that can be stored and shown.
// [System] is the table for what the operating system and the standard library say. A program puts its own rows before
// it, since the first row that matches counts:
//
//	table := append(remedy.Table{{Matches: …, Code: "no-such-store", Class: remedy.User, Tip: …}}, remedy.System()...)
//
// Where an error does arise that nobody could recognize later, it is given its explanation at once: see [New].
//
// [Retry] is the other use of a class: what may go well later is tried again.
package remedy
