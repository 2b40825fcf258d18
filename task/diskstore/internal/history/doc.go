// Package history keeps the records of tasks that have ended, in a badger database of its own, and finds them again by
// type, state, user, subject and time.
//
// A database is opened for a moment, by one process that writes or by several that read; who may is decided outside, by
// a lock. What Add and Prune have returned from is durable.
//
// # Stored bytes
//
// Numbers are big-endian. ^position is a task.Position with each bit inverted, so that the newest comes first. State is
// one byte: 1 cancelled, 2 failed, 3 ok, 4 warning. The first byte of a key says what it is of:
//
//	01 ^position(29)                        a record
//	02 day(4) type 00 state(1)              a total; day counts from 1970-01-01, UTC
//	10–17 hash(8) state(1) ^position(29)    an index entry, whose value is empty
//
// The value of a record is
//
//	version(1) = 1   checksum(4)   record, as JSON
//
// and that of a total
//
//	version(1) = 1   checksum(4)   tasks(8) items(8) bytes(8) transferred(8) duration(8) warnings(8)
//
// with the duration in nanoseconds. The checksum is CRC-32C (Castagnoli) of what follows it.
//
// The low three bits of an index entry's first byte say which attributes it is by: 1 the type, 2 the user, 4 the
// subject. The hash is FNV-1a of 64 bits over those attributes in this order, each as its length(4) and its bytes. A
// record has one entry for each of the four choices without a subject; for each of the four others, it has one by its
// source and one by its target, unless they are empty or the same. Two values that share a hash do no harm: every
// record that is found is compared with the query.
//
// # What is checked when
//
// Open reads the list of tables and the index of each, and refuses a folder in which one is missing, cut off or damaged
// there: badger itself would end the process over that. The checksums of records and totals are checked whenever they
// are read. Index entries have none: a damaged one names a record that is not there, which List reports, or hides a record
// from those queries that would use it; Get and a query for all find it still.
package history
