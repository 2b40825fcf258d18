package schedule

const microsPerSecond = 1_000_000

// maxNumber bounds what a number in an expression may be, above any field, and in microseconds below any overflow.
const maxNumber = 1_000_000_000_000

// number reads t as a decimal number of one or more digits.
func (t token) number() (int64, error) {
	if t.empty() {
		return 0, t.refuse("a number is missing")
	}
	var n int64
	for i, c := range []byte(t.text()) {
		if c < '0' || c > '9' {
			return 0, t.refuse("%q is not a digit", t.text()[i:i+1])
		}
		if n = n*10 + int64(c-'0'); n > maxNumber {
			return 0, t.refuse("the number is too large")
		}
	}
	return n, nil
}

// micros reads t as seconds with an optional decimal fraction and returns microseconds; digits past the sixth round.
func (t token) micros() (int64, error) {
	integer, fraction, hasFraction := t.cut(".")
	n, err := integer.number()
	if err != nil || !hasFraction {
		return n * microsPerSecond, err
	}
	if fraction.empty() {
		return 0, t.refuse("digits are missing after the decimal point")
	}
	micro, unit := int64(0), int64(microsPerSecond)
	for i, c := range []byte(fraction.text()) {
		switch {
		case c < '0' || c > '9':
			return 0, t.refuse("%q is not a digit", fraction.text()[i:i+1])
		case i < 6:
			unit /= 10
			micro += int64(c-'0') * unit
		case i == 6 && c >= '5':
			micro++
		}
	}
	return n*microsPerSecond + micro, nil
}
