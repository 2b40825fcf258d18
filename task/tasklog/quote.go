package tasklog

import (
	"strconv"
	"unicode/utf8"
)

// maxString is how many bytes of a line a string takes at most, without its quotes and what is said of a cut.
const maxString = 16 << 10

const hexDigits = "0123456789abcdef"

// appendString appends s in quotes, cut between two characters if it is too long. What is not UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	end := len(b) + maxString
	done := 0 // bytes of s that b has; those from there to i need no change
	for i := 0; i < len(s); {
		size, plain := 1, isPlain(s[i])
		r := utf8.RuneError
		if s[i] >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			plain = r != utf8.RuneError || size > 1
		}
		if len(b)+i-done+size > end || !plain && len(b)+i-done+len(`\u0000`) > end {
			return append(appendCut(append(b, s[done:i]...), len(s)-i), '"')
		}
		if !plain {
			b = append(b, s[done:i]...)
			b = appendEscaped(b, s[i])
			done = i + 1
		}
		i += size
	}
	return append(append(b, s[done:]...), '"')
}

// isPlain tells whether an ASCII character stands for itself in JSON.
func isPlain(c byte) bool { return c >= ' ' && c != '"' && c != '\\' }

// appendEscaped appends a byte that is not plain.
func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	}
	if c >= utf8.RuneSelf {
		return append(b, "\uFFFD"...)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendCut appends how many bytes are missing.
func appendCut(b []byte, missing int) []byte {
	b = append(b, "… ("...)
	b = appendGrouped(b, int64(missing))
	return append(b, " bytes left out)"...)
}

// appendGrouped appends a number with a comma before each three digits.
func appendGrouped(b []byte, n int64) []byte {
	digits := strconv.FormatInt(n, 10)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, digits[i])
	}
	return b
}
