package schedule

import (
	"iter"
	"time"
)

// Job is one schedule among several that are to be staggered.
type Job struct {
	Name     string // for the caller; nothing here reads it
	Schedule Schedule

	// Duration is how long a run takes, as far as is known. Runs of no duration collide only when they start at the
	// same moment. Negative counts as 0.
	Duration time.Duration
}

// Run is one run of a job.
type Run struct {
	Job        int // index into the jobs
	Start, End time.Time
}

// Runs merges the runs of all jobs that start before to and that start at from or later, or have not ended by then,
// ordered by start; of runs that start together the job given first comes first.
func Runs(jobs []Job, from, to time.Time) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		next := make([]time.Time, len(jobs)) // start of each job's next run; zero: none is left
		for i, job := range jobs {
			next[i] = job.firstTouching(from)
		}
		for {
			i := indexOfEarliest(next)
			if i < 0 || !next[i].Before(to) {
				return
			}
			if !yield(Run{i, next[i], next[i].Add(jobs[i].duration())}) {
				return
			}
			next[i] = jobs[i].after(next[i])
		}
	}
}

// firstTouching returns the start of the first run that starts at from or later, or still goes on then.
func (j Job) firstTouching(from time.Time) time.Time {
	if j.duration() == 0 {
		return j.after(from.Add(-1))
	}
	return j.after(from.Add(-j.duration()))
}

func (j Job) duration() time.Duration { return max(j.Duration, 0) }

// after returns the next start, or the zero time for never, which a schedule that does not move on says as well.
func (j Job) after(t time.Time) time.Time {
	next := j.Schedule.Next(t)
	if !next.After(t) {
		return time.Time{}
	}
	return next
}

// indexOfEarliest leaves out zero times; it returns -1 when none is left.
func indexOfEarliest(times []time.Time) int {
	first := -1
	for i, t := range times {
		if !t.IsZero() && (first < 0 || t.Before(times[first])) {
			first = i
		}
	}
	return first
}
