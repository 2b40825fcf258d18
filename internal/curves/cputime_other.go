//go:build !unix

package main

import "time"

var started = time.Now()

// cpuTime returns the time that has passed: this system has no simple way to ask for the processors'.
func cpuTime() time.Duration { return time.Since(started) }
