package schedule

import "time"

// Hour is the load of one hour.
type Hour struct {
	Start  time.Time     // zero in the sums of [ByHourOfDay]
	Starts int           // runs that start in it
	Busy   time.Duration // sum over all jobs of the time each of them runs; 2 h means two jobs all the time
	Peak   int           // most jobs that run, or start, at one moment
}

// ByHourOfDay sums up hours by what the clock shows at their start in a zone: element 2 is all the hours that begin
// between 02:00 and 02:59. Starts and Busy are added up, Peak is the highest.
func ByHourOfDay(hours []Hour, loc *time.Location) [24]Hour {
	var day [24]Hour
	for _, h := range hours {
		sum := &day[h.Start.In(loc).Hour()]
		sum.Starts += h.Starts
		sum.Busy += h.Busy
		sum.Peak = max(sum.Peak, h.Peak)
	}
	return day
}

// load collects the hours of an analysis.
type load struct {
	hours   []Hour
	carried []int // jobs that are running already when the hour begins
	to      time.Time
}

func newLoad(from, to time.Time) load {
	hours := make([]Hour, 0, to.Sub(from)/time.Hour+1)
	for t := from; t.Before(to); t = t.Add(time.Hour) {
		hours = append(hours, Hour{Start: t})
	}
	return load{hours, make([]int, len(hours)), to}
}

// index of the hour that t is in.
func (l *load) index(t time.Time) int { return int(t.Sub(l.hours[0].Start) / time.Hour) }

// start notes a run that starts at t and makes it that many running jobs.
func (l *load) start(t time.Time, running int) {
	h := &l.hours[l.index(t)]
	h.Starts++
	h.Peak = max(h.Peak, running)
}

// busy spreads a run over the hours it touches. Its job was already busy until then because of an earlier run.
func (l *load) busy(run Run, already time.Time) {
	end := earliest(run.End, l.to)
	for t := latest(run.Start, already, l.hours[0].Start); t.Before(end); {
		i := l.index(t)
		h := &l.hours[i]
		if t.Equal(h.Start) && t.After(run.Start) {
			l.carried[i]++
			h.Peak = max(h.Peak, l.carried[i])
		}
		next := earliest(h.Start.Add(time.Hour), end)
		h.Busy += next.Sub(t)
		t = next
	}
}

// until returns the hours that begin before a time.
func (l *load) until(to time.Time) []Hour {
	hours := l.hours
	for len(hours) > 0 && !hours[len(hours)-1].Start.Before(to) {
		hours = hours[:len(hours)-1]
	}
	return hours
}

func earliest(t time.Time, others ...time.Time) time.Time {
	for _, other := range others {
		if other.Before(t) {
			t = other
		}
	}
	return t
}

func latest(t time.Time, others ...time.Time) time.Time {
	for _, other := range others {
		if other.After(t) {
			t = other
		}
	}
	return t
}
