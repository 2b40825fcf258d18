package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// TestMedians holds the plain table to one that another program has made of the same figures.
func TestMedians(t *testing.T) {
	figs, err := readFigures("testdata/collect.csv")
	require.NoError(t, err)
	golden(t, "collect.md", medians(figs))
}

func readComparison(t *testing.T) *comparison {
	t.Helper()
	figs, err := readFigures("testdata/compare/figures.csv")
	require.NoError(t, err)
	known, err := readFacts("testdata/compare/facts.tsv")
	require.NoError(t, err)
	budgets, err := readBudgets()
	require.NoError(t, err)
	return newComparison(figs, known, budgets)
}

func TestComparison(t *testing.T) {
	golden(t, "compare/comparison.md", readComparison(t).markdown())
}

func TestChart(t *testing.T) {
	chart := readComparison(t).chart()
	golden(t, "compare/chart.svg", chart)
	var texts []string
	decoder := xml.NewDecoder(strings.NewReader(chart))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err, "the chart is well-formed")
		if text, ok := token.(xml.CharData); ok {
			texts = append(texts, string(text))
		}
	}
	require.Subset(t, texts, []string{"vm prune + collect", "0.07 of restic, budget 0.1", "9.80 s", "› 51.0 s"})
}

// TestOnlyOurs has nobody to compare with.
func TestOnlyOurs(t *testing.T) {
	c := readComparison(t)
	c.programs = []string{"heirloom"}
	require.Contains(t, c.markdown(), "| src first backup | 9.80 | – | 0.6 | 0.42 | not measured |")
	require.NotContains(t, c.chart(), "src first backup")
}

func TestGrowth(t *testing.T) {
	text, err := growth([]string{"testdata/growth/1", "testdata/growth/4"})
	require.NoError(t, err)
	golden(t, "growth/growth.md", text)
	_, err = growth([]string{"testdata/growth/1", "testdata/growth/16"})
	require.ErrorIs(t, err, os.ErrNotExist)
}

// TestWrite changes nothing of a page but its section.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	page, chart := filepath.Join(dir, "page.md"), filepath.Join(dir, "chart.svg")
	require.NoError(t, os.WriteFile(page, []byte("# Page\n\n<!-- compare:begin -->\nold\n<!-- compare:end -->\n\nrest\n"), 0o600))
	o := options{figures: "testdata/compare/figures.csv", facts: "testdata/compare/facts.tsv", page: page, chart: chart}
	for range 2 { // the second time there is nothing to change
		require.NoError(t, write(o))
		data, err := os.ReadFile(page)
		require.NoError(t, err)
		want := "![Each program's time and size as a share of the best peer's](chart.svg)\n\n" + readComparison(t).markdown()
		require.Equal(t, "# Page\n\n<!-- compare:begin -->\n\n"+want+"\n<!-- compare:end -->\n\nrest\n", string(data))
	}
	require.FileExists(t, chart)

	err := write(options{growth: "testdata/growth/1", page: page})
	require.ErrorContains(t, err, `no line "<!-- growth:begin -->"`)
}
