package main

import (
	"fmt"
	"strings"
)

// group is what the chart shows of one operation.
type group struct {
	name   string
	note   string  // our ratio and its budget in words, with the peer that the bars are measured by
	budget float64 // as a share of that peer's value; 0 if there is none
	bars   []bar
}

type bar struct {
	program string
	ours    bool
	share   float64 // of the peer's value
	value   string  // with its unit
}

// groups are the operations in which there is a peer to compare with, and the highest peaks of all.
func (c *comparison) groups() []group {
	var list []group
	for _, operation := range c.operations {
		peer, ok := c.yardstick(operation)
		if !ok {
			continue
		}
		value := func(program string) (float64, bool) { return c.value(operation, program) }
		one, _ := value(peer)
		if one <= 0 {
			continue
		}
		list = append(list, group{
			name:   strings.TrimSuffix(operation, " MiB"),
			note:   c.note(operation, peer),
			budget: c.budgets[operation].limit,
			bars:   c.bars(one, unit(c.isSize(operation)), value),
		})
	}
	return append(list, c.peakGroups()...)
}

// bars are as long as a value is beside one.
func (c *comparison) bars(one float64, unit string, value func(program string) (float64, bool)) []bar {
	var bars []bar
	for _, program := range c.programs {
		if v, ok := value(program); ok {
			bars = append(bars, bar{program: program, ours: program == c.ours(), share: v / one, value: number(v) + unit})
		}
	}
	return bars
}

func unit(size bool) string {
	if size {
		return " MiB"
	}
	return " s"
}

func (c *comparison) note(operation, peer string) string {
	text := "compared with " + peer
	if r, ok := c.ratio(operation, peer); ok {
		text = fmt.Sprintf("%.2f of %s", r.median, peer)
	}
	if b, known := c.budgets[operation]; known {
		text += fmt.Sprintf(", budget %v", b.limit)
	}
	return text
}

// peakGroups is one group, or none if no run of a peer was measured.
func (c *comparison) peakGroups() []group {
	value := func(program string) (float64, bool) {
		p := c.peak(program, c.operations...)
		return p, p > 0
	}
	best, ok := smallest(c.peers(), value)
	if !ok {
		return nil
	}
	least, _ := value(best)
	ours, _ := value(c.ours())
	b := c.budgets[highestPeak]
	return []group{{
		name:   "highest peak of memory",
		note:   fmt.Sprintf("%.2f of %s, budget %v MiB", ours/least, best, b.limit),
		budget: b.limit / least,
		bars:   c.bars(least, " MiB", value),
	}}
}
