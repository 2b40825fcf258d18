package schedule

import "time"

// MaxRuns is how many runs [Analyse] looks at before it stops, those included that began before its time.
const MaxRuns = 1_000_000

// Analysis is what becomes of several schedules on one machine: which runs get in each other's way, how busy each
// hour is, and where there is room.
type Analysis struct {
	// From and To bound what was looked at: From <= t < To. To is earlier than asked for when there were more than
	// MaxRuns runs, and then nothing is said about the time from To on.
	From, To time.Time

	Runs       int         // runs that start in that time
	Collisions []Collision // one for each pair of jobs that collide, most frequent first
	Load       []Hour      // one for each hour from From on; the last may be shorter
	Gaps       []Gap       // when nothing runs, longest first, at most 100
}

// Analyse plays through the runs of jobs from one time to another. Runs that began before and still go on are taken
// into account, but are not counted as runs or collisions of this time. The work and the memory grow with the runs
// and the hours in question; MaxRuns bounds the first, and only the years 1970 to 2199 are looked at.
func Analyse(jobs []Job, from, to time.Time) Analysis {
	from, to = withinYears(from), withinYears(to)
	if !from.Before(to) {
		return Analysis{From: from, To: from}
	}
	p := play{
		last:       make([]Run, len(jobs)),
		collisions: collisions{},
		load:       newLoad(from, to),
		gaps:       gaps{coveredTo: from},
	}
	p.From, p.To = from, to
	played := 0
	for run := range Runs(jobs, from, to) {
		if played == MaxRuns {
			p.To = latest(from, run.Start)
			break
		}
		played++
		p.add(run)
	}
	return p.finish()
}

// withinYears moves t into the years that schedules live in.
func withinYears(t time.Time) time.Time {
	first := time.Date(minYear, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(maxYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case t.Before(first):
		return first
	case t.After(end):
		return end
	}
	return t
}

// play is an analysis under way.
type play struct {
	Analysis
	last       []Run // latest run of each job; it is also the last to end, as all runs of a job take equally long
	collisions collisions
	load       load
	gaps       gaps
}

func (p *play) add(run Run) {
	beganBefore := run.Start.Before(p.From)
	running := 1
	for job, other := range p.last {
		if !other.meets(run) {
			continue
		}
		if job != run.Job {
			running++
		}
		if !beganBefore {
			p.collisions.note(other, run)
		}
	}
	if !beganBefore {
		p.Runs++
		p.load.start(run.Start, running)
	}
	p.load.busy(run, p.last[run.Job].End)
	p.gaps.cover(run)
	p.last[run.Job] = run
}

func (p *play) finish() Analysis {
	p.Collisions = p.collisions.sorted()
	p.Load = p.load.until(p.To)
	p.Gaps = p.gaps.until(p.To)
	return p.Analysis
}
