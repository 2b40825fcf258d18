package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
)

// figures are what measure.sh has written: for each operation and program a run for each repetition.
type figures struct {
	operations []string // in the order in which they were first measured
	programs   []string // the same; the first one is ours
	runs       map[cell][]run
}

type cell struct{ operation, program string }

type run struct {
	value float64 // seconds of wall time, or MiB
	size  bool    // it is MiB, and the rest is empty
	cpu   float64 // seconds
	peak  float64 // MiB
}

func readFigures(path string) (*figures, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	figs, err := parseFigures(f)
	if err != nil {
		return nil, fmt.Errorf("read figures %s: %w", path, err)
	}
	return figs, nil
}

func parseFigures(r io.Reader) (*figures, error) {
	reader := csv.NewReader(r)
	reader.FieldsPerRecord = 6
	lines, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("nothing was measured")
	}
	figs := &figures{runs: map[cell][]run{}}
	for i, line := range lines[1:] {
		r, err := parseRun(line[2:])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		figs.add(line[0], line[1], r)
	}
	return figs, nil
}

func parseRun(fields []string) (run, error) {
	size := fields[1] == "" && fields[2] == "" && fields[3] == ""
	var numbers [4]float64
	for i, field := range fields {
		if size && i > 0 {
			break
		}
		var err error
		if numbers[i], err = strconv.ParseFloat(field, 64); err != nil {
			return run{}, err
		}
	}
	return run{value: numbers[0], size: size, cpu: numbers[1] + numbers[2], peak: numbers[3] / 1024}, nil
}

func (f *figures) add(operation, program string, r run) {
	if !slices.Contains(f.operations, operation) {
		f.operations = append(f.operations, operation)
	}
	if !slices.Contains(f.programs, program) {
		f.programs = append(f.programs, program)
	}
	c := cell{operation, program}
	f.runs[c] = append(f.runs[c], r)
}

func (f *figures) ours() string    { return f.programs[0] }
func (f *figures) peers() []string { return f.programs[1:] }

// of returns one number of each run, such as its CPU seconds.
func (f *figures) of(operation, program string, number func(run) float64) []float64 {
	var list []float64
	for _, r := range f.runs[cell{operation, program}] {
		list = append(list, number(r))
	}
	return list
}

// value is the median of the wall times or sizes, and whether there is any.
func (f *figures) value(operation, program string) (float64, bool) {
	list := f.of(operation, program, func(r run) float64 { return r.value })
	return median(list), len(list) > 0
}

// isSize reports whether an operation is one of MiB, not of a run.
func (f *figures) isSize(operation string) bool {
	for _, program := range f.programs {
		for _, r := range f.runs[cell{operation, program}] {
			return r.size
		}
	}
	return false
}
