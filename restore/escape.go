package restore

import (
	"strings"
	"unicode/utf8"
)

const hexDigits = "0123456789ABCDEF"

// Escape writes a name or path as valid UTF-8: each byte that is not part of UTF-8 becomes %XX, with upper-case
// hexadecimal digits, and a "%" that such digits follow becomes %25. Nearly all names are thus written as they are.
// Unescape returns the original.
func Escape(name string) string {
	if utf8.ValidString(name) && !strings.Contains(name, "%") {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		_, escaped := escapedByte(name[i:])
		if escaped || r == utf8.RuneError && n == 1 {
			b.WriteByte('%')
			b.WriteByte(hexDigits[name[i]>>4])
			b.WriteByte(hexDigits[name[i]&15])
		} else {
			b.WriteString(name[i : i+n])
		}
		i += n
	}
	return b.String()
}

// Unescape returns the name that Escape wrote as s.
func Unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := escapedByte(s[i:])
		if escaped {
			i += 2
		}
		b = append(b, c)
	}
	return string(b)
}

// escapedByte returns the byte that s begins with, and whether it is written as %XX.
func escapedByte(s string) (c byte, escaped bool) {
	if len(s) >= 3 && s[0] == '%' {
		high, low := strings.IndexByte(hexDigits, s[1]), strings.IndexByte(hexDigits, s[2])
		if high >= 0 && low >= 0 {
			return byte(high<<4 | low), true
		}
	}
	return s[0], false
}
