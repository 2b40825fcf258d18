package backup_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// Any fs.FS is a source; source.Folder is the one for local folders, with all their metadata.
func ExampleRun() {
	ctx, storage := context.Background(), mem.New()
	_ = datastore.Create(ctx, storage, datastore.CreateOptions{})
	store, err := datastore.Open(ctx, storage, datastore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	site := source.FS("site", fstest.MapFS{
		"index.html":   {Data: []byte("<h1>Welcome</h1>")},
		"img/logo.svg": {Data: []byte("<svg/>")},
	})
	for range 2 {
		res, err := backup.Run(ctx, store, site, backup.Options{Job: "daily"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %d files, %d bytes, new %d\n", res.Snapshot.Group, res.Stats.Files, res.Stats.BytesSource, res.Stats.BytesNew)
	}
	// Output:
	// dataset/site: 2 files, 22 bytes, new 22
	// dataset/site: 2 files, 22 bytes, new 0
}
