package schedule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseCanonical(t *testing.T) {
	for expr, want := range map[string]string{
		"02:00":                           "*-*-* 02:00:00",
		"*-*-* 02:00":                     "*-*-* 02:00:00",
		"Mon..Fri 18:00":                  "Mon..Fri *-*-* 18:00:00",
		"SUNDAY 03:00":                    "Sun *-*-* 03:00:00",
		"*-*-01 03:00":                    "*-*-01 03:00:00",
		"minutely":                        "*-*-* *:*:00",
		"Hourly":                          "*-*-* *:00:00",
		"DAILY UTC":                       "*-*-* 00:00:00 UTC",
		"weekly":                          "Mon *-*-* 00:00:00",
		"monthly":                         "*-*-01 00:00:00",
		"quarterly":                       "*-01,04,07,10-01 00:00:00",
		"semiannually":                    "*-01,07-01 00:00:00",
		"annually Europe/Berlin":          "*-01-01 00:00:00 Europe/Berlin",
		"*:0/15":                          "*-*-* *:00/15:00",
		"*-*~01":                          "*-*~01 00:00:00",
		"Mon *-05~07/1":                   "Mon *-05~07/1 00:00:00",
		"Wed,Mon,tue":                     "Mon..Wed *-*-* 00:00:00",
		"Mon-Wed,":                        "Mon..Wed *-*-* 00:00:00",
		"Mon..Sun":                        "*-*-* 00:00:00",
		"10-15":                           "*-10-15 00:00:00",
		"12-1 5:3:4.0625":                 "*-12-01 05:03:04.062500",
		"70-1-1,69-1-1":                   "", // two dates are two expressions
		"69..71-1-1":                      "", // 2069 to 1971
		"14..16-1-1":                      "2014..2016-01-01 00:00:00",
		"*:*:*":                           "*-*-* *:*:*",
		"5,3,3:0..10/20":                  "*-*-* 03,05:00:00",
		"0:0:0..2.5/0.5":                  "*-*-* 00:00:00..02.500000/0.500000",
		"@1395716396":                     "2014-03-25 02:59:56 UTC",
		"fri..mon":                        "Mon,Fri..Sun *-*-* 00:00:00",
		"sun..mon 6:00":                   "Mon,Sun *-*-* 06:00:00",
		"*/15":                            "*-*-* *:00/15:00",
		"*:*/15":                          "*-*-* *:00/15:00",
		"*":                               "*-*-* *:*:00",
		"mon..wed 30/10":                  "Mon..Wed *-*-* *:30/10:00",
		"*-*/3-*/10 */6:00":               "*-01/3-01/10 00/6:00:00",
		"*/4-02-29":                       "1972/4-02-29 00:00:00",
		"*/1:*/1:*/1":                     "*-*-* *:*:*",
		"20/10:00":                        "*-*-* 20:00:00",
		"Thu *-11-22..28":                 "Thu *-11-22..28 00:00:00",
		"*-*-* 9..17/2:30 America/Denver": "*-*-* 09..17/2:30:00 America/Denver",
	} {
		c, err := Parse(expr, nil)
		if want == "" {
			require.Error(t, err, expr)
			continue
		}
		require.NoError(t, err, expr)
		require.Equal(t, want, c.String(), expr)
	}
}

// refusals of both parsers: the position and the token are part of the contract, the reason is for people.
var refusals = []struct {
	name, expr string
	cron       bool
	offset     int
	token      string
	reason     string
}{
	{name: "nothing", expr: "", offset: 0, token: "", reason: "empty"},
	{name: "only blanks", expr: "  ", offset: 0, token: "  ", reason: "empty"},
	{name: "blank in front", expr: " 2:00", offset: 0, token: " ", reason: "blanks before"},
	{name: "blank behind", expr: "2:00 ", offset: 4, token: " ", reason: "blanks after"},
	{name: "24:00", expr: "Mon 24:00", offset: 4, token: "24", reason: "from 0 to 23"},
	{name: "minute 60", expr: "2:60", offset: 2, token: "60", reason: "from 0 to 59"},
	{name: "second 60", expr: "2:00:60", offset: 5, token: "60", reason: "from 0 to 59"},
	{name: "second that rounds to 60", expr: "2:00:59.9999999", offset: 5, token: "59.9999999", reason: "from 0 to 59"},
	{name: "month 0", expr: "*-0-1", offset: 2, token: "0", reason: "from 1 to 12"},
	{name: "month 13", expr: "2026-13-1", offset: 5, token: "13", reason: "from 1 to 12"},
	{name: "day 0", expr: "*-*-00 2:00", offset: 4, token: "00", reason: "from 1 to 31"},
	{name: "day 32", expr: "*-*-1,32", offset: 6, token: "32", reason: "from 1 to 31"},
	{name: "day 29 from the end", expr: "*-*~29", offset: 4, token: "29", reason: "from 1 to 28"},
	{name: "year before 1970", expr: "1969-1-1", offset: 0, token: "1969", reason: "from 1970 to 2199"},
	{name: "year after 2199", expr: "2200-1-1", offset: 0, token: "2200", reason: "from 1970 to 2199"},
	{name: "step 0", expr: "*:0/0", offset: 4, token: "0", reason: "step of 0"},
	{name: "step 0 after a star", expr: "*:*/0", offset: 4, token: "0", reason: "step of 0"},
	{name: "step too large", expr: "*:0/60", offset: 4, token: "60", reason: "larger than minutes go"},
	{name: "step out of the month", expr: "*-*~3/3", offset: 6, token: "3", reason: "leaves the month"},
	{name: "step without a number", expr: "*:0/", offset: 4, token: "", reason: "number is missing"},
	{name: "range backwards", expr: "22..6:00", offset: 0, token: "22..6", reason: "backwards"},
	{name: "open range", expr: "5..:00", offset: 3, token: "", reason: "number is missing"},
	{name: "range within a second", expr: "0:0:1..1.5", offset: 4, token: "1..1.5", reason: "one second"},
	{name: "empty entry", expr: "5,,6:00", offset: 2, token: "", reason: "number is missing"},
	{name: "no minutes", expr: "5:", offset: 2, token: "", reason: "minutes are missing"},
	{name: "four parts of a time", expr: "1:2:3:4", offset: 6, token: "4", reason: "no more than"},
	{name: "four parts of a date", expr: "1-2-3-4", offset: 2, token: "2-3", reason: "not a digit"},
	{name: "star with more", expr: "*5:00", offset: 1, token: "5", reason: "after *"},
	{name: "step from the end after a star", expr: "*-*~*/2", offset: 4, token: "*/2", reason: "~07/2"},
	{name: "no such weekday", expr: "Mon..Foo 2:00", offset: 5, token: "Foo", reason: "not a weekday"},
	{name: "empty weekday", expr: "Mon,,Tue", offset: 4, token: "", reason: "weekday is missing"},
	{name: "time before date", expr: "2:00 *-*-01", offset: 5, token: "*-*-01", reason: "the order is"},
	{name: "two times", expr: "2:00 3:00", offset: 5, token: "3:00", reason: "the order is"},
	{name: "no such zone", expr: "2:00 Europe/Nowhere", offset: 5, token: "Europe/Nowhere", reason: "time zone"},
	{name: "the machine's zone", expr: "2:00 Local", offset: 5, token: "Local", reason: "time zone"},
	{name: "a zone alone", expr: "UTC", offset: 0, token: "UTC", reason: "not a weekday"},
	{name: "a sign", expr: "+5:00", offset: 0, token: "+5", reason: "not a digit"},
	{name: "a huge number", expr: "9999999999999999999:00", offset: 0, token: "9999999999999999999", reason: "too large"},
	{name: "a moment too late", expr: "@99999999999", offset: 1, token: "99999999999", reason: "years run"},
	{name: "an at sign elsewhere", expr: "0@", offset: 0, token: "0@", reason: "not a digit"},

	{name: "cron: nothing", cron: true, expr: "", offset: 0, token: "", reason: "empty"},
	{name: "cron: only a zone", cron: true, expr: "TZ=UTC", offset: 6, token: "", reason: "missing"},
	{name: "cron: four fields", cron: true, expr: "0 2 * *", offset: 7, token: "", reason: "4 of five fields"},
	{name: "cron: six fields", cron: true, expr: "0 0 2 * * *", offset: 10, token: "*", reason: "only five fields"},
	{name: "cron: hour 24", cron: true, expr: "0 24 * * *", offset: 2, token: "24", reason: "from 0 to 23"},
	{name: "cron: day 0", cron: true, expr: "0 0 0 * *", offset: 4, token: "0", reason: "from 1 to 31"},
	{name: "cron: month 0", cron: true, expr: "0 0 1 0 *", offset: 6, token: "0", reason: "from 1 to 12"},
	{name: "cron: weekday 7", cron: true, expr: "0 0 * * 7", offset: 8, token: "7", reason: "Sunday is 0"},
	{name: "cron: step 0", cron: true, expr: "*/0 * * * *", offset: 2, token: "0", reason: "step of 0"},
	{name: "cron: range backwards", cron: true, expr: "0 0 * * fri-mon", offset: 8, token: "fri-mon", reason: "backwards"},
	{name: "cron: no such name", cron: true, expr: "0 0 * foo *", offset: 6, token: "foo", reason: "no such name"},
	{name: "cron: no such shorthand", cron: true, expr: "@reboot", offset: 0, token: "@reboot", reason: "@hourly"},
	{name: "cron: no duration", cron: true, expr: "@every day", offset: 7, token: "day", reason: "duration"},
	{name: "cron: no time between", cron: true, expr: "@every 0s", offset: 7, token: "0s", reason: "one second"},
	{name: "cron: no such zone", cron: true, expr: "CRON_TZ=Nowhere @daily", offset: 8, token: "Nowhere", reason: "zone"},
}

func TestRefused(t *testing.T) {
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			var err error
			if tc.cron {
				_, err = ParseCron(tc.expr, nil)
			} else {
				_, err = Parse(tc.expr, nil)
			}
			var refused *ParseError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, tc.expr, refused.Expr)
			require.Equal(t, tc.offset, refused.Offset)
			require.Equal(t, tc.token, refused.Token)
			require.Contains(t, refused.Reason, tc.reason)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestListsAreBounded(t *testing.T) {
	list := "0"
	for range maxComponents {
		list += ",0"
	}
	_, err := Parse("*:*:"+list, nil)
	require.ErrorContains(t, err, "more than 240 entries")
}

func TestParseCronCanonical(t *testing.T) {
	for expr, want := range map[string]string{
		"0 * * * *":                       "0 * * * *",
		"*/15  2-4 1,15\tJAN-mar ?":       "*/15 2-4 1,15 1-3 *",
		"5/15 0 * * SUN":                  "5-50/15 0 * * 0",
		"59/15 0-23/50 */1 * 1,1":         "59 0 * * 1",
		"@weekly":                         "0 0 * * 0",
		"@every 90m":                      "@every 1h30m0s",
		"TZ=Europe/Berlin @daily":         "CRON_TZ=Europe/Berlin 0 0 * * *",
		"CRON_TZ=utc 0 0 1 1 *":           "CRON_TZ=UTC 0 0 1 1 *",
		"CRON_TZ=Asia/Tokyo @every 1.5s":  "CRON_TZ=Asia/Tokyo @every 1s",
		"30,20,10 0 */40 * mon,wed,2-4/2": "10,20,30 0 1 * 1,2-4/2,3",
	} {
		c, err := ParseCron(expr, nil)
		require.NoError(t, err, expr)
		require.Equal(t, want, c.String(), expr)
	}
}

func TestNever(t *testing.T) {
	for expr, isNever := range map[string]bool{
		"*-02-30": true, "Mon 2024-02-29": true, "*-04-31": true, "2100-02-29": true, "Sat,Sun 2026-11-23": true,
		"*-02-29": false, "2000-01-01": false, "Mon *-02-29": false, "*-02~28": false,
	} {
		c, err := Parse(expr, nil)
		require.NoError(t, err, expr)
		require.Equal(t, isNever, c.Never() != nil, expr)
		require.Equal(t, isNever, c.Next(time.Time{}).IsZero(), expr)
	}
	cron, err := ParseCron("0 0 31 2,4 *", nil)
	require.NoError(t, err)
	require.ErrorContains(t, cron.Never(), "never fires")
	require.Zero(t, cron.Next(time.Now()))
}

func TestZeroValues(t *testing.T) {
	now := time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	require.Zero(t, new(Calendar).Next(now))
	require.Zero(t, new(Cron).Next(now))
	require.Equal(t, time.UTC, new(Calendar).Location())
	require.Equal(t, time.UTC, new(Cron).Location())
	require.Error(t, new(Calendar).Never())
}
