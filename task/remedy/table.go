package remedy

import (
	"cmp"
	"errors"
	"fmt"
)

// Table explains errors: the first row that matches counts. It is a plain slice, to be put together as one likes, and
// safe for concurrent use as long as nobody changes it.
type Table []Row

// Row explains one kind of error. Several rows may have one code.
type Row struct {
	Matches func(error) bool // whether the error, or one that it wraps, is of this kind; nil matches none
	Code    Code
	Class   Class
	Tip     string // what to do next, a sentence
}

// Explain says what can be said of an error. Of nil it returns the zero Failure.
//
// An *Error that err is or wraps has the first word, the outermost of several. What it leaves empty comes from the first
// row that has its code or, if it has none, from the first row that matches. Without an *Error the first row that
// matches counts. What is still empty then is that of CodeUnknown. A class that is none of those there are is as good as
// empty, and a code that is too long is cut.
//
// It does not panic: an error or a row that does, as a nil pointer in an error may, is explained as CodePanic.
func (t Table) Explain(err error) (f Failure) {
	if err == nil {
		return Failure{}
	}
	defer func() {
		if cause := recover(); cause != nil {
			f = panicked(err, cause)
		}
	}()
	var said Error
	if e, ok := errors.AsType[*Error](err); ok {
		said = *e
	}
	row, unknown := t.rowFor(said.Code, err), unknownRow()
	return Failure{
		Code:    cmp.Or(said.Code, row.Code, CodeUnknown).bounded(),
		Class:   cmp.Or(said.Class.known(), row.Class.known(), unknown.Class),
		Message: bounded(err.Error()),
		Tip:     bounded(cmp.Or(said.Tip, row.Tip, unknown.Tip)),
	}
}

// panicked explains an error that could not be asked: whoever shows errors must not die of one.
func panicked(err error, cause any) Failure {
	tip, _ := runnerRows().Tip(CodePanic)
	return Failure{CodePanic, Bug, bounded(fmt.Sprintf("explain an error of type %T: panic: %v", err, cause)), tip}
}

// Tip returns the tip for a code: that of the first row that has it.
func (t Table) Tip(code Code) (string, bool) {
	row, found := t.row(code)
	return row.Tip, found
}

// row returns the first row that has a code.
func (t Table) row(code Code) (Row, bool) {
	for _, row := range t {
		if row.Code == code {
			return row, true
		}
	}
	return Row{}, false
}

// rowFor returns the row of a code or, if that is empty, of an error; the zero row if there is none.
func (t Table) rowFor(code Code, err error) Row {
	if code != "" {
		row, _ := t.row(code)
		return row
	}
	for _, row := range t {
		if row.Matches != nil && row.Matches(err) {
			return row
		}
	}
	return Row{}
}
