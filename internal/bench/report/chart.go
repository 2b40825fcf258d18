package main

import (
	_ "embed"
	"fmt"
	"html"
	"strings"
)

// The chart has a group of bars for each operation, and in it a bar for each program. A bar is as long as the program's
// median is large beside that of one peer, the best as a rule, so that operations of a second and of a minute can stand
// below each other. The chart is laid out for the width of a phone; a wider screen may enlarge it.
const (
	chartWidth = 420
	barsLeft   = 92  // where bars begin; their programs' names end before
	bestPeer   = 112 // length of the bar of the peer that the others are measured by
	longest    = 240 // a bar that would be longer is cut, and says so
	rowHeight  = 16
	groupGap   = 30 // above each group; its heading stands in it
	chartHead  = 62 // what stands above the first group's gap
)

//go:embed chart.css
var chartStyle string

// drawing is an SVG that grows downwards.
type drawing struct {
	strings.Builder
	y int // the next row's upper edge
}

func (d *drawing) put(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *drawing) text(class, anchor string, x, y int, text string) {
	d.put(`<text class="%s" x="%d" y="%d" text-anchor="%s">%s</text>`, class, x, y, anchor, html.EscapeString(text))
}

func (d *drawing) line(class string, x float64, top, bottom int) {
	d.put(`<line class="%s" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, class, x, x, top, bottom)
}

// chart is the comparison as an SVG document.
func (c *comparison) chart() string {
	d := &drawing{y: chartHead}
	for _, g := range c.groups() {
		d.group(g)
	}
	height := d.y + 12
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"560\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
		chartWidth, height) +
		"<title>heirloom and its peers: time, size and memory</title>\n" +
		"<style>\n" + chartStyle + "</style>\n" +
		fmt.Sprintf("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", chartWidth, height) +
		chartHeading() + d.String() + "</svg>\n"
}

func chartHeading() string {
	var d drawing
	d.text("title", "start", 10, 22, "Time, size, memory: a shorter bar is better")
	d.line("peer-mark", 14, 33, 45)
	d.text("note", "start", 22, 43, "what the named peer takes")
	d.line("budget-mark", 190, 33, 45)
	d.text("note", "start", 198, 43, "our budget")
	d.text("note", "start", 10, 62, "Medians. A bar that would be too long ends in ›.")
	return d.String()
}

// group draws the values last: they must be readable where a mark crosses them.
func (d *drawing) group(g group) {
	d.y += groupGap
	d.text("name", "start", 10, d.y-8, g.name)
	d.text("note", "end", chartWidth-10, d.y-8, g.note)
	top := d.y
	for i, b := range g.bars {
		d.bar(b, top+i*rowHeight)
	}
	d.y += len(g.bars) * rowHeight
	d.line("peer-mark", barsLeft+bestPeer, top, d.y)
	if at := g.budget * bestPeer; at > 0 && at <= longest {
		d.line("budget-mark", barsLeft+at, top-2, d.y)
	}
	for i, b := range g.bars {
		d.value(b, top+i*rowHeight)
	}
}

func (d *drawing) bar(b bar, y int) {
	class := "peer"
	if b.ours {
		class = "ours"
	}
	d.text("label", "end", barsLeft-6, y+12, b.program)
	d.put(`<rect class="%s" x="%d" y="%d" width="%.1f" height="%d"/>`, class, barsLeft, y+2, b.length(), rowHeight-4)
}

func (d *drawing) value(b bar, y int) {
	text := b.value
	if b.share*bestPeer > longest {
		text = "› " + text
	}
	d.text("value", "start", barsLeft+int(b.length())+6, y+12, text)
}

func (b bar) length() float64 { return min(max(b.share*bestPeer, 1), longest) }
