package prune_test

import (
	"context"
	"fmt"
	"testing/fstest"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

// Plan, look, apply, collect.
func Example() {
	ctx := context.Background()
	store, err := fiveNights(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	plan, err := prune.Make(ctx, store, prune.Options{Policy: retention.Policy{Daily: 2, Weekly: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, series := range plan.Series {
		fmt.Println(series.String())
		for _, d := range series.Decisions {
			fmt.Println(" ", d.Time.Format("Mon 2006-01-02"), d.Keep, d.Why)
		}
	}
	freed, err := plan.Foresee(ctx, store) // changes nothing
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := plan.Apply(ctx, store, prune.ApplyOptions{MaxRemove: 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(result.Removed), "removed")
	collected, err := store.Collect(ctx, datastore.CollectOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("as foreseen:", collected.BytesFreed() == freed.BytesFreed)
	// Output:
	// dataset/site (job nightly)
	//   Thu 2026-11-26 true keep-daily #1
	//   Wed 2026-11-25 true keep-daily #2
	//   Tue 2026-11-24 false same week as keep-daily #1
	//   Mon 2026-11-23 false same week as keep-daily #1
	//   Sun 2026-11-22 true keep-weekly #1
	// 2 removed
	// as foreseen: true
}

// fiveNights returns a store with the backups of five nights.
func fiveNights(ctx context.Context) (*datastore.Store, error) {
	storage := mem.New()
	if err := datastore.Create(ctx, storage, datastore.CreateOptions{}); err != nil {
		return nil, err
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	store, err := datastore.Open(ctx, storage, datastore.Options{Now: func() time.Time { return now }})
	for ; err == nil && now.Day() < 27; now = now.AddDate(0, 0, 1) {
		page := fmt.Sprintf("<h1>Good morning, it is the %s</h1>", now.Format("2 January"))
		site := source.FS("site", fstest.MapFS{"index.html": {Data: []byte(page)}})
		_, err = backup.Run(ctx, store, site, backup.Options{Job: "nightly"})
	}
	return store, err
}
