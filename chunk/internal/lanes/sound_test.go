package lanes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSound(t *testing.T) {
	for _, e := range Engines() {
		require.True(t, e.sound(), e)
		for lane := range e.width {
			broken := *e
			broken.few = 0
			broken.blocks = func(state *[8][maxWidth]uint32, data *[maxWidth][]byte, blocks int) {
				e.blocks(state, data, blocks)
				state[3][lane] ^= 1
			}
			require.False(t, broken.sound(), "%s, lane %d", e, lane)
		}
	}
}

// An engine that is not sound is as if the CPU did not have it.
func TestUnsoundEngineIsNotTheFastest(t *testing.T) {
	portable := Engines()[len(Engines())-1]
	broken, good := *portable, *portable
	broken.few, good.few = 0, 0
	broken.blocks = func(*[8][maxWidth]uint32, *[maxWidth][]byte, int) {}
	require.Same(t, &good, fastest([]*Engine{&broken, &good}))
	require.Nil(t, fastest([]*Engine{&broken}))
}

func BenchmarkSound(b *testing.B) {
	e := Engines()[0]
	for b.Loop() {
		e.sound()
	}
}
