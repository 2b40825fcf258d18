package main

// shifts[n] is what becomes of each byte in the n-th copy: the original for 0. A permutation of the bytes leaves what
// repeats and how often as it is, and with it how well a file compresses.
var shifts = makeShifts()

func makeShifts() (shifts ['z' - 'a' + 1][256]byte) {
	for n := range shifts {
		for b := range 256 {
			shifts[n][b] = byte(b)
		}
		for letter := range len(shifts) {
			shifts[n]['a'+letter] = byte('a' + (letter+n)%len(shifts))
		}
	}
	return shifts
}
