package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

func (p *program) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Build the local index again from the store",
		Long: "Throw the local index away and build it again from what the store itself holds. Nothing in the store is lost\n" +
			"with the local index; this is for a cache that went wrong.",
		Args: wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error { return p.rebuild(ctx) }),
	}
}

func (p *program) rebuild(ctx context.Context) error {
	return p.withStore(ctx, func(store openStore) error {
		began := p.Now()
		broken, err := store.Rebuild(ctx)
		if err != nil {
			return err
		}
		return p.reportRebuilt(p.Now().Sub(began), broken)
	})
}

// reportRebuilt names the objects that turned out damaged while they were read.
func (p *program) reportRebuilt(elapsed time.Duration, broken map[string]error) error {
	damaged := []damagedObjectJSON{}
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		damaged = append(damaged, damagedObjectJSON{name, broken[name].Error()})
		p.damage("%s: %v", name, broken[name])
	}
	err := p.say("built the local index again in %s", took(elapsed))
	if p.json {
		err = writeJSON(p.Stdout, struct {
			Seconds float64             `json:"seconds"`
			Damaged []damagedObjectJSON `json:"damaged"`
		}{elapsed.Seconds(), damaged})
	}
	if err == nil && len(damaged) > 0 {
		return statusDamage
	}
	return err
}

// damagedObjectJSON is an object of the store that is not what was written.
type damagedObjectJSON struct {
	Object string `json:"object"`
	Reason string `json:"reason"`
}
