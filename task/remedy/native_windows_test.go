package remedy_test

import (
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestNativeNumbers(t *testing.T) {
	for number, code := range map[syscall.Errno]remedy.Code{
		112:   remedy.CodeDiskFull,
		19:    remedy.CodeReadOnly,
		1117:  remedy.CodeDiskError,
		1455:  remedy.CodeNoMemory,
		4:     remedy.CodeTooManyFiles,
		32:    remedy.CodeBusy,
		10061: remedy.CodeUnreachable,
	} {
		err := &fs.PathError{Op: "write", Path: "x", Err: number}
		require.Equal(t, code, remedy.System().Explain(err).Code, number)
	}
}
