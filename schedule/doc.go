// Package schedule answers one question: when is the next time? It reads calendar events, as systemd timers and Proxmox
// write them, and cron expressions, and can play through several schedules at once to see where they collide. It is
// pure: times come in and times go out, no clock is read, nothing is started. It imports the standard library only.
//
//	nightly, err := schedule.Parse("Mon..Fri 02:00 Europe/Berlin", nil)
//	next := nightly.Next(time.Now())
//
// [Parse] and [ParseCron] make schedules; [Upcoming], [NextN] and [Between] list their times; [Analyse] shows
// collisions, load and gaps of several. All of them work with anything that has a Next method, see [Schedule].
//
// # Calendar events
//
// An expression has up to four parts with blanks between them, in this order, of which any may be left out, but not
// weekdays, date and time at once:
//
//	part      form                             left out     examples
//	weekdays  names, three letters or in full  any          Mon   Sat,Sun   Mon..Fri   fri..mon
//	date      year-month-day or month-day      every day    *-*-01   2026-12-24   12-24   *-02~01
//	time      hour:minute or :second after it  midnight     02:00   *:0/15   9..17:30:00
//	zone      UTC or an IANA name              see Parse    Europe/Berlin
//
// Each number in date and time may be a list of any of these:
//
//	form     meaning
//	*        any value; only alone
//	a        one value
//	a..b     a, b and all between
//	a/n      a and every n-th after it, to the end of the field
//	a..b/n   a and every n-th after it, up to b
//	*/n      every n-th from the smallest value on; of years, those that n divides; only alone
//
//	field    values        notes
//	year     1970 to 2199  two digits mean 1970 to 2069
//	month    1 to 12
//	day      1 to 31       after ~ instead of -: 1 to 28, counted from the end; *-02~01 is the last day of February,
//	                       Mon *-05~07/1 the last Monday in May (the last seven days of May that are a Monday)
//	hour     0 to 23
//	minute   0 to 59
//	second   0 to 59       with up to six decimals: 0:0:0.5, *:*:0/0.25
//
// A date must fit weekdays and date both. Letter case does not matter, except in the names of zones. These words stand
// for whole expressions:
//
//	minutely       *-*-* *:*:00
//	hourly         *-*-* *:00:00
//	daily          *-*-* 00:00:00
//	weekly         Mon *-*-* 00:00:00
//	monthly        *-*-01 00:00:00
//	quarterly      *-01,04,07,10-01 00:00:00
//	semiannually   *-01,07-01 00:00:00 (also semi-annually, biannually, bi-annually)
//	yearly         *-01-01 00:00:00 (also annually)
//
// All of this is systemd's grammar, see systemd.time(7), with the corners that its manual leaves out: @1395716396 for
// one moment in UTC, Mon-Fri for Mon..Fri, a comma after the last weekday. Some forms come from Proxmox; systemd
// refuses them, so that no expression means two things: a range of weekdays that wraps (fri..mon), */n, a minute alone
// for "at that minute of each hour" (*/15, Mon 30), and a step that reaches no second value (20/10:00 is 20:00).
//
// [Calendar.String] gives the canonical form, in systemd's words only.
//
// Refused, with position, token and reason in a [ParseError], is what neither of the two accepts, and what would not do
// what it seems to say:
//
//	24:00        midnight belongs to the day that it begins: 00:00
//	*-*-00       there is no day or month 0
//	*:0/0        a step of 0
//	*:0/60       a step that is larger than the field
//	22..6:00     a range of numbers that runs backwards; write 22..23,0..6:00
//	2:00 Local   would mean another zone on each machine; leave the zone out and pass one to Parse
//
// A date that is well-formed but does not exist (*-02-30, Mon 2024-02-29) is not an error of grammar. Next says never
// at once, and [Calendar.Never] says why.
//
// # Cron
//
// [ParseCron] reads the five fields of robfig/cron's standard parser: minute, hour, day of the month, month, weekday.
// A field is a list of *, a, a-b, each with /n after it if so wished, where a/n runs to the end of the field. Months
// and weekdays may be named by three letters, Sunday is 0, ? is the same as *. When both the day of the month and the
// weekday are restricted, either is enough: "0 0 1 * mon" is the first of the month and every Monday. @yearly (or
// @annually), @monthly, @weekly, @daily (or @midnight) and @hourly stand for the usual fields; "@every 90m" counts from
// the time it is asked about. A zone may stand in front: CRON_TZ=Europe/Berlin 0 2 * * *. Unlike there, empty entries
// of a list (1,,2), signs (+5), and a period of less than a second are refused.
//
// # When clocks change
//
// One rule, for calendar events and cron alike:
//
//   - A wall-clock time that is skipped runs once, at the first moment after the gap. A nightly backup is never lost.
//   - A wall-clock time that is repeated runs at its first occurrence only.
//   - An expression that leaves the hour open, so that its hour field matches all 24, follows the real hours instead:
//     it runs in both of two repeated hours, and makes no run up for an hour that is not there. Where only a part of
//     an hour is skipped, the rest of that hour still has its run, at the first moment after the gap.
//
// In Europe/Berlin, where 02:00 to 03:00 is skipped on 2026-03-29 and repeated on 2026-10-25:
//
//	expression   29 March                   25 October
//	02:30        03:00 CEST                 02:30 CEST
//	2:0/15       03:00 CEST, once           02:00, 02:15, 02:30, 02:45 CEST
//	2,3:00       03:00 CEST, once           02:00 CEST, 03:00 CET
//	hourly       23 times; 01:00, 03:00     25 times; 02:00 CEST and 02:00 CET
//	*:0/15       92 times                   100 times
//	*:30         23 times; 01:30, 03:30     25 times
//
// Elsewhere: America/Sao_Paulo skipped midnight until 2018, so daily ran at 01:00 then. Australia/Lord_Howe skips 02:00
// to 02:30, so hourly runs at 02:30 and 03:00. Pacific/Apia had no 2011-12-30: its 12:00 ran at 00:00 on the 31st.
package schedule
