// Command generate writes the assembly of package lanes, and its Go declarations, into the folder above.
//
// Run it with "go generate" there. Its own test fails when the checked-in files are not what it writes.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// The files written, relative to this folder.
const (
	assemblyFile = "../blocks_amd64.s"
	stubsFile    = "../blocks_amd64.go"
)

func main() {
	files, err := generate()
	if err != nil {
		fmt.Fprintf(os.Stderr, "generate: %v\n", err)
		os.Exit(1)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.FromSlash(name), content, 0o644); err != nil {
			fmt.Fprintf(os.Stderr, "generate: %v\n", err)
			os.Exit(1)
		}
	}
}

// generate returns the content of each file by its name.
func generate() (map[string][]byte, error) {
	c := build.NewContext()
	blocksAVX512(c)
	blocksAVX2(c)
	program, err := c.Result()
	if err != nil {
		return nil, err
	}
	if err := pass.Compile.Execute(program); err != nil {
		return nil, err
	}
	cfg := printer.Config{Name: "chunk/internal/lanes/generate", Pkg: "lanes"}
	assembly, err := printer.NewGoAsm(cfg).Print(program)
	if err != nil {
		return nil, err
	}
	stubs, err := printer.NewStubs(cfg).Print(program)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{assemblyFile: assembly, stubsFile: stubs}, nil
}
