package backendtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var concurrencyRules = []rule[backend.Backend]{
	{"stress", "While some put, read and delete, every object that is read is whole, and every listing shows each object " +
		"that nobody touches exactly once.", stress},
}

// stress runs workers that each put, read and delete objects of their own and read each other's, and listers that watch
// objects nobody touches.
func stress(t tester, b backend.Backend) {
	const workers, rounds = 6, 12
	var still []string
	for i := range 50 {
		still = append(still, fmt.Sprintf("shared/still-%d", i))
	}
	putMany(t, b, still)
	group, ctx := errgroup.WithContext(t.Context())
	for worker := range workers {
		group.Go(func() error {
			for round := range rounds {
				if err := putReadDelete(ctx, b, worker, round); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 2 {
		group.Go(func() error {
			for range rounds {
				if err := watch(ctx, b, still); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	require.Len(t, list(t, b, ""), len(still))
}

func putReadDelete(ctx context.Context, b backend.Backend, worker, round int) error {
	name := func(worker int) string { return fmt.Sprintf("shared/moving-%d-%d", worker, round) }
	if err := b.Put(ctx, name(worker), stressData(worker)); err != nil {
		return err
	}
	if err := wholeOrAbsent(ctx, b, name(worker+1), stressData(worker+1)); err != nil {
		return err
	}
	got, err := backend.ReadAll(ctx, b, name(worker), 1<<20)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, stressData(worker)) {
		return fmt.Errorf("%s: %d wrong bytes", name(worker), len(got))
	}
	return b.Delete(ctx, name(worker))
}

func wholeOrAbsent(ctx context.Context, b backend.Backend, name string, want []byte) error {
	got, err := backend.ReadAll(ctx, b, name, 1<<20)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	if err == nil && !bytes.Equal(got, want) {
		return fmt.Errorf("%s: read while it was put: %d wrong bytes", name, len(got))
	}
	return err
}

func watch(ctx context.Context, b backend.Backend, still []string) error {
	seen := map[string]int{}
	for info, err := range b.List(ctx, "shared/") {
		if err != nil {
			return err
		}
		seen[info.Name]++
	}
	for _, name := range still {
		if seen[name] != 1 {
			return fmt.Errorf("%s was listed %d times", name, seen[name])
		}
	}
	return nil
}

// stressData is what a worker puts: large enough to be seen half written.
func stressData(worker int) []byte { return bytes.Repeat([]byte{byte(worker)}, 100_000) }
