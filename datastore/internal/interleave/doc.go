// Package interleave checks programs that share a storage in every order of their operations: a model checker whose
// model is the code itself.
//
// A Scene has a storage and several actors: writers, collectors, readers, each a function that gets a backend of its
// own. An operation on such a backend waits until the scheduler lets it happen, so that a schedule, the list of who
// moves next and who crashes, decides all there is to decide. Exhaust runs a scene under every schedule within bounds,
// Random under many that chance picks, Play under one that the caller picks step by step; a schedule that breaks a rule
// is printed as a short text, with which Replay runs it again. Search and Sample return the violation instead of
// failing the test: for scenes with a known flaw that must be found.
//
// # What a scene must keep to
//
// Each schedule runs in a bubble of testing/synctest, so time is fake. It passes only when no operation waits, and
// operations take none: that a clock runs on while a program is slow is not explored. Nor are listings during which
// something changes: each is one operation. What actors share is the storage alone. A schedule must lead to the same
// operations whenever it is run; what hinders this is reported ("the scene is not deterministic"):
//
//   - Random ids are welcome. crypto/rand is seeded anew for each schedule (for which reason no test that calls this
//     package may be parallel), and states are compared with ids numbered by who used them first. An id is a run of 16
//     or more hexadecimal digits in a name. Names without one stand for themselves, and must not be random.
//   - A storage filled in advance is best made once, outside of the scene, and cloned by it.
//   - An actor may use several goroutines. Of the operations they wait for, the first by kind and name always goes
//     first: their order among themselves is not explored. It must not depend on chance either.
//   - Neither must what a program does: one that goes through a map of what it found, and has an operation for each,
//     does something else each time.
//   - Listings arrive in an order that depends on the schedule alone. A program that then sorts random ids, and acts
//     otherwise for another order, is explored for one order of ids only.
//
// A goroutine that waits for a sync.Mutex which another holds while its operation waits for the scheduler stops
// everything: to synctest it is still running, so the scheduler waits for it and it for the scheduler. After half a
// minute of real time without a step the process then panics with the schedule and the stacks of all goroutines. The
// way out is a channel in place of the mutex, or an actor that does not use the store from several goroutines there.
package interleave
