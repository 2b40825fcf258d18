package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"
)

// keyboard is the terminal a person types at.
type keyboard struct{ *os.File }

// findKeyboard returns the terminal that the program was started from, also when stdin carries data; nil if there is
// none, as in a job that runs at night.
func findKeyboard() *keyboard {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		return &keyboard{os.Stdin}
	}
	if tty, err := os.Open("/dev/tty"); err == nil {
		return &keyboard{tty}
	}
	return nil
}

// ask reads a line without showing it. When ctx ends first, the terminal is made to show again what is typed: a process
// that dies in the middle would leave it silent.
func (k *keyboard) ask(ctx context.Context, prompt string) ([]byte, error) {
	fd := int(k.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, fmt.Errorf("ask for a passphrase: %w", err)
	}
	fmt.Fprint(os.Stderr, prompt)
	defer fmt.Fprintln(os.Stderr)

	type answer struct {
		secret []byte
		err    error
	}
	answers := make(chan answer, 1)
	go func() { // outlives a cancelled call: a read from a terminal cannot be interrupted
		secret, err := term.ReadPassword(fd)
		answers <- answer{secret, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil {
			return nil, fmt.Errorf("ask for a passphrase: %w", a.err)
		}
		return a.secret, nil
	case <-ctx.Done():
		_ = term.Restore(fd, before) // at the end of the program there is nothing else to try
		return nil, ctx.Err()
	}
}
