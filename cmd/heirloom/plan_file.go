package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// errNoPlan says that a file holds something else than the plan of a collection.
var errNoPlan = errors.New("not a plan of a gc")

// readPlan reads a plan that was kept as JSON from a file; "-" is stdin. Members that a plan does not have are refused:
// what they meant would not be done.
func (p *program) readPlan(ctx context.Context, file string, plan any) error {
	err := p.withInput(ctx, file, func(in io.Reader) error {
		d := json.NewDecoder(in)
		d.DisallowUnknownFields()
		if err := d.Decode(plan); err != nil {
			return fmt.Errorf("%w: %w", errNoPlan, err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: more follows after its end", errNoPlan)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read plan %s: %w", file, err)
	}
	return nil
}

// withInput opens a file, or stdin for "-", for the time of one call.
func (p *program) withInput(ctx context.Context, file string, use func(io.Reader) error) error {
	if file == "-" {
		return use(interruptible(ctx, p.Stdin))
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return use(f)
}
