package task

import (
	"bytes"
	"cmp"
	"fmt"
	"time"
)

// UPID is the name of a task: which process of which node made it, when, and what it is about. It is unique among all
// nodes, and a plain value: comparable with ==, usable as a key of a map. The zero value names no task.
//
// As text it is
//
//	UPID:node:pid:pstart:task_id:starttime:type:id:auth:
//
// with the numbers in upper-case hexadecimal digits, and the id escaped as systemd escapes the names of units. The form
// is that of Proxmox Backup Server, so that tools which take such names apart take these apart too. One rule is stricter:
// type and auth have no control characters, which could do harm on the terminals on which people read them.
type UPID struct {
	Node         string // name of the machine: letters, digits and inner hyphens
	PID          int32  // id of the process, not negative
	ProcessStart uint64 // when the process began, in the system's own count (Linux: clock ticks since boot), of 36 bits
	TaskID       uint64 // number of the task within its process
	Start        uint32 // when the task was made, in seconds since 1970, UTC
	Type         string // what it does, such as "backup"; not empty, without colons, white space and control characters
	ID           string // what it does it to; any bytes, may be empty
	Auth         string // user or token on whose behalf; same rule as for Type
}

// Time returns when the task was made, to the second, in UTC.
func (u UPID) Time() time.Time { return time.Unix(int64(u.Start), 0).UTC() }

// IsZero tells whether u names no task.
func (u UPID) IsZero() bool { return u == UPID{} }

// String returns the text form. Of a UPID that breaks a rule it is not one that ParseUPID reads; see Validate.
func (u UPID) String() string {
	return fmt.Sprintf("UPID:%s:%08X:%08X:%08X:%08X:%s:%s:%s:",
		u.Node, uint32(u.PID), u.ProcessStart, u.TaskID, u.Start, u.Type, escapeUnit(u.ID), u.Auth)
}

// Compare orders UPIDs by the time of their start. Within one second the tasks of a process stand in the order in which
// they were made, and those of processes on one node in the order of the processes' starts. It returns -1, 0 or 1.
func (u UPID) Compare(other UPID) int {
	order := cmp.Or(
		cmp.Compare(u.Start, other.Start),
		cmp.Compare(u.ProcessStart, other.ProcessStart),
		cmp.Compare(u.PID, other.PID),
		cmp.Compare(u.TaskID, other.TaskID),
	)
	if order != 0 || u == other {
		return order
	}
	p, q := u.Position(), other.Position()
	return bytes.Compare(p[:], q[:])
}

// MarshalText implements encoding.TextMarshaler: the text form, or "" for the zero value. JSON uses it too.
func (u UPID) MarshalText() ([]byte, error) {
	if u.IsZero() {
		return nil, nil
	}
	if err := u.Validate(); err != nil {
		return nil, err
	}
	return []byte(u.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler: what ParseUPID does, and "" becomes the zero value.
func (u *UPID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*u = UPID{}
		return nil
	}
	parsed, err := ParseUPID(string(text))
	if err != nil {
		return err
	}
	*u = parsed
	return nil
}
