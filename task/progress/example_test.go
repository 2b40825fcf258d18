package progress_test

import (
	"fmt"
	"io"
	"log"
	"strings"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// A stage with a total, looked at half-way. (The clock stands for time.Now, which is what nil means.)
func Example() {
	clock := newHandClock()
	tracker := progress.New(clock.now)

	upload := tracker.Stage("upload", progress.Total{Bytes: 100 << 20})
	defer upload.End()
	for range 40 {
		upload.AddBytes(1 << 20) // from any goroutine
		clock.advance(250 * time.Millisecond)
	}

	if stage, running := tracker.Snapshot().Current(); running {
		fraction, _ := stage.Fraction()
		fmt.Printf("%s: %.0f %%, %.0f MiB/s, %s left\n", stage.Name, 100*fraction, stage.Rate.Bytes/(1<<20), stage.Left)
	}
	// Output: upload: 40 %, 4 MiB/s, 15s left
}

// Work that keeps counters of its own does not count twice: they are read when somebody looks, and at the end.
func ExampleStage_Follow() {
	var packed, sent atomic.Int64

	tracker := progress.New(nil)
	stage := tracker.Stage("pack", progress.Total{})
	stage.Follow(func() progress.Count {
		return progress.Count{Bytes: packed.Load(), Transferred: sent.Load()}
	})
	packed.Add(4096)
	sent.Add(1024)
	stage.End()

	work := tracker.Snapshot().Work()
	fmt.Println(work.Bytes, "bytes became", work.Transferred)
	// Output: 4096 bytes became 1024
}

// A stage counts what is copied.
func ExampleStage_Write() {
	tracker := progress.New(nil)
	stage := tracker.Stage("download", progress.Total{Bytes: 11})
	body := io.TeeReader(strings.NewReader("hello world"), stage)
	if _, err := io.Copy(io.Discard, body); err != nil {
		log.Fatal(err)
	}
	status, _ := tracker.Snapshot().Current()
	fmt.Println(status.Done.Bytes)
	// Output: 11
}
