package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// scale is our own measurement at one size of the data sets.
type scale struct {
	*figures
	facts *facts
}

// growth compares measurements of the same operations with ever more data: what each takes in all, for a GiB, for a file.
func growth(folders []string) (string, error) {
	var scales []scale
	for _, folder := range folders {
		figs, err := readFigures(filepath.Join(folder, "figures.csv"))
		if err != nil {
			return "", err
		}
		known, err := readFacts(filepath.Join(folder, "facts.tsv"))
		if err != nil {
			return "", err
		}
		scales = append(scales, scale{figs, known})
	}
	return growthText(scales)
}

func growthText(scales []scale) (string, error) {
	t := table{head: []string{"", "s", "s per GiB", "last / first", "µs per file", "peak MiB"}}
	for _, operation := range scales[0].operations {
		row, err := growthRow(scales, operation)
		if err != nil {
			return "", err
		}
		t.add(append([]string{operation}, row...)...)
	}
	first := scales[0]
	text := first.facts.machineLine(first.figures) + "\nEach column is for the data from the smallest to the largest:\n\n"
	for _, s := range scales {
		text += "- " + s.facts.setsLine() + "\n"
	}
	return text + "\n" + t.String(), nil
}

// growthRow leaves the time for a GiB and for a file out where it says nothing: of a size, and where there is one file.
func growthRow(scales []scale, operation string) ([]string, error) {
	var total, perGiB, perFile, peaks []string
	var costs []float64
	name, _, _ := strings.Cut(operation, " ")
	for _, s := range scales {
		value, ok := s.value(operation, s.ours())
		if !ok {
			return nil, fmt.Errorf("%s was not measured at each size", operation)
		}
		total = append(total, number(value))
		if s.isSize(operation) {
			continue
		}
		amount, err := s.facts.amount(name)
		if err != nil {
			return nil, err
		}
		costs = append(costs, value/amount.mib*1024)
		perGiB = append(perGiB, number(value/amount.mib*1024))
		if amount.files > 0 {
			perFile = append(perFile, fmt.Sprintf("%.0f", value/amount.files*1e6))
		}
		peaks = append(peaks, fmt.Sprintf("%.0f", s.peak(s.ours(), operation)))
	}
	return []string{slashes(total), slashes(perGiB), lastToFirst(costs), slashes(perFile), slashes(peaks)}, nil
}

func slashes(list []string) string { return strings.Join(list, " / ") }

func lastToFirst(costs []float64) string {
	if len(costs) == 0 || costs[0] == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", costs[len(costs)-1]/costs[0])
}
