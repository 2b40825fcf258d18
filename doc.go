// Package heirloom is the map of a library for programs that keep backups. It holds no code; import what you need:
//
//	datastore                      a deduplicating store: snapshots, keys, holds, collection, statistics
//	datastore/backup               save a source as a snapshot
//	datastore/backup/source        what can be saved: folders, disk images, streams, any fs.FS, and your own
//	datastore/backup/source/sourcetest  the test that every source passes
//	datastore/verify               read snapshots again: OK, CORRUPT or MISSING, down to file and range
//	datastore/prune                remove what a policy does not keep: plan, brakes, apply, and the exact bytes it frees
//	restore                        bring a snapshot back: to disk, as a stream, as an fs.FS, as an io.ReaderAt
//	retention                      which snapshots stay and why; what a policy leads to on any future day
//	schedule                       calendar events and cron: when is the next time
//	task                           track long work in any program: queue, slots, states, progress, logs, cancellation, retries
//	task/diskstore                 records and logs of tasks in a folder that outlives the process and that many share
//	task/progress                  how far long work has come: stages, rates, the time left
//	task/tasklog                   the log of a task: lines written through log/slog, read while they are written
//	task/remedy                    what kind an error is, who can do something about it, and what
//	task/tasktest                  the test that every store and every queue of tasks passes
//
// Where a store lies is a backend. A program names the one it wants and pulls in no other:
//
//	datastore/backend              the interface, and wrappers of it: retries, read-only access, observation
//	datastore/backend/dirstore     a local directory
//	datastore/backend/mem          memory
//	datastore/backend/backendtest  the test that every backend passes, faults by script, power loss
//
// Beneath these lie
//
//	chunk                          cut bytes, name the pieces, compress and seal them
//	datastore/tree                 folders and files as trees of chunks
//
// Imports point one way: restore and all below datastore know datastore, datastore knows chunk, and retention,
// schedule and task know nothing but the standard library; only task/diskstore has a database. The command in cmd/heirloom puts the packages together and does
// nothing that a program of yours could not do.
//
// No package keeps state of its own, reads the environment, writes to the terminal or handles signals. A logger, a
// clock, a cache folder and limits come in through options; the zero value of each does something sensible.
package heirloom
