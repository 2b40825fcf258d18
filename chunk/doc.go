// Package chunk cuts bytes into chunks, gives each its ID, and compresses and seals them for storage.
//
// It does no I/O of its own and knows nothing of packs, stores or snapshots. Its parts are independent; a program
// that writes a backup uses them in this order, one that reads it back uses the last two in reverse:
//
//   - [Params] say how to cut and are recorded with the data. [Params.Splitter] turns them into a [Splitter], which
//     finds where chunks end: by content ([Gear], [Rabin]) or by size ([Fixed]). [Split] applies one to an io.Reader.
//   - [Namer] derives a chunk's [ID] from its bytes.
//   - [Codec] compresses frames of one or more chunks with zstd, and declines where that does not pay.
//   - [Sealer] encrypts and authenticates frames with AES-256-GCM.
//
// Splitters, namers, codecs and sealers are safe for concurrent use.
package chunk
