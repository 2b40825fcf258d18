package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseFigures(t *testing.T) {
	head := "operation,program,value,user_s,system_s,peak_kib\n"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":           {"", "nothing was measured"},
		"a heading alone":   {head, "nothing was measured"},
		"too few fields":    {head + "a,b,1\n", "wrong number of fields"},
		"not a number":      {head + "a,b,x,,,\n", `line 2: strconv.ParseFloat: parsing "x"`},
		"a run without CPU": {head + "a,b,1,,2,3\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseFigures(strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzParseFigures(f *testing.F) {
	for _, path := range []string{"testdata/collect.csv", "testdata/compare/figures.csv"} {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(data))
	}
	f.Add("operation,program,value,user_s,system_s,peak_kib\na,b,1,,,\na,c,0,,,\na,c,NaN,1,1,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		figs, err := parseFigures(strings.NewReader(text))
		if err != nil {
			return
		}
		require.NotEmpty(t, figs.programs)
		require.NotEmpty(t, medians(figs))
	})
}

func TestParseAmount(t *testing.T) {
	for content, want := range map[string]amount{
		"12 files, 34 MiB": {34, 12},
		"4096 MiB, 29 % of it zeros; 1 % of its blocks changed": {4096, 0},
		"64 MiB of random bytes":                                {64, 0},
	} {
		got, err := parseAmount(content)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, content := range []string{"", "MiB", "some MiB", "12 files", "x files, 3 MiB"} {
		_, err := parseAmount(content)
		require.Error(t, err, content)
	}
}

func TestFacts(t *testing.T) {
	path := t.TempDir() + "/facts"
	for name, text := range map[string]string{
		"a name alone":           "date\n",
		"a program without kind": "program\trestic\trestic 0.1\n",
		"a set of four":          "set\ta\tb\tc\n",
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			_, err := readFacts(path)
			require.ErrorContains(t, err, "not a fact")
		})
	}
}

func TestMedian(t *testing.T) {
	require.Zero(t, median(nil))
	require.InDelta(t, 2, median([]float64{3, 1, 2}), 0)
	require.InDelta(t, 2.5, median([]float64{4, 1, 3, 2}), 0)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 20).Draw(t, "list")
		m, below, above := median(list), 0, 0
		for _, x := range list {
			if x <= m {
				below++
			}
			if x >= m {
				above++
			}
		}
		require.GreaterOrEqual(t, 2*below, len(list))
		require.GreaterOrEqual(t, 2*above, len(list))
	})
}

func TestVerdict(t *testing.T) {
	b := budget{against: "best", limit: 0.6, goal: 0.4}
	for x, want := range map[float64]string{
		0.1: "goal reached", 0.404: "goal reached", 0.406: "reached", 0.604: "reached", 0.606: "**missed**",
	} {
		require.Equal(t, want, b.verdict(x), x)
	}
}

func TestInOrder(t *testing.T) {
	require.Equal(t,
		[]string{"vm other", "vm first backup", "vm restore", "src first backup", "src verify"},
		inOrder([]string{"vm restore", "src verify", "vm other", "src first backup", "vm first backup"}))
}

func TestReplaceSection(t *testing.T) {
	for name, page := range map[string]string{
		"no section":     "text\n",
		"no end":         "<!-- a:begin -->\ntext\n",
		"another's end":  "<!-- a:begin -->\ntext\n<!-- b:end -->\n",
		"end at the top": "<!-- a:end -->\n<!-- a:begin -->\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := replaceSection(page, "a", "new")
			require.ErrorContains(t, err, "no line")
		})
	}
}
