package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// look tells how far the work has come, at any time, in numbers and in words.
type look func() (done progress.Count, text string)

// watch draws a progress bar until stop is called, if there is a terminal to draw on, and makes the work a stage of the
// task, if there is a record of it. It looks at the run from outside, a few times a second, so that it never holds the
// work up. A total of -1 is not known.
func (p *program) watch(name string, total int64, look look) (stop func()) {
	erase := p.drawBar(total, look)
	if p.task == nil {
		return erase
	}
	stage := p.task.Stage(name, progress.Total{Bytes: total})
	stage.Follow(func() progress.Count {
		done, _ := look()
		return done
	})
	return func() {
		stage.End()
		erase()
	}
}

func (p *program) drawBar(total int64, look look) (erase func()) {
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

func draw(bar *progressbar.ProgressBar, look look, end <-chan struct{}) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			done, text := look()
			bar.Describe(text)
			_ = bar.Set64(done.Bytes) // a terminal that went away is no reason to stop the work
		case <-end:
			return
		}
	}
}
