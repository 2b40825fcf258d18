package remedy

import "context"

// Codes of what happens to a task rather than in it. A runner gives them out; System has their tips.
const (
	CodeInterrupted   Code = "interrupted"    // the process that ran it died
	CodePanic         Code = "panic"          // it panicked
	CodeCancelled     Code = "cancelled"      // somebody asked to stop it
	CodeDeadline      Code = "deadline"       // it took longer than it was given
	CodeIgnoredCancel Code = "ignored-cancel" // it was asked to stop and went on
	CodeUnknown       Code = "unknown"        // nobody has said what its error means
)

// runnerRows explains these codes. Two of them have errors that say the same; the others are only given out.
func runnerRows() Table {
	return Table{
		{is(context.Canceled), CodeCancelled, User, "Start it again when it is wanted."},
		{holds(context.DeadlineExceeded), CodeDeadline, User,
			"See in the log what took the time; then give it more time, or less to do."},
		{nil, CodeInterrupted, Transient,
			"Start it again; if it is interrupted again, look in the system's log for what ends the program."},
		{nil, CodePanic, Bug, "Report it to the authors of the program, with the log: the stack in it shows the place."},
		{nil, CodeIgnoredCancel, Bug,
			"Restart the program if the task still runs, and report it to the authors, with the log."},
		unknownRow(),
	}
}

// unknownRow stands for what no row matches. Its class is User: what nobody has thought of comes most often from outside,
// and each other class would say too much. It would be tried again in vain, or raise an alarm about data, or accuse the
// authors.
func unknownRow() Row {
	return Row{nil, CodeUnknown, User,
		"Read the message and the log; if they do not tell what to change, report it to the authors, with the log."}
}
