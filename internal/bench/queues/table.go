package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// write writes a table with a row for each figure and a column for each contender. Beside each but the first stands what
// it is divided by the first.
func write(w io.Writer, list []contender, results []result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range list {
		fmt.Fprintf(t, "\t%s", c.name)
	}
	fmt.Fprintln(t)
	row(t, "submit to start, median", results, milliseconds, func(r result) float64 { return quantile(r.starts, 0.5) })
	row(t, "submit to start, p99", results, milliseconds, func(r result) float64 { return quantile(r.starts, 0.99) })
	row(t, "  of how many", results, plainly, func(r result) float64 { return float64(len(r.starts)) })
	for i, n := range inFlight {
		row(t, fmt.Sprintf("tasks/s, %d in flight", n), results, plainly, func(r result) float64 { return figure(r.rates, i) })
	}
	for i, q := range questions {
		row(t, "page: "+q.name, results, milliseconds, func(r result) float64 { return figure(r.pages, i) })
	}
	for i, q := range questions {
		row(t, "open, page, close: "+q.name, results, milliseconds, func(r result) float64 { return figure(r.firsts, i) })
	}
	return t.Flush()
}

// row writes one row. A figure of 0 is one that was not measured.
func row(w io.Writer, name string, results []result, format func(float64) string, of func(result) float64) {
	fmt.Fprint(w, name)
	first := of(results[0])
	for i, r := range results {
		switch value := of(r); {
		case value == 0:
			fmt.Fprint(w, "\t")
		case i == 0 || first == 0:
			fmt.Fprintf(w, "\t%s", format(value))
		default:
			fmt.Fprintf(w, "\t%s (%s×)", format(value), digits(value/first))
		}
	}
	fmt.Fprintln(w)
}

func milliseconds(seconds float64) string { return digits(1000*seconds) + " ms" }

// digits writes three digits that count, and no exponent.
func digits(n float64) string {
	decimals := 0
	for limit := 100.0; n < limit && decimals < 4; limit /= 10 {
		decimals++
	}
	return fmt.Sprintf("%.*f", decimals, n)
}

func plainly(n float64) string { return fmt.Sprintf("%.0f", n) }

// figure is the median of the rounds, 0 if there were none.
func figure(lists [][]float64, i int) float64 {
	if i >= len(lists) {
		return 0
	}
	return median(lists[i])
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// quantile returns, in seconds, what the given part of the times does not exceed.
func quantile(times []time.Duration, part float64) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[int(part*float64(len(sorted)-1)+0.5)].Seconds()
}
