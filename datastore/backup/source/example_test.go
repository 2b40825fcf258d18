package source_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

func ExampleFS() {
	files := fstest.MapFS{"greeting": {Data: []byte("hello")}, "sub/other": {Data: []byte("more")}}
	root, err := source.FS("memory", files).Open(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer root.Dir.Close()
	for e, err := range root.Dir.Entries(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Type, e.Name)
	}
	// Output:
	// file greeting
	// folder sub
}

func ExampleStream() {
	src := source.Stream("dump.sql", strings.NewReader("select 1;"))
	root, _ := src.Open(context.Background())
	defer root.File.Close()
	data, _ := io.ReadAll(root.File)
	fmt.Printf("%s: %s\n", root.Entry.Name, data)

	_, err := src.Open(context.Background())
	fmt.Println(err)
	// Output:
	// dump.sql: select 1;
	// open stream "dump.sql": this source can be read only once
}

func ExampleJoin() {
	dump := source.Stream("dump.sql", strings.NewReader("select 1;"))
	config := source.FS("config", fstest.MapFS{"app.ini": {}})
	root, err := source.Join("machine", dump, config).Open(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer root.Dir.Close()
	for e := range root.Dir.Entries(context.Background()) {
		fmt.Println(root.Entry.Name + "/" + e.Name)
	}
	// Output:
	// machine/config
	// machine/dump.sql
}

func ExampleFolder() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"letter.txt", "letter.bak", "notes.bak"} {
		os.WriteFile(filepath.Join(dir, name), nil, 0o600)
	}
	src := source.Folder(dir, source.FolderOptions{
		Exclude:       []string{"*.bak", "!notes.bak"},
		OneFileSystem: true,
		Excluded:      func(path string) { fmt.Println("without", path) },
	})
	root, err := src.Open(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer root.Dir.Close()
	for e, err := range root.Dir.Entries(context.Background()) {
		fmt.Println(e.Name, err)
	}
	// Output:
	// without letter.bak
	// letter.txt <nil>
	// notes.bak <nil>
}
