package task

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// Spec says what a task is to be. Type and User are needed; the zero value of everything else is fine.
type Spec struct {
	Type string `json:"type"` // what it does, such as "backup"; see UPID.Type
	User string `json:"user"` // user or token on whose behalf, such as "root@pam"; see UPID.Auth

	ID     string `json:"id,omitempty"`     // what it does it to, in few words, for the UPID; "" stands for Source
	Source string `json:"source,omitempty"` // what is worked on, or where it comes from
	Target string `json:"target,omitempty"` // where the result goes

	Key      string        `json:"key,omitempty"`      // a runner runs one task of a key at a time, see Limits; "" is no key
	Priority int           `json:"priority,omitempty"` // those of higher priority go first, however long others have waited
	Deadline time.Duration `json:"deadline,omitempty"` // how long until an attempt is asked to stop, in nanoseconds; 0 has no limit
	Retry    remedy.Retry  `json:"retry,omitzero"`     // whether an attempt is followed by another, if it fails with class "retry"

	// Requeue puts the task back into the queue when its process dies, instead of marking it as failed; MaxInterruptions
	// times in a row, whatever Retry says. For that a runner must know the type (Options.Handlers): no function outlives
	// the process.
	Requeue bool            `json:"requeue,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"` // what such a handler needs to know; any JSON of at most 64 KiB
}

// The longest texts and payload that a record takes in, in bytes.
const (
	maxText    = 32 << 10
	maxPayload = 64 << 10
)

// id returns what stands in the UPID.
func (s *Spec) id() string {
	if s.ID != "" {
		return s.ID
	}
	return s.Source
}

// validate checks all but Type, User and ID, which UPID.Validate judges.
func (s *Spec) validate() error {
	texts := []struct{ name, text string }{{"source", s.Source}, {"target", s.Target}, {"key", s.Key}}
	for _, t := range texts {
		if len(t.text) > maxText {
			return fmt.Errorf("%s: %d bytes are more than %d", t.name, len(t.text), maxText)
		}
		if !utf8.ValidString(t.text) {
			return fmt.Errorf("%s: %q is not UTF-8, and a record is: escape it", t.name, t.text)
		}
	}
	switch {
	case s.Deadline < 0:
		return fmt.Errorf("deadline %s is negative", s.Deadline)
	case len(s.Payload) > maxPayload:
		return fmt.Errorf("payload: %d bytes are more than %d", len(s.Payload), maxPayload)
	case len(s.Payload) > 0 && !json.Valid(s.Payload):
		return fmt.Errorf("payload is not JSON")
	}
	return s.Retry.Validate()
}
