package lanes

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEngines(t *testing.T) {
	engines := Engines()
	require.Equal(t, "portable", engines[len(engines)-1].String())
	if fastest := Fastest(); fastest != nil {
		require.Equal(t, engines[0].String(), fastest.String())
		require.NotEqual(t, "portable", fastest.String())
	}
}

// An engine hashes lanes from any states, of data at any address, without a look at where the others are, and leaves
// alone the lanes that it does not have.
func TestEnginesHashBlocks(t *testing.T) {
	pool := randomBytes(1, 1<<16)
	for _, e := range Engines() {
		t.Run(e.String(), rapid.MakeCheck(func(t *rapid.T) {
			blocks := rapid.IntRange(1, 40).Draw(t, "blocks")
			var state, want [8][maxWidth]uint32
			var data [maxWidth][]byte
			for lane := range maxWidth {
				at := rapid.IntRange(0, len(pool)-blocks*blockSize).Draw(t, "at")
				data[lane] = pool[at:][:blocks*blockSize]
				s := [8]uint32(rapid.SliceOfN(rapid.Uint32(), 8, 8).Draw(t, "state"))
				for i := range s {
					state[i][lane] = s[i]
				}
				for n := range blocks {
					if lane < e.width {
						s = block(s, pool[at+n*blockSize:])
					}
				}
				for i := range s {
					want[i][lane] = s[i]
				}
			}
			e.blocks(&state, &data, blocks)
			require.Equal(t, want, state)
		}))
	}
}
