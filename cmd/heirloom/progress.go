package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// watch draws a progress bar until stop is called, if there is a terminal to draw on. It looks at the run from outside,
// a few times a second, so that drawing never holds the work up. A total of -1 is not known.
func (p *program) watch(total int64, look func() (done int64, text string)) (stop func()) {
	if !p.Live || p.quiet || p.json || p.verbose {
		return func() {}
	}
	bar := p.newBar(total)
	end := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() { draw(bar, look, end) })
	return func() {
		close(end)
		drawing.Wait()
		_ = bar.Clear()
	}
}

func (p *program) newBar(total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.Stderr),
		progressbar.OptionShowBytes(true),
		progressbar.OptionShowCount(),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetSpinnerChangeInterval(0), // draw turns it
		progressbar.OptionClearOnFinish(),
	)
}

func draw(bar *progressbar.ProgressBar, look func() (int64, string), end <-chan struct{}) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			done, text := look()
			bar.Describe(text)
			_ = bar.Set64(done) // a terminal that went away is no reason to stop the work
		case <-end:
			return
		}
	}
}
