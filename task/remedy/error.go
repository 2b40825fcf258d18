package remedy

// Error is an error that carries its explanation. Its text is that of Err, which it wraps. What it leaves empty of Code,
// Class and Tip is filled in by the table that explains it.
type Error struct {
	Code  Code
	Class Class
	Tip   string // what to do next, a sentence
	Err   error  // may be nil: the text is the code then
}

// New gives an error its explanation; see Error for what may be empty. Of a nil error it returns nil, so that a function
// can end in
//
//	return remedy.New("hook-failed", remedy.User, "Run the hook by hand and see what it says.", cmd.Run())
func New(code Code, class Class, tip string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{code, class, tip, err}
}

func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code)
	}
	return e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }
