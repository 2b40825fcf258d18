// Command gather makes a tree of small files for measuring out of folders that a machine has anyway.
//
//	gather [-mib N] [-without FOLDER] DEST FROM...
//
// Each FROM becomes a folder of DEST. With fewer MiB than there are an even share of all folders is taken, with more there
// are copies beside the original: copy1, copy2, … In each of these every small Latin letter of every file's content is another
// one, moved on in the alphabet. So no two copies have a chunk in common, and all compress alike. It prints what DEST holds.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	mib := flag.Int64("mib", 0, "about so many `MiB`; 0 takes all there is, once")
	without := flag.String("without", "", "leave out this `FOLDER`")
	flag.Parse()
	if flag.NArg() < 2 {
		flag.Usage()
		os.Exit(2)
	}
	g := gathering{dest: flag.Arg(0), without: *without}
	if err := g.run(*mib<<20, flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gather:", err)
		os.Exit(1)
	}
	fmt.Printf("%d files, %d MiB\n", g.files, g.bytes>>20)
}
