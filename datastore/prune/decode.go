package prune

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// ErrNotAPlan says that bytes are not the JSON form of a plan.
var ErrNotAPlan = errors.New("not a prune plan")

// MaxSize is the largest plan that Decode reads, in bytes: half a million snapshots.
const MaxSize = 256 << 20

// Decode reads a plan that was kept as JSON. Every error is an ErrNotAPlan. It finds out whether the plan makes sense;
// whether it is true, Apply does.
func Decode(data []byte) (*Plan, error) {
	p, err := decode(data)
	if err == nil {
		err = p.validate()
	}
	if err != nil {
		return nil, fmt.Errorf("decode plan: %w: %w", ErrNotAPlan, err)
	}
	return p, nil
}

func decode(data []byte) (*Plan, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%d bytes are more than %d", len(data), MaxSize)
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	if head.Version != Version {
		return nil, fmt.Errorf("it has version %d, this program knows version %d", head.Version, Version)
	}
	p := &Plan{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // a member that is not understood could be a condition
	return p, d.Decode(p)
}

func (p *Plan) validate() error {
	if p.Store == "" || p.Made.IsZero() {
		return errors.New("it does not say of which store it is, and of when")
	}
	if p.Policy.KeepsEverything() {
		return ErrKeepsEverything
	}
	if _, err := time.LoadLocation(p.Zone); err != nil {
		return err
	}
	seen, ids := map[[2]string]bool{}, map[string]bool{}
	for i := range p.Series {
		s := &p.Series[i]
		if seen[[2]string{s.Group, s.Job}] {
			return fmt.Errorf("series %s is in it twice", s)
		}
		seen[[2]string{s.Group, s.Job}] = true
		if err := s.validate(ids); err != nil {
			return fmt.Errorf("series %s: %w", s, err)
		}
	}
	return nil
}

// validate checks a series; ids are those that other snapshots have.
func (s *Series) validate(ids map[string]bool) error {
	group, err := datastore.ParseGroup(s.Group)
	if err != nil {
		return err
	}
	for _, d := range s.Decisions {
		address, err := datastore.ParseAddress(d.Snapshot)
		switch {
		case err != nil:
			return err
		case address.Group != group || address.Time.IsZero() || !address.Time.Equal(d.Time):
			return fmt.Errorf("%s is not its snapshot of %s", d.Snapshot, d.Time.Format(datastore.TimeFormat))
		case d.ID == "" || ids[d.ID]:
			return fmt.Errorf("%s has no id of its own", d.Snapshot)
		case len(d.Reasons) == 0 || d.Why == "":
			return fmt.Errorf("%s has no reason", d.Snapshot)
		}
		ids[d.ID] = true
	}
	return nil
}
