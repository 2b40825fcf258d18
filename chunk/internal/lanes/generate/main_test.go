package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilesAreWhatIsGenerated(t *testing.T) {
	files, err := generate()
	require.NoError(t, err)
	require.Len(t, files, 2)
	for name, content := range files {
		checkedIn, err := os.ReadFile(name)
		require.NoError(t, err)
		if string(checkedIn) != string(content) { // thousands of lines, which require would print
			t.Errorf("%s is not what this generator writes: run go generate in the folder above", name)
		}
	}
}
