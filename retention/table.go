package retention

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// tableTime shows the weekday, since weekly windows are hard to follow without.
const tableTime = "Mon 2006-01-02 15:04 MST"

// WriteTable writes the plan for people, a line per snapshot with its reasons and a sum at the end, with times in zone
// (nil means UTC). IDs have a column if there are any. The layout may change: programs read the decisions instead.
func (ds Decisions) WriteTable(w io.Writer, zone *time.Location) error {
	zone = orUTC(zone)
	named := slices.ContainsFunc(ds, func(d Decision) bool { return d.ID != "" })
	t := newTable(w, named, "TIME", "PLAN", "WHY")
	for _, d := range ds {
		t.row(d.ID, d.Time.In(zone).Format(tableTime), verb(d.Keep), d.Why())
	}
	kept, removed := ds.Counts()
	return t.end(fmt.Sprintf("%d kept, %d removed", kept, removed))
}

func verb(keep bool) string {
	if keep {
		return "keep"
	}
	return "remove"
}

// WriteTable writes the forecast for people: a line per snapshot, oldest first, with the day on which it goes and what
// keeps it until then, and a sum at the end. Times are in the forecast's zone. The layout may change.
func (tl *Timeline) WriteTable(w io.Writer) error {
	named := slices.ContainsFunc(tl.Lives, func(l Life) bool { return l.ID != "" })
	t := newTable(w, named, "TIME", "GOES", "STAYS BY")
	for _, l := range tl.Lives {
		t.row(l.ID, l.Time.In(tl.zone).Format(tableTime), tl.goes(l), l.Stayed.String())
	}
	if tl.Peak == 0 {
		return t.end("no snapshots")
	}
	return t.end(fmt.Sprintf("%d of %d at the end, at most %d at once, first on %s",
		len(tl.Final), len(tl.Lives), tl.Peak, tl.PeakTime.In(tl.zone).Format(time.DateOnly)))
}

func (tl *Timeline) goes(l Life) string {
	if l.Gone.IsZero() {
		return "stays"
	}
	return l.Gone.In(tl.zone).Format("Mon 2006-01-02")
}

// table aligns columns. Rows are held back until the last line, which therefore meets every error of the writer.
type table struct {
	*tabwriter.Writer
	named bool
}

func newTable(w io.Writer, named bool, headings ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0), named}
	t.row("SNAPSHOT", headings...)
	return t
}

func (t table) row(name string, cells ...string) {
	if t.named {
		cells = append([]string{name}, cells...)
	}
	for i, cell := range cells {
		cells[i] = strings.Map(printable, cell)
	}
	fmt.Fprintln(t, strings.Join(cells, "\t"))
}

// printable blanks what a name or a hold's reason, written by others, could use to break out of its cell.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

func (t table) end(sum string) error {
	if _, err := fmt.Fprintln(t, sum); err != nil {
		return err
	}
	return t.Flush()
}
