package main

import (
	"context"
	"io"
	"os"
	"os/user"
	"time"

	"golang.org/x/term"
)

// environment is everything of the process that the program uses, so that a test can stand in for it.
type environment struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Zone           *time.Location         // of the times that people read
	UserCacheDir   func() (string, error) // the folder that all programs of this user keep their caches in
	UserName       func() (string, error) // who runs the program
	Live           bool                   // Stderr is a terminal: a progress bar can be drawn on it
	Workers        int                    // goroutines that compute at a time; 0 leaves it to the library

	// AskSecret asks a person for a passphrase, which is not shown. Nil: there is nobody to ask.
	AskSecret func(ctx context.Context, prompt string) ([]byte, error)
}

func userName() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

func processEnvironment() environment {
	env := environment{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Now: time.Now, Zone: time.Local, UserCacheDir: os.UserCacheDir,
		UserName: userName,
		Live:     term.IsTerminal(int(os.Stderr.Fd())),
	}
	if keyboard := findKeyboard(); keyboard != nil && env.Live { // without a screen nobody would see the question
		env.AskSecret = keyboard.ask
	}
	return env
}
