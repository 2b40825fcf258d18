//go:build !unix

package diskstore

// ignoreUnsupported returns nil: this system has no way to sync a folder, and needs none.
func ignoreUnsupported(error) error { return nil }
