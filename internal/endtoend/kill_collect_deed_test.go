//go:build linux

package endtoend

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"
)

// hand is one of those that work on a store at the same time.
type hand struct {
	name, cache string
	next        func() *deed // what to do when nothing follows from what was done
}

// deed is a run of the program, and what comes of it.
type deed struct {
	args   []string
	spared bool              // gets no signal
	excuse func(ended) bool  // whether a failure is one that can come of what others do; nil: none is
	then   func(ended) *deed // looks at what was done, and says what comes next; nil: nothing
}

// collects says whether it may delete packs.
func (d *deed) collects() bool { return d.args[0] == "gc" && !slices.Contains(d.args, "--plan") }

// ended is how a deed came out.
type ended struct {
	outcome
	began  int  // tick
	struck bool // by a signal: how much was done is not known
	failed bool // and that was excused
}

// running is a process.
type running struct {
	hand           *hand
	deed           *deed
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	began          int
	at             time.Time
	signal         syscall.Signal // that it gets, or 0
	timers         []*time.Timer
}

// start starts a process, and sees to it that it gets the signal it is to get.
func (b *bout) start(h *hand, d *deed) {
	r := &running{hand: h, deed: d, cmd: b.command(d.args...), began: b.tick(), at: time.Now()}
	r.cmd.Env = append(r.cmd.Env, "HEIRLOOM_CACHE_DIR="+h.cache)
	r.cmd.Stdout, r.cmd.Stderr = &r.stdout, &r.stderr
	if d.collects() {
		b.collecting, b.collected = b.collecting+1, b.tick()
	}
	require.NoError(b.t, r.cmd.Start())
	b.aim(r)
	b.active++
	go func() {
		_ = r.cmd.Wait() // the status says it
		b.ends <- r
	}()
}

// aim chooses who gets a signal, and when. Nobody runs for ever.
func (b *bout) aim(r *running) {
	patience := 4 * prompt
	if dice := b.random.IntN(100); !r.deed.spared && dice < 30 {
		r.signal = syscall.SIGKILL
		if dice < 7 {
			r.signal = syscall.SIGINT
		}
		moment := time.Duration(b.random.Int64N(int64(max(b.lasts[r.deed.args[0]], time.Second/10)) * 21 / 20))
		r.timers = append(r.timers, time.AfterFunc(moment, func() { _ = r.cmd.Process.Signal(r.signal) }))
		patience = moment + prompt
	}
	r.timers = append(r.timers, time.AfterFunc(patience, func() { _ = r.cmd.Process.Signal(syscall.SIGABRT) }))
}

// judge sees that a process ended as it may, and returns what comes next.
func (b *bout) judge(r *running) *deed {
	for _, timer := range r.timers {
		timer.Stop()
	}
	b.active--
	if r.deed.collects() {
		b.collecting, b.collected = b.collecting-1, b.tick()
	}
	e := ended{outcome: outcome{r.cmd.ProcessState.ExitCode(), r.stdout.String(), r.stderr.String()}, began: r.began}
	b.note(r, e)
	b.tally[r.deed.args[0]+": "+b.classify(r, &e)]++
	if r.deed.then == nil {
		return nil
	}
	return r.deed.then(e)
}

// classify says how a process ended, and fails if it is not a way to end.
func (b *bout) classify(r *running, e *ended) string {
	how := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case how.Signaled():
		require.Equal(b.t, r.signal, how.Signal(), "%v: it has not ended: %s", r.deed.args, e.stderr)
		e.struck = true
		return how.Signal().String()
	case e.status == 130 && r.signal == syscall.SIGINT:
		e.struck = true
		return "interrupted"
	case e.status != 0:
		excused := r.deed.excuse != nil && r.deed.excuse(*e)
		require.True(b.t, excused, "%v: status %d: %s%s", r.deed.args, e.status, e.stdout, e.stderr)
		e.failed = true
		return "failed, as it may"
	}
	require.NotContains(b.t, strings.ToLower(e.stderr), "damage", "%v", r.deed.args)
	b.lasts[r.deed.args[0]] = (3*b.lasts[r.deed.args[0]] + time.Since(r.at)) / 4
	return "done"
}

// done says whether everything was done that was to be.
func (e ended) done() bool { return !e.struck && !e.failed }

// read reads the document of a run that printed all of it.
func (e ended) read(document any) bool {
	return json.Unmarshal([]byte(e.stdout), document) == nil
}

// saying excuses those who failed and say one of some texts.
func saying(texts ...string) func(ended) bool {
	return func(e ended) bool {
		return e.status == 1 && slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(e.stderr, text) })
	}
}
