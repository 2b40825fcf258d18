package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// Colours of a terminal.
const (
	plain  = "\x1b[0m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	blue   = "\x1b[34m"
	grey   = "\x1b[90m"
)

// barWidth leaves room, in 80 columns, for what is said beside the bar.
const barWidth = 24

// bar draws how far a task has come.
func bar(r task.Record) string {
	stage := latest(r)
	fraction, _ := stage.Fraction() // 0 where nobody knows
	full := int(fraction * barWidth)
	return fmt.Sprintf("%-14s %s%s%s%s%s %3.0f %%  %7s  %s", name(r),
		colour(r), strings.Repeat("━", full), grey, strings.Repeat("─", barWidth-full), plain,
		100*fraction, size(float64(stage.Done.Bytes)), words(r))
}

// latest is the stage that is going on or, of a task that is not running, was the last. There may be none yet.
func latest(r task.Record) progress.Status {
	if n := len(r.Progress.Stages); n > 0 {
		return r.Progress.Stages[n-1]
	}
	return progress.Status{}
}

func colour(r task.Record) string {
	switch r.State {
	case task.OK:
		return green
	case task.Warning, task.Queued, task.Cancelled:
		return yellow
	case task.Failed:
		return red
	}
	return blue
}

// words say how a task does.
func words(r task.Record) string {
	switch {
	case r.State == task.Queued && r.Failure != nil:
		return fmt.Sprintf("again: %s", r.Failure.Code)
	case r.State == task.Running && len(r.Progress.Stages) > 0:
		return pace(latest(r))
	case r.State == task.Failed:
		return fmt.Sprintf("failed: %s", r.Failure.Code)
	case r.State.Final():
		return fmt.Sprintf("%s after %.1f s", r.State, r.Duration(r.Ended).Seconds())
	}
	return string(r.State)
}

// pace says how fast a stage is, and when it will be over.
func pace(s progress.Status) string {
	text := size(s.Rate.Bytes) + "/s"
	if s.Left != progress.Unknown {
		text = fmt.Sprintf("%-10s %.0f s left", text, s.Left.Round(time.Second).Seconds())
	}
	return text
}

func size(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/mb) }
