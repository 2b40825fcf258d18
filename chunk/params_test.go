package chunk_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name    string
		params  chunk.Params
		problem string // empty: valid
	}{
		{"default", chunk.DefaultParams(), ""},
		{"gear, any average", chunk.Params{Algorithm: chunk.Gear, Min: 64, Average: 777, Max: 777}, ""},
		{"rabin", chunk.Params{Algorithm: chunk.Rabin, Min: 64, Average: 128, Max: 8 << 20}, ""},
		{"fixed", chunk.Params{Algorithm: chunk.Fixed, Min: 5000, Average: 5000, Max: 5000}, ""},
		{"zero", chunk.Params{}, "unknown algorithm, want gear, rabin or fixed"},
		{"unknown algorithm", chunk.Params{Algorithm: "Gear", Min: 64, Average: 64, Max: 64}, "unknown algorithm"},
		{"min too small", chunk.Params{Algorithm: chunk.Gear, Min: 63, Average: 64, Max: 64}, "min is less than 64 bytes"},
		{"max too large", chunk.Params{Algorithm: chunk.Gear, Min: 64, Average: 64, Max: 8<<20 + 1}, "max is more than 83886"},
		{"average below min", chunk.Params{Algorithm: chunk.Gear, Min: 65, Average: 64, Max: 66}, "want min <= average <= max"},
		{"average above max", chunk.Params{Algorithm: chunk.Gear, Min: 64, Average: 67, Max: 66}, "want min <= average <= max"},
		{"rabin, odd average", chunk.Params{Algorithm: chunk.Rabin, Min: 64, Average: 1000, Max: 2000}, "not a power of two"},
		{"fixed, with range", chunk.Params{Algorithm: chunk.Fixed, Min: 64, Average: 64, Max: 65}, "must be equal for fixed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.params.Validate()
			_, splitterErr := tt.params.Splitter(nil)
			require.Equal(t, err, splitterErr)
			if tt.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.problem)
		})
	}
}

func TestParamsInJSON(t *testing.T) {
	text, err := json.Marshal(chunk.DefaultParams())
	require.NoError(t, err)
	require.Equal(t, `{"algorithm":"gear","min":16384,"average":65536,"max":262144}`, string(text))
	var back chunk.Params
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, chunk.DefaultParams(), back)
}
