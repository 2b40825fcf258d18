package schedule

import (
	"strings"
	"time"
	"unicode"
)

// cronShorthands are the names that stand for five fields.
var cronShorthands = map[string]string{
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly":  "0 0 1 * *",
	"@weekly":   "0 0 * * 0",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly":   "0 * * * *",
}

// ParseCron reads a cron expression in the dialect of robfig/cron's standard parser: minute, hour, day of the month,
// month and weekday, or @yearly, @monthly, @weekly, @daily, @hourly, or "@every 90m". CRON_TZ=Europe/Berlin or
// TZ=Europe/Berlin in front names the zone; otherwise it is loc, where nil means UTC. The package comment has the
// rest. The error is a *[ParseError].
func ParseCron(expr string, loc *time.Location) (*Cron, error) {
	c := &Cron{loc: loc, expr: expr}
	words, err := c.parseZone(whole(expr).words(unicode.IsSpace))
	if err != nil {
		return nil, err
	}
	prefix := c.canonical
	if len(words) == 2 && words[0].text() == "@every" {
		err = c.parseEvery(words[1])
	} else {
		err = c.parseFields(words)
	}
	if err != nil {
		return nil, err
	}
	c.canonical = prefix + c.canonical
	return c, nil
}

// parseZone takes TZ=zone or CRON_TZ=zone off the front and leaves it, as the canonical form has it, in c.canonical.
func (c *Cron) parseZone(words []token) ([]token, error) {
	if len(words) == 0 {
		return nil, whole(c.expr).refuse("the expression is empty")
	}
	key, value, found := words[0].cut("=")
	if !found || key.text() != "TZ" && key.text() != "CRON_TZ" {
		return words, nil
	}
	loc, name, err := loadZone(value)
	if err != nil {
		return nil, err
	}
	c.loc, c.canonical = loc, "CRON_TZ="+name+" "
	return words[1:], nil
}

func (c *Cron) parseEvery(t token) error {
	period, err := time.ParseDuration(t.text())
	if err != nil {
		return t.refuse("not a duration; write 90m or 1h30m")
	}
	if period < time.Second {
		return t.refuse("the shortest period is one second")
	}
	c.every = period.Truncate(time.Second)
	c.canonical = "@every " + c.every.String()
	return nil
}

func (c *Cron) parseFields(words []token) error {
	words, err := expandCron(c.expr, words)
	if err != nil {
		return err
	}
	var sets [5]uint64
	var open [5]bool
	var texts [5]string
	for i, f := range cronFields {
		list, err := f.parse(words[i])
		if err != nil {
			return err
		}
		sets[i], open[i] = cronSet(list)
		texts[i] = joinItems(list)
	}
	c.pattern = cronPattern(sets, !open[2] && !open[4])
	c.canonical = strings.Join(texts[:], " ")
	return nil
}

// expandCron replaces a shorthand by what it stands for, and checks the number of fields.
func expandCron(expr string, words []token) ([]token, error) {
	if len(words) == 0 {
		return nil, whole(expr).skip(len(expr)).refuse("the five fields are missing")
	}
	if words[0].text()[0] == '@' {
		long, ok := cronShorthands[words[0].text()]
		if !ok || len(words) > 1 {
			return nil, words[0].refuse("not one of @yearly, @monthly, @weekly, @daily, @hourly, @every with a duration")
		}
		words = whole(long).words(unicode.IsSpace)
	}
	switch {
	case len(words) > 5:
		return nil, words[5].refuse("there are only five fields: minute, hour, day of the month, month, weekday")
	case len(words) < 5:
		return nil, whole(expr).skip(len(expr)).refuse(
			"%d of five fields: minute, hour, day of the month, month, weekday", len(words))
	}
	return words, nil
}

func joinItems(list []cronItem) string {
	var texts []string
	for _, item := range list {
		texts = append(texts, item.String())
	}
	return strings.Join(texts, ",")
}

// cronPattern turns the five sets into a pattern; either is cron's rule for two restricted day fields.
func cronPattern(sets [5]uint64, either bool) pattern {
	d := days{
		years:    everyYear(),
		month:    uint32(sets[2]),
		months:   uint16(sets[3]),
		weekdays: uint8(sets[4]),
		either:   either,
	}
	d.settle()
	return pattern{d, clock{minutes: sets[0], hours: uint32(sets[1]), seconds: []component{midnight}}}
}
