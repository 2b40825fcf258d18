//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// verdict is what became of a harm. Anything else is a violation.
type verdict string

const (
	refused  verdict = "refused"  // the store does not open, and the error names the object
	found    verdict = "found"    // verify names the object, or the snapshots and paths it takes away
	harmless verdict = "harmless" // verify is clean, and every snapshot is listed and restores exactly
)

// examine opens a harmed store as a new process would, verifies it, and reads all of every snapshot.
func (p *patient) examine(h harm, toDisk bool) (verdict, error) {
	b, err := h.do(p)
	if err != nil {
		return "", err
	}
	store, err := p.open(b)
	if err != nil {
		return p.atOpening(h, b, err)
	}
	defer store.Close()
	rep, err := verify.Run(p.t.Context(), store, verify.Options{Readers: 1})
	if err != nil {
		return "", fmt.Errorf("verify fails instead of naming damage: %w", err)
	}
	reader, err := p.again(store, b)
	if err != nil {
		return "", err
	}
	e := &examination{patient: p, harm: h, report: rep, recovered: map[string]*recovery{}}
	for sn, err := range reader.Snapshots(p.t.Context(), datastore.Filter{}) {
		if err == nil {
			err = e.recover(reader, sn, toDisk)
		} else if errors.As(err, new(*datastore.ManifestError)) {
			err = nil // its snapshot counts as not listed
		}
		if err != nil {
			return "", errors.Join(err, reader.Close())
		}
	}
	if reader != store {
		err = reader.Close()
	}
	return e.verdict, errors.Join(err, e.judge())
}

// again opens the store once more, so that a restore knows nothing of what verify found; not if it is encrypted, since
// that takes a tenth of a second.
func (p *patient) again(store *datastore.Store, b *mem.Backend) (*datastore.Store, error) {
	if p.encrypted {
		return store, nil
	}
	return p.open(b)
}

// atOpening judges a store that does not open.
func (p *patient) atOpening(h harm, b *mem.Backend, err error) (verdict, error) {
	switch {
	case h.kind == "heirloom.json" && h.how == remove && errors.Is(err, datastore.ErrNoStore),
		h.kind == "heirloom.json" && h.how != remove && strings.Contains(err.Error(), h.object),
		h.kind == "keys" && h.how != remove && strings.Contains(err.Error(), h.object):
	case h.kind == "keys" && h.how == remove && errors.Is(err, datastore.ErrPassphrase):
	default:
		return "", fmt.Errorf("does not open: %w", err)
	}
	if h.kind != "keys" {
		return refused, nil
	}
	o := datastore.Options{Passphrase: []byte(secondPassphrase)}
	store, err := datastore.Open(p.t.Context(), b, o)
	if err != nil {
		return "", fmt.Errorf("does not open with the other passphrase either: %w", err)
	}
	return refused, store.Close()
}

// examination compares what verify says with what can be read.
type examination struct {
	*patient
	harm
	report    *verify.Report
	recovered map[string]*recovery
	verdict   verdict
}

func (e *examination) recover(store *datastore.Store, sn *datastore.Snapshot, toDisk bool) error {
	address := sn.Address().String()
	want, ok := e.want[address]
	if !ok {
		return fmt.Errorf("lists %s, which nobody made", address)
	}
	r := e.patient.recover(store, sn)
	e.recovered[address] = r
	if wrong := r.wrong(want); len(wrong) > 0 {
		return fmt.Errorf("%s reads as something else: %s", address, wrong[0])
	}
	if toDisk {
		return e.patient.toDisk(store, sn, len(r.failed) == 0)
	}
	return nil
}
