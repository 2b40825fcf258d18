package lanes

const (
	maxWidth      = 16 // lanes of the widest engine
	portableWidth = 4
)

// Engine is one way to hash in lanes. It has no state.
type Engine struct {
	name  string
	width int

	// few is how many blocks crypto/sha256 hashes on this CPU while the engine hashes one in every lane: so many busy
	// lanes, or fewer, do not pay.
	few int

	// blocks hashes so many blocks of each lane: at least one, and no more than any lane's data has. Row i of state
	// holds word i of every lane's state, whatever the width.
	blocks func(state *[8][maxWidth]uint32, data *[maxWidth][]byte, blocks int)
}

// String returns the name of the engine, such as "avx512".
func (e *Engine) String() string { return e.name }

// Fastest returns the engine that is best for this CPU and hashes right on it, or nil if crypto/sha256 is faster than any.
func Fastest() *Engine { return fastest(Engines()) }

// Engines returns all engines that this CPU can run, the fastest first. The last is written in Go and runs everywhere.
// It is never the fastest: it says what the others do, and lets what is around them be tested on every machine.
func Engines() []*Engine {
	return append(vectorEngines(), &Engine{
		name: "portable", width: portableWidth, few: portableWidth, blocks: blocksPortable,
	})
}

func fastest(engines []*Engine) *Engine {
	for _, e := range engines {
		if e.few < e.width && e.sound() {
			return e
		}
	}
	return nil
}

func blocksPortable(state *[8][maxWidth]uint32, data *[maxWidth][]byte, blocks int) {
	for lane := range portableWidth {
		var s [8]uint32
		for i := range s {
			s[i] = state[i][lane]
		}
		for n := range blocks {
			s = block(s, data[lane][n*blockSize:])
		}
		for i, word := range s {
			state[i][lane] = word
		}
	}
}
