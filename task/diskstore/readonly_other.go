//go:build !unix

package diskstore

func isReadOnlyFS(error) bool { return false }
