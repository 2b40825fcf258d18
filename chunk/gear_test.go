package chunk

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// slowGearCut is Cut by definition: each place's hash is computed afresh from the 64 bytes before it.
func slowGearCut(g *gear, data []byte) int {
	for n := g.min; n < min(len(data), g.max); n++ {
		var h uint64
		for i, b := range data[n-gearWindow : n] {
			h += g.table[b] << (gearWindow - 1 - i)
		}
		if n <= g.turn && h < g.lowLimit || n > g.turn && h < g.highLimit {
			return n
		}
	}
	return min(len(data), g.max)
}

func TestGearIsWhatItsDefinitionSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{Algorithm: Gear, Min: rapid.IntRange(64, 200).Draw(t, "min")}
		p.Average = p.Min + rapid.IntRange(0, 300).Draw(t, "above min")
		p.Max = p.Average + rapid.IntRange(0, 600).Draw(t, "above average")
		g, err := newGear(p, rapid.SliceOf(rapid.Byte()).Draw(t, "secret"))
		require.NoError(t, err)

		data := make([]byte, rapid.IntRange(0, 2000).Draw(t, "length"))
		rand.NewChaCha8([32]byte{rapid.Byte().Draw(t, "seed")}).Read(data)
		require.Equal(t, slowGearCut(g, data), g.Cut(data))
	})
}

func TestGearTurnIsBetweenMinAndAverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{Min: rapid.IntRange(MinSize, MaxSize).Draw(t, "min")}
		p.Average = rapid.IntRange(p.Min, MaxSize).Draw(t, "average")
		turn := gearTurn(p)
		require.GreaterOrEqual(t, turn, p.Min)
		require.LessOrEqual(t, turn, p.Average)
	})
}
