package backendtest

import (
	"context"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Delay makes the nth matching call wait for as long as wait takes before anything happens. An error of wait is the
// call's answer. In a testing/synctest bubble wait may sleep, for no time of the real world passes there; elsewhere it
// advances the test's own clock.
func (f *Faulty) Delay(kind backend.Kind, prefix string, nth int, wait func(context.Context) error) {
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend { return guarded{Backend: b, before: wait} })
}
