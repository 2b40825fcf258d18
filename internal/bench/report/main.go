// Command report makes tables and a chart of the figures that the scripts beside it have measured.
//
//	report -figures FILE                        the medians, ratios and their spread
//	report -plain -figures FILE -facts FILE     the same, with what was measured on which machine
//	report -figures FILE -facts FILE            the same beside the budgets, for a comparison of compare.sh
//	       [-page FILE] [-chart FILE]           into the section "compare" of a page instead, and as an SVG
//	report -growth FOLDER,FOLDER,... [-page F]  how time and memory grow with the data; each folder has figures.csv and facts.tsv
//
// See measure.sh and facts.sh for the files. The budgets are in budgets.csv.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type options struct {
	figures, facts, page, chart, growth string
	plain                               bool
}

func main() {
	var o options
	flag.StringVar(&o.figures, "figures", "", "raw figures, a CSV `FILE`")
	flag.StringVar(&o.facts, "facts", "", "the machine, the data and the programs, a TSV `FILE`")
	flag.BoolVar(&o.plain, "plain", false, "no budgets")
	flag.StringVar(&o.page, "page", "", "the Markdown `FILE` whose section is replaced")
	flag.StringVar(&o.chart, "chart", "", "the SVG `FILE` to write")
	flag.StringVar(&o.growth, "growth", "", "`FOLDERS` with the figures of growing data, with commas between")
	flag.Parse()
	if err := write(o); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func write(o options) error {
	if o.growth != "" {
		return reportGrowth(o)
	}
	figs, err := readFigures(o.figures)
	if err != nil {
		return err
	}
	if o.facts == "" {
		fmt.Print(medians(figs))
		return nil
	}
	return reportComparison(o, figs)
}

func reportComparison(o options, figs *figures) error {
	known, err := readFacts(o.facts)
	if err != nil {
		return err
	}
	if o.plain {
		fmt.Print(known.paragraph(figs) + "\n" + medians(figs))
		return nil
	}
	budgets, err := readBudgets()
	if err != nil {
		return err
	}
	c := newComparison(figs, known, budgets)
	if o.chart != "" {
		if err := os.WriteFile(o.chart, []byte(c.chart()), 0o644); err != nil {
			return err
		}
	}
	text := c.markdown()
	if o.page == "" {
		fmt.Print(text)
		return nil
	}
	if o.chart != "" {
		text = fmt.Sprintf("![Each program's time and size as a share of the best peer's](%s)\n\n%s", filepath.Base(o.chart), text)
	}
	return updatePage(o.page, "compare", text)
}

func reportGrowth(o options) error {
	text, err := growth(strings.Split(o.growth, ","))
	if err != nil {
		return err
	}
	if o.page == "" {
		fmt.Print(text)
		return nil
	}
	return updatePage(o.page, "growth", text)
}
