// Package tree is the structure of a snapshot: folders with their entries, files with their extents, in nodes that
// each are one chunk of the store.
//
// A Node has two parts. Refs are the IDs it needs; whoever holds the store can follow them without a key. The body
// holds names and metadata. Large folders and long files are split into several nodes at places their content
// decides, so that one changed entry changes one small node a level and everything else is shared with the snapshot
// before.
//
// DirBuilder and FileBuilder write; Entries, Find and Extents read. They ask for nodes through the two function types
// Get and Put, so the package knows nothing of storage.
package tree
