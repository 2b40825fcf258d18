package progress

import "time"

// Window is how far back a rate looks: it is what was done since the latest look that is at least this long ago (or
// since the stage began), divided by the time since then.
//
// So it spans about 15 s while somebody looks every second or so, more when nobody does, and the whole stage in its
// first seconds. A stage that stands still has the rate 0 about 15 s later. One that has gone on for less than half a
// second has none yet: what the first buffer took says little.
const Window = 15 * time.Second

// settling is how long a stage has to go on before it has a rate.
const settling = 500 * time.Millisecond

// sampleGap is the least time between two looks that are remembered. It bounds what a window holds, and keeps it from
// shrinking when there are many observers: they all share its samples.
const sampleGap = time.Second

// window remembers what a stage had done at moments of the last seconds: at most one sample a second, and at least one.
type window struct{ samples []sample }

type sample struct {
	at   time.Duration // by the tracker's clock
	done Count
}

// beginWindow returns the window of a stage that begins.
func beginWindow(at time.Duration) window { return window{[]sample{{at: at}}} }

// look returns the rate at a moment, which is not before that of any earlier call, and remembers the moment.
func (w *window) look(now sample) Rate {
	w.forget(now.at - Window)
	first, last := w.samples[0], w.samples[len(w.samples)-1]
	if now.at-last.at >= sampleGap {
		w.samples = append(w.samples, now)
	}
	if now.at-first.at < settling {
		return Rate{}
	}
	return now.since(first)
}

// forget drops the samples that are older than the limit, but for the youngest of them: a window begins with it.
func (w *window) forget(limit time.Duration) {
	drop := 0
	for drop+1 < len(w.samples) && w.samples[drop+1].at <= limit {
		drop++
	}
	w.samples = append(w.samples[:0], w.samples[drop:]...)
}

func (s sample) since(first sample) Rate {
	done := Count{
		Items:       s.done.Items - first.done.Items,
		Bytes:       s.done.Bytes - first.done.Bytes,
		Transferred: s.done.Transferred - first.done.Transferred,
	}
	return done.over(s.at - first.at)
}
