//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime returns the time that the processors have spent on this process.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // it fails for arguments that are wrong, and these are not
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
