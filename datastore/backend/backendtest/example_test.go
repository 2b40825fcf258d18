package backendtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// The whole test of a backend's contract.
func ExampleRun() {
	_ = func(t *testing.T) {
		backendtest.Run(t, func(*testing.T) backend.Backend { return mem.New() })
	}
}

// A backend that outlives its process is also opened again.
func ExampleRunPersistent() {
	_ = func(t *testing.T) {
		backendtest.RunPersistent(t, func(*testing.T) func() backend.Backend {
			storage := mem.New() // here: a new folder or bucket
			return func() backend.Backend { return storage }
		})
	}
}

func ExampleFaulty_Fail() {
	ctx := context.Background()
	f := backendtest.New(mem.New())
	f.Fail(backendtest.Put, "packs/", 2, errors.New("disk on fire"))

	for _, name := range []string{"packs/1", "index/1", "packs/2", "packs/3"} {
		fmt.Println(name, f.Put(ctx, name, nil))
	}
	// Output:
	// packs/1 <nil>
	// index/1 <nil>
	// packs/2 disk on fire
	// packs/3 <nil>
}

// Every point at which a program of two writes can die.
func ExampleFaulty_CrashBefore() {
	ctx := context.Background()
	program := func(b backend.Backend) error {
		if err := b.Put(ctx, "packs/1", nil); err != nil {
			return err
		}
		return b.Put(ctx, "index/1", nil)
	}
	for point := 1; ; point++ {
		storage := mem.New()
		f := backendtest.New(storage)
		f.CrashBefore(backendtest.Write, "", point)
		err := program(f)
		left, _ := backend.Names(ctx, storage, "")
		fmt.Println(err, len(left))
		if !f.Crashed() {
			return
		}
	}
	// Output:
	// the process crashed (injected) 0
	// the process crashed (injected) 1
	// <nil> 2
}

// Another actor takes its step exactly between two operations.
func ExampleFaulty_Before() {
	ctx := context.Background()
	storage := mem.New()
	_ = storage.Put(ctx, "packs/1", []byte("data"))
	f := backendtest.New(storage)
	f.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.Get {
			_ = storage.Delete(ctx, c.Name) // a collector was quicker
		}
	})
	_, err := f.Get(ctx, "packs/1", 0, -1)
	fmt.Println(errors.Is(err, backend.ErrNotFound))
	// Output: true
}
