package schedule

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes calendar expressions of all shapes, about one in twelve with a value that is out of range.
type generator struct {
	*rand.Rand
	extended bool // the expression being made uses something that systemd does not know
}

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 1))} }

func (g *generator) chance(oneIn int) bool { return g.IntN(oneIn) == 0 }

func (g *generator) oneOf(choices ...string) string { return choices[g.IntN(len(choices))] }

// expression returns a calendar event, and whether it goes beyond systemd's grammar.
func (g *generator) expression() (expr string, extended bool) {
	g.extended = false
	if g.chance(20) {
		return g.caseOf(g.oneOf("minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually",
			"semi-annually", "biannually", "bi-annually", "yearly", "annually")), false
	}
	var words []string
	if g.chance(3) {
		words = append(words, g.weekdays())
	}
	if !g.chance(3) {
		words = append(words, g.date())
	}
	if len(words) == 0 || !g.chance(4) {
		words = append(words, g.time())
	}
	if g.chance(10) {
		words = append(words, g.oneOf("UTC", "utc", "Europe/Berlin", "Asia/Tokyo", "America/New_York"))
	}
	return strings.Join(words, g.oneOf(" ", " ", " ", " ")), g.extended
}

func (g *generator) caseOf(s string) string {
	switch g.IntN(3) {
	case 0:
		return strings.ToUpper(s)
	case 1:
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

func (g *generator) weekdays() string {
	var items []string
	for range 1 + g.IntN(3) {
		a, b := g.IntN(7), g.IntN(7)
		item := g.weekday(a)
		switch {
		case g.chance(3):
			item += ".." + g.weekday(b)
			g.extended = g.extended || b < a
		case g.chance(6) && a <= b:
			item += "-" + g.weekday(b)
		}
		items = append(items, item)
	}
	return strings.Join(items, ",") + g.oneOf("", "", "", "", "", ",")
}

func (g *generator) weekday(i int) string {
	name := weekdayNames[i]
	if g.chance(2) {
		name = name[:3]
	}
	return g.caseOf(name)
}

func (g *generator) date() string {
	if g.chance(60) {
		return fmt.Sprint("@", g.IntN(1<<32))
	}
	year, month := "*", g.field(1, 12)
	if g.chance(4) {
		year = g.field(g.oneOfInts(1970, 2015, 2024, 2026), 2199)
	}
	day := "-" + g.field(1, 31)
	if g.chance(5) {
		day = "~" + g.endField()
	}
	if year == "*" && g.chance(4) {
		return month + day
	}
	return year + "-" + month + day
}

func (g *generator) oneOfInts(choices ...int) int { return choices[g.IntN(len(choices))] }

func (g *generator) time() string {
	hour, minute := g.field(0, 23), g.field(0, 59)
	switch {
	case g.chance(15):
		g.extended = true
		return minute
	case g.chance(2):
		return hour + ":" + minute
	case g.chance(4):
		return hour + ":" + minute + ":" + g.fraction(g.IntN(30)) + g.oneOf("", ".."+g.fraction(30+g.IntN(29)),
			"/"+g.fraction(1+g.IntN(20)), ".."+g.fraction(30+g.IntN(29))+"/"+g.fraction(1+g.IntN(20)))
	}
	return hour + ":" + minute + ":" + g.field(0, 59)
}

func (g *generator) fraction(seconds int) string {
	return fmt.Sprint(seconds, g.oneOf("", ".5", ".25", ".000001", ".125", ".9999994"))
}

// field is a "*" or a list of values, ranges and steps between two bounds.
func (g *generator) field(low, high int) string {
	if g.chance(3) {
		return "*"
	}
	if g.chance(15) {
		g.extended = true
		return fmt.Sprint("*/", 1+g.IntN(min(high, 30)))
	}
	var items []string
	for range 1 + g.IntN(5)/2 {
		items = append(items, g.item(low, high))
	}
	return strings.Join(items, ",")
}

func (g *generator) item(low, high int) string {
	width := high - low + 1
	if g.chance(60) {
		return fmt.Sprint(high + 1 + g.IntN(3)) // out of range
	}
	a := low + g.IntN(width)
	if width > 100 {
		a = low + g.IntN(20)
	}
	b := min(high, a+g.IntN(width))
	number := g.oneOf("%d", "%02d")
	step := 1 + g.IntN(min(width, 40)/2)
	switch g.IntN(5) {
	case 0:
		g.extended = g.extended || a == b // which systemd refuses for seconds only
		return fmt.Sprintf(number+".."+number, a, b)
	case 1:
		return fmt.Sprintf(number+".."+number+"/%d", a, b, step)
	case 2:
		g.extended = g.extended || a+step > high
		return fmt.Sprintf(number+"/%d", a, step)
	}
	return fmt.Sprintf(number, a)
}

// endField is field for days from the end of the month, where a step must stay within the month.
func (g *generator) endField() string {
	a, b := 1+g.IntN(29), 1+g.IntN(29)
	return g.oneOf("*", "1", fmt.Sprint(a), fmt.Sprintf("%02d,%d", a, b), fmt.Sprintf("%d..%d", a, b),
		fmt.Sprintf("%d/%d", a, 1+b/4), "7/1", fmt.Sprintf("%d..28/%d", 1+a/2, 1+b/4))
}
