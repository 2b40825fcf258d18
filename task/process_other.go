//go:build !linux

package task

import "time"

// began is when the program's variables were set up, which is as near as one can get without asking the system.
var began = time.Now()

// processStart returns when this process began, in seconds since 1970.
func processStart() uint64 { return uint64(began.Unix()) }
