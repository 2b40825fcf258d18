//go:build !windows

package remedy

import "syscall"

// nativeNumbers returns none: here the numbers that package syscall names are those that the system returns.
func nativeNumbers(Code) []syscall.Errno { return nil }
