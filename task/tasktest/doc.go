// Package tasktest is the kit for authors of stores and queues of tasks.
//
// A store is ready when RunStore passes, and a queue when RunQueue does: each checks every rule of the comments in
// package task, and prints the rule that is broken in words. The harness says what the author's kind can do; rules about
// what it cannot do, such as outlasting its process, are left out and reported as skipped.
//
// What no test of the contract can do is to kill a process in the middle of an operation, take the power away or fill
// the disk: the tests of a store that promises to survive that do so themselves, as those of package diskstore do.
package tasktest
