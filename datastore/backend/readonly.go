package backend

import (
	"context"
	"fmt"
)

// ReadOnly returns b without the ability to change anything: Put and Delete fail with ErrReadOnly and never reach b.
func ReadOnly(b Backend) Backend { return readOnly{b} }

type readOnly struct{ Backend }

func (r readOnly) Unwrap() Backend { return r.Backend }

func (readOnly) Put(_ context.Context, name string, _ []byte) error {
	return fmt.Errorf("put %s: %w", name, ErrReadOnly)
}

func (readOnly) Delete(_ context.Context, name string) error {
	return fmt.Errorf("delete %s: %w", name, ErrReadOnly)
}
