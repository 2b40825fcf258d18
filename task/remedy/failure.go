package remedy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Code names a kind of failure, for programs: lower-case words joined by hyphens, such as "disk-full". Codes are
// stable: one that was given out keeps its meaning. Failure.Code has MaxCode bytes at most.
type Code string

// Class says who can do something about a failure.
type Class string

// The classes.
const (
	Transient Class = "retry"  // time: the same may go well later
	User      Class = "user"   // the user: something outside is missing, full, forbidden or wrong
	Damage    Class = "damage" // whoever keeps the data: some of it is lost or wrong
	Bug       Class = "bug"    // the authors of the program
)

// Failure is an error as it is kept and shown: plain text and data, safe to store.
type Failure struct {
	Code    Code   `json:"code"`          // valid UTF-8, at most MaxCode bytes
	Class   Class  `json:"class"`         // one of the above
	Message string `json:"message"`       // the text of the error: valid UTF-8, at most MaxText bytes
	Tip     string `json:"tip,omitempty"` // what to do next, a sentence; bounded like the message
}

// MaxCode is how many bytes the code of a Failure has at most: of a longer one the beginning stays.
const MaxCode = 100

// bounded makes a code fit for a Failure.
func (c Code) bounded() Code {
	text := strings.ToValidUTF8(string(c), "\uFFFD")
	if len(text) <= MaxCode {
		return Code(text)
	}
	end := MaxCode
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return Code(text[:end])
}

// known returns the class if it is one of those there are, else "".
func (c Class) known() Class {
	switch c {
	case Transient, User, Damage, Bug:
		return c
	}
	return ""
}

// MaxText is how many bytes the message and the tip of a Failure have at most. Of a longer text the beginning stays, and
// it says how much was left out.
const MaxText = 4 << 10

// bounded makes a text fit for a Failure.
func bounded(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= MaxText {
		return text
	}
	const room = 64 // for the note
	end := MaxText - room
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… (%d bytes left out)", text[:end], len(text)-end)
}
