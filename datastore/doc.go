// Package datastore keeps snapshots in a store: chunks that are equal are kept once, compressed together, and sealed if
// the store is encrypted.
//
// Create makes a store on a backend, Open opens it. A Session writes: Put and PutNode add chunks, Commit makes a Snapshot
// of them that no collection can take apart. A Store reads: Snapshots and Find list, Node and Fetch bring back trees and
// contents, and CheckPack and CheckObjects look for damage. What happened to snapshots stands in a ledger, which State
// adds up.
//
// Most programs use the packages around this one: backup and its sources to write, restore to read, verify to check.
//
// The backend is the truth, and everything local is a cache that may be deleted at any time. Many processes may write
// to and read from one store at once. How that goes together with collection, step by step, is in docs/collection.md;
// every byte that is stored is in docs/format.md.
package datastore
