package backend

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

func (p *prober) listAfterPut(ctx context.Context) (string, error) { return p.listing(ctx, p.names) }

// listAfterDelete lists what is left. The rest is removed in the end.
func (p *prober) listAfterDelete(ctx context.Context) (string, error) {
	left := append([]string{p.contested}, p.names[len(p.deleted()):]...)
	return p.listing(ctx, left)
}

// listing compares a listing with what must be there of the probe.
func (p *prober) listing(ctx context.Context, want []string) (string, error) {
	unseen := set(want)
	for info, err := range p.b.List(ctx, probeFolder) {
		if err != nil {
			return "", err
		}
		if !strings.HasPrefix(info.Name, p.prefix) {
			continue
		}
		if !unseen[info.Name] {
			if slices.Contains(want, info.Name) {
				return fmt.Sprintf("%s is listed twice", info.Name), nil
			}
			return fmt.Sprintf("%s is listed, and should not be there", info.Name), nil
		}
		if size := p.size(info.Name); info.Size != size {
			return fmt.Sprintf("%s is listed with %d bytes instead of %d", info.Name, info.Size, size), nil
		}
		delete(unseen, info.Name)
	}
	return missing(unseen, len(want)), nil
}

func set(names []string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// size returns how many bytes were put under a name.
func (p *prober) size(name string) int64 {
	if name == p.contested {
		return 1
	}
	return int64(len(content(name)))
}

// listEverything looks for the probe's objects in the listing of the whole storage.
func (p *prober) listEverything(ctx context.Context) (string, error) {
	if p.shallow {
		return "", nil
	}
	unseen := set(p.names)
	for info, err := range p.b.List(ctx, "") {
		if err != nil {
			return "", err
		}
		if delete(unseen, info.Name); len(unseen) == 0 {
			break
		}
	}
	return missing(unseen, len(p.names)), nil
}

// missing says what was not listed.
func missing(unseen map[string]bool, of int) string {
	for name := range unseen {
		return fmt.Sprintf("%d of %d objects are missing, such as %s", len(unseen), of, name)
	}
	return ""
}
