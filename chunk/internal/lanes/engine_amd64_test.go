package lanes

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFastestForCPU(t *testing.T) {
	tests := []struct {
		name    string
		cpu     features
		fastest string
	}{
		{"neither", features{}, ""},
		{"sha", features{sha: true}, ""},
		{"Haswell to Comet Lake", features{avx2: true}, "avx2"},
		{"Zen to Zen 3, Alder Lake", features{avx2: true, sha: true}, ""},
		{"Skylake-X, Cascade Lake", features{avx512: true, avx2: true}, "avx512"},
		{"Ice Lake, Zen 4 and later", features{avx512: true, avx2: true, sha: true}, "avx512"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := fastest(enginesOf(tt.cpu))
			if tt.fastest == "" {
				require.Nil(t, e)
				return
			}
			require.Equal(t, tt.fastest, e.String())
		})
	}
}
