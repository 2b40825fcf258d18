package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// secretSource is where one passphrase may come from, and how to ask for it.
type secretSource struct {
	file     string // a file that holds it, "" if none was named
	variable string // of the environment
	prompt   string
	missing  error // when neither has it and nobody can be asked
}

var (
	errNoPassphrase    = errors.New("a passphrase is needed and there is none")
	errNoNewPassphrase = errors.New("a new passphrase is needed and there is none")
)

func (p *program) passphraseSource() secretSource {
	return secretSource{p.passphraseFile, "HEIRLOOM_PASSPHRASE", "passphrase of " + p.storeURL + ": ", errNoPassphrase}
}

// given returns the passphrase of the file or the environment, nil if neither has one. The file goes first: it was
// named for this run.
func (p *program) given(s secretSource) ([]byte, error) {
	if s.file != "" {
		return readSecret(s.file)
	}
	if v := p.Getenv(s.variable); v != "" {
		return []byte(v), nil
	}
	return nil, nil
}

const maxSecret = 64 << 10 // bytes; more is some other file, named by mistake

// readSecret reads a file that holds a passphrase and, perhaps, one newline after it.
func readSecret(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read passphrase: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return nil, fmt.Errorf("read passphrase: %w", err)
	}
	if len(data) > maxSecret {
		return nil, fmt.Errorf("read passphrase: %s has more than %d bytes: it is no passphrase", name, maxSecret)
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	if len(data) == 0 {
		return nil, fmt.Errorf("read passphrase: %s is empty", name)
	}
	return data, nil
}

// existing returns a passphrase that is in use, asking for it if it must.
func (p *program) existing(ctx context.Context, s secretSource) ([]byte, error) {
	secret, err := p.given(s)
	if err != nil || secret != nil {
		return secret, err
	}
	return p.ask(ctx, s, s.prompt)
}

// chosen returns a passphrase that is going to be used; typed, it is asked for twice, since it cannot be seen.
func (p *program) chosen(ctx context.Context, s secretSource) ([]byte, error) {
	secret, err := p.given(s)
	if err != nil || secret != nil {
		return secret, err
	}
	first, err := p.ask(ctx, s, s.prompt)
	if err != nil {
		return nil, err
	}
	second, err := p.ask(ctx, s, "once more: ")
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(first, second) {
		return nil, errors.New("the two passphrases differ: nothing was changed")
	}
	return first, nil
}

func (p *program) ask(ctx context.Context, s secretSource, prompt string) ([]byte, error) {
	if p.AskSecret == nil {
		return nil, s.missing
	}
	secret, err := p.AskSecret(ctx, prompt)
	if err == nil && len(secret) == 0 {
		err = fmt.Errorf("the passphrase is empty: %w", s.missing)
	}
	return secret, err
}
