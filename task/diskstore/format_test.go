package diskstore

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFormatFile(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "cut": `{"format":`, "noise": "\x00\xff\x00", "newer": `{"format":2}`, "another": `{"version":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := leftBehind(t, Options{})
			write(t, filepath.Join(dir, formatFile), text)
			for _, o := range []Options{{}, {ReadOnly: true}} {
				_, err := Open(dir, o)
				require.ErrorContains(t, err, filepath.Join(dir, formatFile))
			}
			write(t, filepath.Join(dir, formatFile), `{"format":1}`)
			requireLeftBehind(t, dir)
		})
	}
}

func TestManyMakeTheSameStore(t *testing.T) {
	for range 50 {
		dir := filepath.Join(t.TempDir(), "new")
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				s, err := Open(dir, Options{})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
		}
		group.Wait()
	}
}
