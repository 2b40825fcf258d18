package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/heirloom-backup/heirloom/datastore"
)

// size writes bytes for people: 1.4 GiB.
func size(bytes int64) string { return humanize.IBytes(uint64(max(bytes, 0))) }

// count writes a number and what it counts: 1,234 files.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return humanize.Comma(n) + " " + many
}

// clock writes a time for people, in their zone.
func (p *program) clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(p.Zone).Format("2006-01-02 15:04:05 MST")
}

// took writes a duration for people.
func took(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// printable makes visible what a terminal would obey or could not show, such as escape sequences in a file's name.
func printable(s string) string {
	if !strings.ContainsFunc(s, unprintable) {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// table is a table for people; its cells are separated by tabs.
func (p *program) table(header string) *tabwriter.Writer {
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, header)
	return w
}

// say writes what was done, unless the run is to be quiet.
func (p *program) say(format string, a ...any) error {
	text := fmt.Sprintf(format, a...)
	p.logLines(slog.LevelInfo, text)
	if p.quiet || p.json {
		return nil
	}
	_, err := fmt.Fprintln(p.Stdout, text)
	return err
}

// note writes on stderr what is good to know.
func (p *program) note(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	p.logLines(slog.LevelInfo, text)
	if !p.quiet {
		fmt.Fprintln(p.Stderr, oneLine("note: "+text))
	}
}

// warn names what was skipped. It also speaks in a quiet run: what is missing from a backup is what a person must know.
func (p *program) warn(warnings []datastore.Warning, total int64) {
	p.recordWarnings(warnings, total)
	for _, w := range warnings {
		fmt.Fprintf(p.Stderr, "warning: %s: %s\n", printable(w.Path), oneLine(w.Reason))
	}
	if more := total - int64(len(warnings)); more > 0 {
		fmt.Fprintf(p.Stderr, "warning: %s more\n", humanize.Comma(more))
	}
}

// damage names what was found damaged, also in a quiet run.
func (p *program) damage(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	p.logLines(slog.LevelError, text)
	fmt.Fprintln(p.Stderr, oneLine("damage: "+text))
}
