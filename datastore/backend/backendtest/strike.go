package backendtest

import (
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// add adds a fault that strikes the nth matching call.
func (f *Faulty) add(kind backend.Kind, prefix string, nth int, wrap func(backend.Backend) backend.Backend) {
	seen := 0
	f.addFault(&fault{kind: kind, prefix: prefix, wrap: wrap, strikes: func() bool {
		seen++
		return nth == Every || seen == nth
	}})
}

func (f *Faulty) addFault(added *fault) (remove func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, added)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.faults = slices.DeleteFunc(f.faults, func(other *fault) bool { return other == added })
	}
}

// strike returns the backend inside, wrapped by each fault that strikes this call; the one added last is outermost.
func (f *Faulty) strike(c Call) backend.Backend {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.inner
	for _, fault := range f.faults {
		if c.matches(fault.kind, fault.prefix) && fault.strikes() {
			b = fault.wrap(b)
		}
	}
	return b
}
