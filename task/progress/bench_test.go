package progress_test

import (
	"sync"
	"testing"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

func BenchmarkAddBytes(b *testing.B) {
	stage := progress.New(nil).Stage("upload", progress.Total{})
	b.ReportAllocs()
	for b.Loop() {
		stage.AddBytes(4096)
	}
}

// All goroutines add to one counter: the worst there is.
func BenchmarkAddBytesParallel(b *testing.B) {
	stage := progress.New(nil).Stage("upload", progress.Total{})
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			stage.AddBytes(4096)
		}
	})
}

// One goroutine reads and another sends, as in an upload; they are not to slow each other down.
func BenchmarkReadAndSend(b *testing.B) {
	stage := progress.New(nil).Stage("upload", progress.Total{})
	var both sync.WaitGroup
	for _, add := range []func(int64){stage.AddBytes, stage.AddTransferred} {
		both.Go(func() {
			for range b.N {
				add(4096)
			}
		})
	}
	both.Wait()
}

// One goroutine adds while somebody takes ten snapshots a millisecond.
func BenchmarkAddBytesObserved(b *testing.B) {
	tracker := progress.New(nil)
	stage := tracker.Stage("upload", progress.Total{})
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(100 * time.Microsecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				tracker.Snapshot()
			case <-stop:
				return
			}
		}
	}()
	for b.Loop() {
		stage.AddBytes(4096)
	}
	close(stop)
	<-stopped
}

func BenchmarkSnapshot(b *testing.B) {
	for _, bm := range []struct {
		name   string
		stages int
	}{{"4 stages", 4}, {"100 stages", progress.MaxStages}} {
		b.Run(bm.name, func(b *testing.B) {
			tracker := progress.New(nil)
			for range bm.stages {
				tracker.Stage("stage", progress.Total{Bytes: 1 << 30}).AddBytes(1)
			}
			b.ReportAllocs()
			for b.Loop() {
				tracker.Snapshot()
			}
		})
	}
}
