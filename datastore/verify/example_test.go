package verify_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

func ExampleRun() {
	ctx, storage := context.Background(), mem.New()
	_ = datastore.Create(ctx, storage, datastore.CreateOptions{})
	store, err := datastore.Open(ctx, storage, datastore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	site := source.FS("site", fstest.MapFS{"index.html": {Data: []byte("<h1>Welcome</h1>")}})
	if _, err := backup.Run(ctx, store, site, backup.Options{}); err != nil {
		fmt.Println(err)
		return
	}

	report, err := verify.Run(ctx, store, verify.Options{}) // an error is not a result: the storage could not be asked
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, res := range report.Results {
		fmt.Println(res.Address.Group, res.Outcome)
		for _, d := range res.Damage {
			fmt.Println(" ", d.Path, d.Offset, d.Length, d.Reason)
		}
	}
	fmt.Println("clean:", report.Clean())
	// Output:
	// dataset/site OK
	// clean: true
}
