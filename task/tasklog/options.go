package tasklog

import (
	"cmp"
	"log/slog"
	"time"
)

// DefaultLimit is how large a log becomes unless Options say otherwise: 16 MiB.
const DefaultLimit = 16 << 20

// Options say what a Handler takes in. The zero value takes in everything, up to DefaultLimit.
type Options struct {
	// Level is the least level of a line; nil stands for slog.LevelDebug.
	Level slog.Leveler

	// Limit is how many bytes the log may have. The first line that would go beyond it is replaced with one that says
	// so, and later ones are only counted. 0 stands for DefaultLimit, a negative one for no limit.
	Limit int64

	// Written is how many bytes the log has already, from an earlier process. Unless it is 0, what comes next is set
	// apart from them by a newline, since the last line may be torn.
	Written int64

	// Now is the clock of the lines that the Handler itself adds; nil stands for time.Now.
	Now func() time.Time

	// Stage is asked at each line for the name of the stage that is going on; "" is none, and so is a nil Stage. It is
	// called by whoever logs, from any goroutine, and must not log to the same Handler.
	Stage func() string
}

func (o Options) withDefaults() Options {
	o.Limit = cmp.Or(o.Limit, DefaultLimit)
	o.Written = max(0, o.Written)
	if o.Level == nil {
		o.Level = slog.LevelDebug
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Stage == nil {
		o.Stage = func() string { return "" }
	}
	return o
}
