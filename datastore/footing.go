package datastore

// footing is the packs that a snapshot stands on.
type footing struct {
	relied map[uint32]struct{} // numbers of packs that were there already
	own    []string            // names of those the session has stored
}

func newFooting() *footing { return &footing{relied: map[uint32]struct{}{}} }

// relyOn notes a pack. The caller holds mu.
func (w *Session) relyOn(pack uint32) {
	w.all.relied[pack] = struct{}{}
	if w.anew != nil {
		w.anew.relied[pack] = struct{}{}
	}
}

// stored notes a pack of the session's own. The caller holds mu.
func (w *Session) stored(pack string) {
	w.all.own = append(w.all.own, pack)
	if w.anew != nil {
		w.anew.own = append(w.anew.own, pack)
	}
}

// stands returns the packs that the snapshot being committed stands on: those found anew for it, or else all that the
// session ever relied on or stored. That may be more than this snapshot needs, never less: what one commit found out of
// date is still there for the next to find out.
func (w *Session) stands() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.all
	if w.anew != nil {
		f = w.anew
	}
	names := append([]string(nil), f.own...)
	for n := range f.relied {
		names = append(names, w.store.catalog.pack(n).name)
	}
	return names
}

func (w *Session) setAnew(f *footing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.anew = f
}
