package direct

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestSet(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	defer f.Close()
	flags := func() int {
		flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
		require.NoError(t, err)
		return flags
	}
	before := flags()
	if Set(int(f.Fd()), true) != nil {
		t.Skip("the file system of temporary files has no direct access")
	}
	require.Equal(t, before|unix.O_DIRECT, flags())
	require.NoError(t, Set(int(f.Fd()), false))
	require.Equal(t, before, flags(), "nothing else has changed")
	require.ErrorIs(t, Set(-1, true), unix.EBADF)
}
