package backendtest

import "fmt"

// step is one entry of a recording.
type step struct {
	event event
	write *write // nil for a mark
	err   error  // what the write returned
	text  string // of a mark
}

type event string

const (
	began    event = "began"
	returned event = "returned"
	marked   event = "marked"
)

// write is a Put or a Delete. It is never changed.
type write struct {
	call Call
	data []byte // of a Put
}

func (s step) String() string {
	if s.event == marked {
		return fmt.Sprintf("mark %q", s.text)
	}
	return fmt.Sprintf("%s %s %s", s.write.call.Kind, s.write.call.Name, s.event)
}
