package benchdata

import "strings"

// Text returns n bytes of text that repeats itself about as the source code of programs does: in frames of 1 MiB zstd
// brings it to about a quarter, and each file of it alone to .3.
func Text(n int, seed uint64) []byte {
	w := writer{random: random(seed), text: make([]byte, 0, n+fileRoom)}
	for len(w.text) < n {
		w.file()
	}
	return w.text[:n]
}

// writer writes text that looks like source code.
type writer struct {
	random
	text     []byte
	language []string // words that all files share
	names    []string // words of this file
	lines    []string // of this file, to be written again with a word changed
}

const (
	languageWords = 3000
	fileWords     = 120
	fileRoom      = 64 << 10 // bytes: files are about 10 KiB, and few are longer than this
)

// file writes a file of some functions. Its words are those of the language, most of them from a few favourites, so that
// it resembles itself more than it resembles others.
func (w *writer) file() {
	if w.language == nil {
		for range languageWords {
			w.language = append(w.language, w.word())
		}
	}
	w.names, w.lines = w.names[:0], w.lines[:0]
	for range fileWords {
		w.names = append(w.names, w.language[w.below(languageWords)])
	}
	for range w.between(2, 12) {
		w.function()
	}
}

var syllables = strings.Fields("re ad wri te in de x no de buf fer con tex t er ror key val ue siz e off set pa th na me " +
	"opt ion sta te par se to ken lo ck free al loc get put for mat link che ck sum")

// word makes up a name of two to five syllables.
func (w *writer) word() string {
	var b strings.Builder
	for range w.between(2, 6) {
		b.WriteString(syllables[w.below(len(syllables))])
	}
	return b.String()
}

// shapes are lines of a function's body; each % becomes a name, # a number, and ~ words of a comment.
var shapes = []string{
	"%, err := %.%(%)",
	"if err != nil {\n\t\treturn nil, err\n\t}",
	"if % == nil || %.% < # {\n\t\treturn %\n\t}",
	"for i := range % {\n\t\t%[i] = %(%[i], #)\n\t}",
	"%.% = append(%.%, %)",
	"return %.%(%, %)",
	"case %.%:\n\t\t% = %",
	"// ~",
	"defer %.%()",
	"% := make([]byte, #)",
	"%(%, %, #)",
	"var % %.%",
	"fmt.Errorf(\"~\", err)",
	"\"%\": {%: #, %: \"~\"},",
}

// function writes a comment, a head and a body.
func (w *writer) function() {
	w.add(w.shaped("// % ~\nfunc (% *%) %(% %, % %) error {"), "\n")
	for range w.between(4, 24) {
		w.add("\t", w.line(), "\n")
	}
	w.add("}\n\n")
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.text = append(w.text, p...)
	}
}

// line returns a new line, or one that was written before with one of its words changed.
func (w *writer) line() string {
	if len(w.lines) > 0 && w.oneIn(4) {
		line := w.lines[w.below(len(w.lines))]
		return strings.Replace(line, w.name(), w.name(), 1)
	}
	line := w.shaped(shapes[w.skewed(len(shapes))])
	w.lines = append(w.lines, line)
	return line
}

func (w *writer) shaped(shape string) string {
	var b strings.Builder
	for _, c := range shape {
		switch c {
		case '%':
			b.WriteString(w.name())
		case '#':
			b.WriteString(number(w.skewed(4096)))
		case '~':
			w.comment(&b)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func number(n int) string {
	const digits = "0123456789abcdef"
	if n < 16 {
		return digits[n : n+1]
	}
	return number(n/16) + digits[n%16:n%16+1]
}

func (w *writer) name() string { return w.names[w.skewed(len(w.names))] }

func (w *writer) comment(b *strings.Builder) {
	for i := range w.between(3, 14) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.language[w.skewed(len(w.language))])
	}
}
