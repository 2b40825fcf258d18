package main

import (
	"fmt"
	"strconv"
	"strings"
)

// amount is how much is in a data set.
type amount struct{ mib, files float64 }

// amount finds it in what facts say of a set, such as "12 files, 34 MiB": the numbers before these words.
func (f *facts) amount(name string) (amount, error) {
	for _, s := range f.sets {
		if s.name == name {
			return parseAmount(s.content)
		}
	}
	return amount{}, fmt.Errorf("the facts know no data set %s", name)
}

func parseAmount(content string) (a amount, err error) {
	words := strings.Fields(strings.ReplaceAll(content, ",", " "))
	for i, word := range words {
		switch {
		case i == 0:
		case word == "MiB":
			a.mib, err = strconv.ParseFloat(words[i-1], 64)
		case word == "files":
			a.files, err = strconv.ParseFloat(words[i-1], 64)
		}
		if err != nil {
			return a, fmt.Errorf("%q has no amount: %w", content, err)
		}
	}
	if a.mib == 0 {
		return a, fmt.Errorf("%q names no MiB", content)
	}
	return a, nil
}
