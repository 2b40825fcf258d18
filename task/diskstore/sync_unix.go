//go:build unix

package diskstore

// ignoreUnsupported returns err: a folder that cannot be synced makes no promise.
func ignoreUnsupported(err error) error { return err }
