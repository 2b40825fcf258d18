// Package backendtest is the kit for authors and users of storage backends.
//
// # For authors
//
// A backend is four methods that translate to one service; backend.Backend is the contract in words. It is ready when
// the following has passed, best in this order:
//
//  1. Run checks every rule of the contract on an empty storage. Each rule says in words what it asks and why. The
//     example below is all it takes.
//  2. RunPersistent checks what must hold beyond one opening and between several, unless the backend lives in memory.
//  3. Errors of the service. Run cannot make a service fail, so the backend's own tests do: missing rights are
//     ErrReadOnly, a broken connection is never ErrNotFound, and a listing that breaks off ends in an error. What will
//     not pass by waiting is marked backend.Permanent. Repeating, throttling and logging are no part of a backend:
//     wrappers do that for all.
//  4. Durability. What Put has acknowledged must survive a loss of power, and no test of the contract can see whether
//     it does. A backend that writes to disks itself puts a model of a forgetful disk beneath its tests, as dirstore
//     does; one that talks to a service relies on the promise of that service, and names it in its documentation.
//  5. backend.Probe asks a real storage whether it keeps the part of the contract that collection depends on. It is
//     what a program runs before it trusts a bucket or a folder it has not seen before.
//
// # For users
//
// Faulty is any backend with faults by script, to test what stands on it: calls fail (Fail) or their answers are lost
// (FailAfter), wait (Hold, Delay), write in part (Tear), too much (Overwrite) or nothing (Lose), read wrong bytes
// (Corrupt) or break off (CutRead), list too little (Cut) or what was (Freeze), all of it at Random; and the process
// dies between two operations (CrashBefore, CrashAfter).
//
// Recorder records one run and makes every state that a loss of power could have left at any moment of it, so that a
// test can open each and look for what the run had promised.
package backendtest
