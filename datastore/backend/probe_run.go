package backend

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// prober is a probe under way.
type prober struct {
	b         Backend
	parallel  int
	shallow   bool
	prefix    string   // of the objects' names; other probes may be under way beside this one
	names     []string // of the objects
	contested string   // one more, which several puts compete for
	wrote     bool     // there may be objects to remove
	stuck     bool     // the storage refuses changes, so that nothing can be removed
}

func newProber(b Backend, o ProbeOptions) *prober {
	prefix := probeFolder + strings.ToLower(rand.Text()) + "-"
	p := &prober{b: b, parallel: o.Parallel, shallow: o.Shallow, prefix: prefix, contested: prefix + "contested"}
	for i := range o.Objects {
		p.names = append(p.names, fmt.Sprintf("%s%d", prefix, i))
	}
	return p
}

// probeFolder is where all probes put their objects: a directory store keeps folders that are empty.
const probeFolder = "probe/"

// question is one that a probe asks. The answer is what is wrong, empty for nothing; an error means that there is none.
type question struct {
	name   string
	needed Purpose
	ask    func(context.Context) (flaw string, err error)
}

// questions returns all questions in the order in which they are asked: each builds on what those before it did.
func (p *prober) questions() []question {
	return []question{
		{"get of an absent object", ForBackup, p.getAbsent},
		{"get after put", ForBackup, p.getAfterPut},
		{"list after put", ForCollection, p.listAfterPut},
		{"list of everything", ForCollection, p.listEverything},
		{"get of a range", ForBackup, p.getRange},
		{"put if absent", ForBackup, p.putTwice},
		{"put if absent, concurrently", ForBackup, p.putAtOnce},
		{"delete", ForCollection, p.deleteOne},
		{"get after delete", ForCollection, p.getAfterDelete},
		{"delete again", ForCollection, p.deleteAgain},
		{"list after delete", ForCollection, p.listAfterDelete},
	}
}

func (p *prober) ask(ctx context.Context) (*Fitness, error) {
	var f Fitness
	for _, q := range p.questions() {
		flaw, err := q.ask(ctx)
		if err != nil {
			p.stuck = errors.Is(err, ErrReadOnly)
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		f.Findings = append(f.Findings, Finding{Name: q.name, OK: flaw == "", Detail: flaw, Needed: q.needed})
		if p.stuck {
			break
		}
	}
	return &f, nil
}

// cleanTime is how long a probe tries to remove its objects, whatever its context says.
const cleanTime = time.Minute

// clean removes all objects of the probe.
func (p *prober) clean(ctx context.Context) error {
	if !p.wrote || p.stuck {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	names := append([]string{p.contested}, p.names...)
	errs := make([]error, len(names))
	_, err := p.each(ctx, len(names), func(ctx context.Context, i int) (string, error) {
		errs[i] = unlessAbsent(p.b.Delete(ctx, names[i])) // the others are tried all the same
		return "", nil
	})
	if err = errors.Join(err, cmp.Or(errs...)); err != nil {
		return fmt.Errorf("remove what the probe has put: %w", err)
	}
	return nil
}

// each asks about 0 to n-1, several at a time, and returns the first flaw. The first error ends it.
func (p *prober) each(
	ctx context.Context, n int, ask func(ctx context.Context, i int) (flaw string, err error),
) (string, error) {
	flaws := make([]string, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.parallel)
	for i := range n {
		group.Go(func() (err error) {
			flaws[i], err = ask(ctx, i)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	return cmp.Or(flaws...), nil
}
