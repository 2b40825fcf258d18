// Package restore brings snapshots back: as files on disk, as a stream, as an [io/fs.FS] to browse, or as an
// [io.ReaderAt] over one file or disk image.
//
// [Tree] restores a snapshot, a folder of it or one file; what it restored, what it could not, and what is damaged is
// in its [Result]. [Lookup] and [Walk] find and list entries, [Write] streams a file, [Open] gives the snapshot as a
// file system, [OpenImage] random access.
//
// # What a restore promises
//
// A snapshot is treated as hostile input. Nothing is written outside the destination, whatever the snapshot contains
// and whatever symlinks lie in the destination: each folder is opened through its parent, checked not to be a symlink,
// and entries are created by their bare name inside it.
//
// A file that exists under its name after a failed or cancelled restore is whole, or was there before: what could not
// be finished is removed, and with [Options.Overwrite] a new file takes the place of the old one only when it is whole.
// A process that is killed has no such chance: the new files it was at stay as far as they got, with the mode 0600, and
// replacements as files named .heirloom-restore-*.
//
// When Tree returns without an error, what it restored is on stable storage, unless [Options.NoSync] is set.
//
// # What systems cannot keep
//
// What the system or the user's rights do not allow is a warning of the result, never silence: owners need root,
// devices need root; FreeBSD has no way to make sockets by name and keeps only attributes of users; macOS lacks a safe
// way to make FIFOs, sockets and devices and to set the times of symlinks; Windows keeps times and contents, and
// symlinks where the user may make them.
package restore
