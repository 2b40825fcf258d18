package main

import (
	"fmt"
	"os"
	"strings"
)

// facts are what a table must say beside its figures; facts.sh writes them.
type facts struct {
	machine  map[string]string // by name: date, cpu, flags, cores, memory, kernel, cache
	programs []program
	sets     []set
}

type program struct{ label, kind, version string }

type set struct{ name, content string }

func readFacts(path string) (*facts, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &facts{machine: map[string]string{}}
	for line := range strings.Lines(string(data)) {
		if err := f.add(strings.Split(strings.TrimSuffix(line, "\n"), "\t")); err != nil {
			return nil, fmt.Errorf("read facts %s: %w", path, err)
		}
	}
	return f, nil
}

func (f *facts) add(fields []string) error {
	switch {
	case fields[0] == "program" && len(fields) == 4:
		f.programs = append(f.programs, program{fields[1], fields[2], fields[3]})
	case fields[0] == "set" && len(fields) == 3:
		f.sets = append(f.sets, set{fields[1], fields[2]})
	case len(fields) == 2:
		f.machine[fields[0]] = fields[1]
	default:
		return fmt.Errorf("not a fact: %q", strings.Join(fields, " "))
	}
	return nil
}

// ofKind are the labels of the programs of a kind.
func (f *facts) ofKind(kind string) (labels []string) {
	for _, p := range f.programs {
		if p.kind == kind {
			labels = append(labels, p.label)
		}
	}
	return labels
}

// labels are those of all programs, ours first.
func (f *facts) labels() (labels []string) {
	for _, p := range f.programs {
		labels = append(labels, p.label)
	}
	return labels
}

// paragraph describes a comparison.
func (f *facts) paragraph(figs *figures) string { return f.machineLine(figs) + f.setsLine() + ".\n" }

func (f *facts) machineLine(figs *figures) string {
	m := f.machine
	line := fmt.Sprintf("%s: %s, %s cores (%s), %s of memory, %s. ",
		m["date"], m["cpu"], m["cores"], m["flags"], m["memory"], m["kernel"])
	if versions := f.versions(); versions != "" {
		line += "Beside " + versions + ". "
	}
	return line + fmt.Sprintf("The page cache was %s. Medians of %s.\n", m["cache"], pairs(figs))
}

func (f *facts) setsLine() string {
	var sets []string
	for _, s := range f.sets {
		sets = append(sets, fmt.Sprintf("`%s`: %s", s.name, s.content))
	}
	return strings.Join(sets, "; ")
}

// versions leaves out ours, which is the one of this source.
func (f *facts) versions() string {
	var list []string
	for _, p := range f.programs {
		if p.kind == "heirloom" {
			continue
		}
		if strings.HasPrefix(p.version, p.label+" ") {
			list = append(list, p.version)
		} else {
			list = append(list, p.label+" is "+p.version)
		}
	}
	return strings.Join(list, ", ")
}

func pairs(figs *figures) string {
	least, most := figs.pairs()
	switch {
	case most == 1:
		return "a single run"
	case least == most:
		return fmt.Sprintf("%d pairs", least)
	}
	return fmt.Sprintf("%d to %d pairs", least, most)
}
