package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed budgets.csv
var budgetFile string

// budget is what we allow ourselves in an operation, and what we are after: a share of what a peer takes.
type budget struct {
	against string // "best", the best peer; "itself", the limits are values, not shares; else the best peer of this kind
	limit   float64
	goal    float64
}

func readBudgets() (map[string]budget, error) {
	lines, err := csv.NewReader(strings.NewReader(budgetFile)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("budgets: %w", err)
	}
	budgets := map[string]budget{}
	for _, line := range lines[1:] {
		limit, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			return nil, fmt.Errorf("budget of %s: %w", line[0], err)
		}
		goal, err := strconv.ParseFloat(line[3], 64)
		if err != nil {
			return nil, fmt.Errorf("goal of %s: %w", line[0], err)
		}
		budgets[line[0]] = budget{against: line[1], limit: limit, goal: goal}
	}
	return budgets, nil
}

// verdict says how a ratio, or a value, stands to its limits: as the tables show it, rounded to two digits.
func (b budget) verdict(x float64) string {
	x = math.Round(x*100) / 100
	switch {
	case x <= b.goal:
		return "goal reached"
	case x <= b.limit:
		return "reached"
	default:
		return "**missed**"
	}
}

// show names a limit together with what it is a share of, unless that is the best peer.
func (b budget) show(limit float64) string {
	text := strconv.FormatFloat(limit, 'f', -1, 64)
	if b.against == "best" || b.against == "itself" {
		return text
	}
	return text + " of " + b.against
}
