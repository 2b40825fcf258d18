package backend_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func ExampleReadFull() {
	ctx := context.Background()
	b := mem.New()
	if err := b.Put(ctx, "packs/ab/1", []byte("head body")); err != nil {
		log.Fatal(err)
	}
	body := make([]byte, 4)
	fmt.Println(backend.ReadFull(ctx, b, "packs/ab/1", 5, body), string(body))
	fmt.Println(backend.ReadFull(ctx, b, "packs/ab/1", 7, body))
	// Output:
	// <nil> body
	// read packs/ab/1: object ends too early: 2 of 4 bytes at offset 7
}

func ExampleReadOnly() {
	b := backend.ReadOnly(mem.New())
	fmt.Println(b.Put(context.Background(), "packs/ab/1", nil))
	// Output: put packs/ab/1: storage is read-only
}

func ExampleRetry() {
	ctx := context.Background()
	storage := mem.New()
	if err := storage.Put(ctx, "heirloom.json", []byte("{}")); err != nil {
		log.Fatal(err)
	}
	flaky := backendtest.New(storage)
	flaky.Fail(backendtest.Get, "", 1, errors.New("connection reset"))

	b := backend.Retry(flaky, backend.RetryOptions{Attempts: 3, Wait: time.Millisecond})
	config, err := backend.ReadAll(ctx, b, "heirloom.json", 1<<16)
	fmt.Println(string(config), err, flaky.Count(backendtest.Get, ""))
	// Output: {} <nil> 2
}

func ExampleObserve() {
	var stored int64
	b := backend.Observe(mem.New(), time.Now, func(op backend.Op) {
		if op.Kind == backend.KindPut {
			stored += op.Bytes // a program with several goroutines uses an atomic counter
		}
	})
	_ = b.Put(context.Background(), "packs/ab/1", make([]byte, 1000))
	_ = b.Put(context.Background(), "packs/ab/2", make([]byte, 500))
	fmt.Println(stored)
	// Output: 1500
}
