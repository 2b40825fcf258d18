package progress

import "time"

// Snapshot is how far the work had come at a moment. It is a value; nothing in it changes.
type Snapshot struct {
	Taken  time.Time `json:"taken,omitzero"`
	Stages []Status  `json:"stages,omitempty"` // in the order in which they began; see MaxStages
}

// Current returns the stage that is going on: of several the one that began last. There is none before the first and
// after the last.
func (s Snapshot) Current() (Status, bool) {
	for i := len(s.Stages) - 1; i >= 0; i-- {
		if s.Stages[i].Ended.IsZero() {
			return s.Stages[i], true
		}
	}
	return Status{}, false
}

// Work returns the sum over all stages. For it to mean something, each byte is to be counted in one stage only, the one
// that moves it, while a stage that only looks at the same things, such as a scan, counts items.
func (s Snapshot) Work() Count {
	var sum Count
	for i := range s.Stages {
		sum = sum.Plus(s.Stages[i].Done)
	}
	return sum
}

// Folded returns the snapshot with all its stages summed up in one, named Earlier. Their names, totals and own times are
// lost; Work stays what it is.
func (s Snapshot) Folded() Snapshot {
	if len(s.Stages) == 0 {
		return s
	}
	var sum Status
	for _, stage := range s.Stages {
		sum = sum.fold(stage)
	}
	s.Stages = []Status{sum}
	return s
}
