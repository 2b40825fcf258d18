// Command heirloom backs up folders, disk images and streams into a deduplicating store, and gets them back.
//
// It is a thin layer over the library: each command turns flags into options, makes one library call and prints the
// result. docs/cli.md has the contract for scripts.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // schedules name zones, also on machines without a zone database
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks to stop, a second one ends the process as it always does
	env := processEnvironment()
	env.Workers = tuneRuntime(os.Getenv)
	os.Exit(run(ctx, os.Args[1:], env))
}
