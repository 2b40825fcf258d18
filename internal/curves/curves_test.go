package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// rows runs the program and returns the cells of a table's rows, headings left out.
func rows(t *testing.T, args ...string) (rows [][]string) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, args))
	for line := range strings.Lines(out.String()) {
		line = strings.Trim(line, "|\n ")
		if line == "" {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(line, "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		rows = append(rows, cells)
	}
	require.Greater(t, len(rows), 2)
	for _, row := range rows {
		require.Len(t, row, len(rows[0]))
	}
	return rows[2:]
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSuffix(cell, " %"), 64)
	require.NoError(t, err)
	return x
}

func smallTree(t *testing.T) string {
	dir := t.TempDir()
	require.NoError(t, benchdata.Write(dir, benchdata.Files(200, 1)))
	return dir
}

// images returns an image and its changed successor.
func images(t *testing.T) (before, after string) {
	image := benchdata.Image(16<<20, 1)
	before, after = filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	require.NoError(t, os.WriteFile(before, image, 0o644))
	benchdata.Change(image, 1)
	require.NoError(t, os.WriteFile(after, image, 0o644))
	return before, after
}

func TestFrames(t *testing.T) {
	got := rows(t, "frames", smallTree(t), "0")
	require.Len(t, got, 3*7, "levels and sizes")
	share := map[string]float64{}
	for _, row := range got {
		share[row[0]+" "+row[1]] = number(t, row[4])
	}
	require.Greater(t, share["Fastest each chunk alone"], share["Fastest 64 KiB"])
	require.Greater(t, share["Fastest 64 KiB"], share["Fastest 1 MiB"])
	require.Greater(t, share["Fastest 1 MiB"], share["Balanced 1 MiB"])
	require.Greater(t, share["Balanced 1 MiB"], share["Smaller 1 MiB"])
}

func TestAlone(t *testing.T) {
	got := rows(t, "alone", smallTree(t), "0")
	first, last := got[0], got[len(got)-1]
	require.Greater(t, number(t, first[1]), number(t, last[1]), "frames")
	require.Greater(t, number(t, first[2]), number(t, last[2]), "MiB")
}

func TestCuts(t *testing.T) {
	before, after := images(t)
	got := rows(t, "cuts", before, "0", after)
	growth := map[string]float64{}
	for _, row := range got {
		require.Len(t, row, 9)
		growth[row[0]] = number(t, row[7])
	}
	require.Less(t, growth["fixed 64 KiB"], growth["fixed 256 KiB"])
	require.Less(t, growth["gear 64 KiB"], growth["gear 1 MiB"])
}

func TestStores(t *testing.T) {
	got := rows(t, "stores", smallTree(t), "0")
	require.Len(t, got, 6)
	require.Equal(t, "64 KiB", got[0][0])
	require.Greater(t, number(t, got[0][3]), number(t, got[5][3]), "MiB in frames of 64 KiB and of 4 MiB")
	require.Equal(t, got[0][2], got[5][2], "what is unique does not depend on frames")
}

func TestAll(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, []string{"all", smallTree(t), "1"}))
	require.Len(t, regexp.MustCompile(`(?m)^\|---`).FindAllString(out.String(), -1), len(tables))
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"nothing":           nil,
		"no size":           {"all", dir},
		"size is no number": {"all", dir, "many"},
		"negative size":     {"all", dir, "-1"},
		"unknown table":     {"everything", dir, "0"},
		"too much":          {"all", dir, "0", dir, dir},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, run(t.Context(), io.Discard, args), errUsage) })
	}
	require.ErrorIs(t, run(t.Context(), io.Discard, []string{"all", filepath.Join(dir, "gone"), "0"}), os.ErrNotExist)
}
