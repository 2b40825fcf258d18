package interleave

// move lets one of the options be chosen and makes it happen.
func (r *run) move(options []move, choose chooser) error {
	i, err := choose(position{r, options})
	if err != nil {
		return err
	}
	m := options[i]
	a := r.actors[m.actor]
	r.trace.moves.add(a.Name, m.crash)
	if m.preempts {
		spend(&r.left.preemptions)
	}
	if m.crash {
		r.crash(a)
		return nil
	}
	r.turn = m.actor
	for _, other := range r.actors {
		other.fresh = other.fresh && other.next(r.state.names) == nil
	}
	a.fresh = true
	return r.perform(a, a.next(r.state.names))
}

func (r *run) crash(a *actor) {
	spend(&r.left.crashes)
	r.turn = -1
	r.trace.crash(a.Name)
	a.crashed = true
	a.stop(ErrCrashed)
}

// perform lets an operation happen and its caller go on.
func (r *run) perform(a *actor, c *call) error {
	a.withdraw(c)
	c.perform(r.scene.Storage)
	r.state.happened(a, c)
	o := c.operation(a)
	r.trace.operation(o, r.state.names.preview(c.name))
	defer close(c.done)
	if r.scene.Step == nil {
		return nil
	}
	if err := r.scene.Step(o); err != nil {
		return r.violation(err)
	}
	return nil
}

func (c *call) operation(a *actor) Operation {
	return Operation{Actor: a.Name, Kind: c.kind, Name: c.name, Err: c.err}
}

// unscheduled returns an operation that needs no choice, if one waits.
func (r *run) unscheduled() (*actor, *call) {
	if r.scene.Unscheduled == nil {
		return nil, nil
	}
	for _, a := range r.actors {
		if c := a.next(r.state.names); c != nil && r.scene.Unscheduled(c.operation(a)) {
			return a, c
		}
	}
	return nil, nil
}
