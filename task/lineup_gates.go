package task

// gate lets a number of tickets be held at a time: those of one type, or of one key.
type gate struct {
	gateName
	limit int
	held  int
	line  *line // tickets that found it shut
}

type gateName struct {
	ofKey bool // else of a type
	name  string
}

func (g *gate) open() bool { return g.held < g.limit }

// gates are those that somebody is at: a gate without holders and without a line is forgotten.
type gates struct {
	limits Limits
	byName map[gateName]*gate
}

func newGates(limits Limits) *gates { return &gates{limits: limits, byName: map[gateName]*gate{}} }

// of returns the gates that p has to pass, at most two.
func (gs *gates) of(p *place) []*gate {
	var passes []*gate
	if p.Key != "" {
		limit, ok := gs.limits.Keys[p.Key]
		if !ok {
			limit = 1
		}
		passes = append(passes, gs.gate(gateName{true, p.Key}, limit))
	}
	if limit, ok := gs.limits.Types[p.UPID.Type]; ok {
		passes = append(passes, gs.gate(gateName{false, p.UPID.Type}, limit))
	}
	return passes
}

func (gs *gates) gate(name gateName, limit int) *gate {
	g := gs.byName[name]
	if g == nil {
		g = &gate{gateName: name, limit: limit, line: &line{before: sooner}}
		gs.byName[name] = g
	}
	return g
}

// shut returns a gate that holds p back, nil if there is none.
func (gs *gates) shut(p *place) *gate {
	for _, g := range gs.of(p) {
		if !g.open() {
			return g
		}
	}
	return nil
}

func (gs *gates) enter(p *place) {
	for _, g := range gs.of(p) {
		g.held++
	}
}

func (gs *gates) exit(p *place) {
	for _, g := range gs.of(p) {
		g.held--
	}
}

// tidy forgets a gate that nobody is at.
func (gs *gates) tidy(g *gate) {
	if g.held == 0 && g.line.first() == nil {
		delete(gs.byName, g.gateName)
	}
}
