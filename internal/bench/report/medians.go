package main

import (
	"fmt"
	"strings"
)

// medians is the plain table: values, ratios, CPU seconds and peaks, without any judgement.
func medians(f *figures) string {
	t := table{head: []string{"s, or MiB"}}
	t.head = append(t.head, f.programs...)
	for _, peer := range f.peers() {
		t.head = append(t.head, f.ours()+" / "+peer+" (min–max)")
	}
	t.head = append(t.head, "CPU s", "peak MiB")
	for _, operation := range f.operations {
		row := []string{operation}
		for _, program := range f.programs {
			row = append(row, f.shown(operation, program))
		}
		row = append(row, f.ratios(operation)...)
		t.add(append(row, f.cpu(operation), f.peaks(operation))...)
	}
	return t.String()
}

// effort is the second table of a comparison: the spread of each ratio, CPU seconds and peaks.
func effort(f *figures) string {
	all := strings.Join(f.programs, " / ")
	t := table{head: []string{""}}
	for _, peer := range f.peers() {
		t.head = append(t.head, f.ours()+" / "+peer)
	}
	t.head = append(t.head, "CPU s: "+all, "peak MiB")
	for _, operation := range f.operations {
		row := append([]string{operation}, f.ratios(operation)...)
		t.add(append(row, f.cpu(operation), f.peaks(operation))...)
	}
	return t.String()
}

func (f *figures) shown(operation, program string) string {
	if v, ok := f.value(operation, program); ok {
		return number(v)
	}
	return "–"
}

func (f *figures) ratios(operation string) []string {
	var list []string
	for _, peer := range f.peers() {
		if r, ok := f.ratio(operation, peer); ok {
			list = append(list, r.String())
		} else {
			list = append(list, "–")
		}
	}
	return list
}

// cpu and peaks are empty for a size.
func (f *figures) cpu(operation string) string {
	return f.joined(operation, func(program string) string {
		return number(median(f.of(operation, program, func(r run) float64 { return r.cpu })))
	})
}

func (f *figures) peaks(operation string) string {
	return f.joined(operation, func(program string) string { return fmt.Sprintf("%.0f", f.peak(program, operation)) })
}

func (f *figures) joined(operation string, show func(program string) string) string {
	if f.isSize(operation) {
		return ""
	}
	var all []string
	for _, program := range f.programs {
		if _, ok := f.value(operation, program); ok {
			all = append(all, show(program))
		} else {
			all = append(all, "–")
		}
	}
	return strings.Join(all, " / ")
}
