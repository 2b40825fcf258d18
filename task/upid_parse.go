package task

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// SyntaxError says where a text stops being a UPID.
type SyntaxError struct {
	Text   string // what was read
	Offset int    // of the first byte that does not fit, or the length of Text where it ends too early
	Field  string // name of the field that it belongs to, such as "pid"; "" outside all
	Reason string
}

func (e *SyntaxError) Error() string {
	where := fmt.Sprintf("byte %d", e.Offset)
	if e.Field != "" {
		where += ", " + e.Field
	}
	return fmt.Sprintf("%q is not a UPID: %s: %s", shorten(e.Text), where, e.Reason)
}

// ParseUPID reads the text form, and nothing else: what breaks a rule of UPID, such as a control character in the type or
// the auth, is refused. Its error is a *SyntaxError. Hexadecimal digits may be lower case.
func ParseUPID(text string) (UPID, error) {
	p := &upidParser{text: text}
	u := p.parse()
	if p.err != nil {
		return UPID{}, p.err
	}
	return u, nil
}

// upidParser goes through the fields of a text, up to the first that does not fit.
type upidParser struct {
	text string
	at   int // where the next field begins
	err  *SyntaxError
}

func (p *upidParser) parse() (u UPID) {
	if len(p.text) > maxUPID {
		p.fail(maxUPID, "", fmt.Sprintf("more than %d bytes", maxUPID))
		return u
	}
	if !strings.HasPrefix(p.text, "UPID:") {
		p.fail(commonPrefix(p.text, "UPID:"), "", `it does not begin with "UPID:"`)
		return u
	}
	p.at = len("UPID:")
	u.Node = p.checked("node", checkNode)
	u.PID = int32(p.number("pid", 8, 8, math.MaxInt32))
	u.ProcessStart = p.number("pstart", 8, 9, maxProcessStart)
	u.TaskID = p.number("task_id", 8, 16, math.MaxUint64)
	u.Start = uint32(p.number("starttime", 8, 8, math.MaxUint32))
	u.Type = p.checked("type", checkWord)
	u.ID = p.escaped("id")
	u.Auth = p.checked("auth", checkWord)
	if p.err == nil && p.at < len(p.text) {
		p.fail(p.at, "", "more follows the last colon")
	}
	return u
}

// field returns the bytes up to the next colon, and where they begin.
func (p *upidParser) field(name string) (start int, text string) {
	if p.err != nil {
		return p.at, ""
	}
	text, _, found := strings.Cut(p.text[p.at:], ":")
	if !found {
		p.fail(len(p.text), name, "the text ends before the colon that closes the field")
		return p.at, ""
	}
	start, p.at = p.at, p.at+len(text)+1
	return start, text
}

// number reads a field of at least and at most so many hexadecimal digits.
func (p *upidParser) number(name string, least, most int, max uint64) uint64 {
	start, text := p.field(name)
	if p.err != nil {
		return 0
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return !isHex(r) }); i >= 0 {
		return p.fail(start+i, name, "not a hexadecimal digit")
	}
	if len(text) < least || len(text) > most {
		return p.fail(start, name, fmt.Sprintf("%d hexadecimal digits, not %s", len(text), digits(least, most)))
	}
	n, err := strconv.ParseUint(text, 16, 64)
	if err != nil || n > max {
		return p.fail(start, name, fmt.Sprintf("%s is more than %X", text, max))
	}
	return n
}

func (p *upidParser) checked(name string, check func(string) (int, error)) string {
	start, text := p.field(name)
	if p.err != nil {
		return ""
	}
	if at, err := check(text); err != nil {
		p.fail(start+at, name, err.Error())
	}
	return text
}

func (p *upidParser) escaped(name string) string {
	start, text := p.field(name)
	if p.err != nil {
		return ""
	}
	raw, err := unescapeUnit(text)
	var bad *escapeError
	if errors.As(err, &bad) {
		p.fail(start+bad.at, name, bad.reason)
	}
	return raw
}

func (p *upidParser) fail(at int, field, reason string) uint64 {
	p.err = &SyntaxError{Text: p.text, Offset: at, Field: field, Reason: reason}
	return 0
}

func digits(least, most int) string {
	if least == most {
		return strconv.Itoa(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

func isHex(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
