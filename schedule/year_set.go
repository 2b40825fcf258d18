package schedule

import "math/bits"

// yearSet is a set of the years from minYear to maxYear: bit 0 of the first word is minYear.
type yearSet [(maxYear - minYear + 64) / 64]uint64

func everyYear() yearSet {
	var s yearSet
	for year := minYear; year <= maxYear; year++ {
		s.add(year)
	}
	return s
}

// yearsOf returns the years that a list of components names; no components name every year.
func yearsOf(list []component) yearSet {
	var s yearSet
	for _, c := range yearField.orAll(list) {
		year, ok := c.next(minYear, maxYear)
		for ; ok; year, ok = c.next(year+1, maxYear) {
			s.add(int(year))
		}
	}
	return s
}

func (s *yearSet) add(year int)  { s[(year-minYear)/64] |= 1 << ((year - minYear) % 64) }
func (s *yearSet) drop(year int) { s[(year-minYear)/64] &^= 1 << ((year - minYear) % 64) }

func (s *yearSet) has(year int) bool {
	return year >= minYear && year <= maxYear && s[(year-minYear)/64]&(1<<((year-minYear)%64)) != 0
}

// next returns the first year of s that is at least from.
func (s *yearSet) next(from int) (int, bool) {
	from = max(from-minYear, 0)
	for word := from / 64; word < len(s); word++ {
		rest := s[word]
		if word == from/64 {
			rest &^= 1<<(from%64) - 1
		}
		if rest != 0 {
			return minYear + word*64 + bits.TrailingZeros64(rest), true
		}
	}
	return 0, false
}

func (s *yearSet) empty() bool { return *s == yearSet{} }
