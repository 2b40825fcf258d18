package main

import (
	"fmt"
	"slices"
)

// comparison is a measured comparison with peers, and what we allow ourselves in it.
type comparison struct {
	*figures
	facts   *facts
	budgets map[string]budget
}

// newComparison puts programs and operations in the order in which tables show them.
func newComparison(figs *figures, known *facts, budgets map[string]budget) *comparison {
	figs.programs = slices.DeleteFunc(known.labels(), func(label string) bool { return !slices.Contains(figs.programs, label) })
	figs.operations = inOrder(figs.operations)
	return &comparison{figures: figs, facts: known, budgets: budgets}
}

const highestPeak = "highest peak MiB"

// markdown is all that a page shows of a comparison but the chart.
func (c *comparison) markdown() string {
	return c.facts.paragraph(c.figures) + "\n" + c.judged() + "\n" + effort(c.figures)
}

// judged is the table of the values, each peer's with our ratio to it, and of how our ratios stand to the budgets.
func (c *comparison) judged() string {
	t := table{head: append([]string{"s, or MiB"}, c.programs...)}
	t.head = append(t.head, c.ours()+" / best peer (min–max)", "budget", "goal", "")
	for _, operation := range c.operations {
		row := []string{operation, c.shown(operation, c.ours())}
		for _, peer := range c.peers() {
			row = append(row, c.besideOurs(operation, peer))
		}
		t.add(append(append(row, c.toBest(operation)), c.judgement(operation)...)...)
	}
	t.add(c.peakRow()...)
	return t.String()
}

// besideOurs is a peer's value and our ratio to it.
func (c *comparison) besideOurs(operation, peer string) string {
	r, ok := c.ratio(operation, peer)
	if !ok {
		return c.shown(operation, peer)
	}
	return fmt.Sprintf("%s (%.2f)", c.shown(operation, peer), r.median)
}

func (c *comparison) toBest(operation string) string {
	best, _ := c.best(operation, c.peers())
	r, ok := c.ratio(operation, best)
	if !ok {
		return "–"
	}
	return fmt.Sprintf("%s %s", r, best)
}

// yardstick is the peer that an operation's budget is a share of: the best one, unless the budget says otherwise.
func (c *comparison) yardstick(operation string) (peer string, found bool) {
	peers := c.peers()
	if b, known := c.budgets[operation]; known && b.against != "best" {
		peers = c.facts.ofKind(b.against)
	}
	return c.best(operation, peers)
}

// judgement is budget, goal, and how we stand to them.
func (c *comparison) judgement(operation string) []string {
	b, known := c.budgets[operation]
	if !known {
		return []string{"", "", ""}
	}
	verdict := "not measured"
	if peer, found := c.yardstick(operation); found {
		if r, ok := c.ratio(operation, peer); ok {
			verdict = b.verdict(r.median)
		}
	}
	return []string{b.show(b.limit), b.show(b.goal), verdict}
}

// peakRow shows the highest memory of all operations together.
func (c *comparison) peakRow() []string {
	peak := func(program string) (float64, bool) {
		p := c.peak(program, c.operations...)
		return p, p > 0
	}
	ours, measured := peak(c.ours())
	row := []string{highestPeak, fmt.Sprintf("%.0f", ours)}
	for _, peer := range c.peers() {
		theirs, _ := peak(peer)
		row = append(row, fmt.Sprintf("%.0f (%.2f)", theirs, ours/theirs))
	}
	toBest, verdict := "–", "not measured"
	if best, ok := smallest(c.peers(), peak); ok {
		least, _ := peak(best)
		toBest = fmt.Sprintf("%.2f %s", ours/least, best)
	}
	b := c.budgets[highestPeak]
	if measured {
		verdict = b.verdict(ours)
	}
	return append(row, toBest, b.show(b.limit), b.show(b.goal), verdict)
}
