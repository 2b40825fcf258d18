package prune

import "github.com/heirloom-backup/heirloom/datastore"

// Scope is the filter of a plan: which series it is about.
type Scope struct {
	Namespace *string        `json:"namespace,omitempty"` // nil: all
	Kind      datastore.Kind `json:"kind,omitempty"`      // "": all
	Name      string         `json:"name,omitempty"`      // "": all
	Job       string         `json:"job,omitempty"`       // "": all
}

func scopeOf(f datastore.Filter) Scope { return Scope{f.Namespace, f.Kind, f.Name, f.Job} }

func (s Scope) filter() datastore.Filter {
	return datastore.Filter{Namespace: s.Namespace, Kind: s.Kind, Name: s.Name, Job: s.Job}
}
