// Package backendtest is the kit for authors and users of storage backends.
//
// Run and RunPersistent check that a backend keeps the contract of backend.Backend; each rule says in words what it
// asks and why. Faulty is any backend with faults by script: the third put fails, an answer is lost, a listing is
// stale, the process dies between two writes.
package backendtest
