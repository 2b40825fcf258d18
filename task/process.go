package task

import (
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// Process is who makes tasks: it becomes part of their UPIDs.
type Process struct {
	Node  string // name of the machine, by the rule of UPID.Node
	PID   int32
	Start uint64 // when the process began, by the rule of UPID.ProcessStart
}

// ThisProcess returns what the system says of the running process. The node is the first label of the host's name, with
// what a node's name must not have replaced by hyphens; "localhost" where there is none.
func ThisProcess() Process {
	host, _ := os.Hostname() // a machine without a name runs tasks as well
	return Process{Node: nodeName(host), PID: int32(os.Getpid()), Start: processStart() & maxProcessStart}
}

func nodeName(host string) string {
	label, _, _ := strings.Cut(host, ".")
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && isAlphanumeric(byte(r)) {
			return r
		}
		return '-'
	}, label)
	if name = strings.Trim(name, "-"); name == "" {
		return "localhost"
	}
	return name
}

// lastTaskID counts the tasks of the process, whoever makes them: two runners in one process, which know nothing of each
// other, must not name two tasks alike. A process is a global by nature, and so is this.
var lastTaskID atomic.Uint64

// NewUPID names a new task. No other call in this process returns the same name, whatever the clock does.
func (p Process) NewUPID(now time.Time, kind, id, auth string) (UPID, error) {
	u := UPID{Node: p.Node, PID: p.PID, ProcessStart: p.Start, Start: uint32(now.Unix()), Type: kind, ID: id, Auth: auth}
	if err := u.Validate(); err != nil {
		return UPID{}, err
	}
	u.TaskID = lastTaskID.Add(1)
	return u, nil
}
