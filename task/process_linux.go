package task

import (
	"bytes"
	"os"
	"strconv"
)

// processStart reads when this process began, in clock ticks since the machine started: field 22 of /proc/self/stat
// (proc_pid_stat(5)). Where /proc is not mounted it is 0.
func processStart() uint64 {
	data, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	after := bytes.LastIndexByte(data, ')') // field 2 is a name in brackets, with anything in it
	fields := bytes.Fields(data[after+1:])
	const starttime = 22 - 3 // the first field after the bracket is number 3
	if len(fields) <= starttime {
		return 0
	}
	n, _ := strconv.ParseUint(string(fields[starttime]), 10, 64)
	return n
}
