package main

import (
	"fmt"
	"io"
	"strings"
)

// markdown writes a table, row by row as they are measured.
type markdown struct {
	out io.Writer
	err error // the first
}

func newMarkdown(out io.Writer, headings ...string) *markdown {
	m := &markdown{out: out}
	m.print("| %s |\n|%s\n", strings.Join(headings, " | "), strings.Repeat("---|", len(headings)))
	return m
}

func (m *markdown) print(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.out, format, args...)
	}
}

// row writes cells: numbers with a fraction with as many digits as they are good for.
func (m *markdown) row(cells ...any) {
	for _, cell := range cells {
		switch c := cell.(type) {
		case float64:
			m.print("| %s ", digits(c))
		default:
			m.print("| %v ", c)
		}
	}
	m.print("|\n")
}

func (m *markdown) end() error {
	m.print("\n")
	return m.err
}

func digits(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// percent is a share that is printed in per cent.
type percent float64

func (p percent) String() string { return fmt.Sprintf("%.1f %%", 100*float64(p)) }

// human is a number of bytes, a power of two, with a unit.
func human(bytes int) string {
	switch {
	case bytes == everyChunk:
		return "each chunk alone"
	case bytes >= mib:
		return fmt.Sprintf("%d MiB", bytes/mib)
	}
	return fmt.Sprintf("%d KiB", bytes/kib)
}
