package remedy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// path and dial wrap an error number as the standard library does.
func path(n syscall.Errno) error { return &fs.PathError{Op: "write", Path: "/srv/store/x", Err: n} }

func dial(n syscall.Errno) error {
	inner := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", n)}
	return &url.Error{Op: "Get", URL: "http://localhost/", Err: inner}
}

func TestSystem(t *testing.T) {
	for name, tc := range map[string]struct {
		err   error
		code  remedy.Code
		class remedy.Class
	}{
		"cancelled":              {context.Canceled, remedy.CodeCancelled, remedy.User},
		"deadline":               {context.DeadlineExceeded, remedy.CodeDeadline, remedy.User},
		"deadline of a request":  {&url.Error{Op: "Get", Err: context.DeadlineExceeded}, remedy.CodeDeadline, remedy.User},
		"disk full":              {path(syscall.ENOSPC), remedy.CodeDiskFull, remedy.User},
		"quota":                  {path(syscall.EDQUOT), remedy.CodeDiskFull, remedy.User},
		"read-only":              {path(syscall.EROFS), remedy.CodeReadOnly, remedy.User},
		"disk error":             {path(syscall.EIO), remedy.CodeDiskError, remedy.Damage},
		"no memory":              {os.NewSyscallError("mmap", syscall.ENOMEM), remedy.CodeNoMemory, remedy.Transient},
		"process's files":        {path(syscall.EMFILE), remedy.CodeTooManyFiles, remedy.Transient},
		"system's files":         {path(syscall.ENFILE), remedy.CodeTooManyFiles, remedy.Transient},
		"busy":                   {path(syscall.EBUSY), remedy.CodeBusy, remedy.Transient},
		"locked":                 {path(syscall.EAGAIN), remedy.CodeBusy, remedy.Transient},
		"running program":        {path(syscall.ETXTBSY), remedy.CodeBusy, remedy.Transient},
		"permission":             {path(syscall.EACCES), remedy.CodePermission, remedy.User},
		"operation":              {path(syscall.EPERM), remedy.CodePermission, remedy.User},
		"not there":              {path(syscall.ENOENT), remedy.CodeNotExist, remedy.User},
		"below a file":           {path(syscall.ENOTDIR), remedy.CodeNotExist, remedy.User},
		"there already":          {path(syscall.EEXIST), remedy.CodeExists, remedy.User},
		"unsupported":            {path(syscall.ENOSYS), remedy.CodeUnsupported, remedy.User},
		"cut short":              {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), remedy.CodeCutShort, remedy.Transient},
		"refused":                {dial(syscall.ECONNREFUSED), remedy.CodeUnreachable, remedy.Transient},
		"reset":                  {dial(syscall.ECONNRESET), remedy.CodeUnreachable, remedy.Transient},
		"aborted":                {dial(syscall.ECONNABORTED), remedy.CodeUnreachable, remedy.Transient},
		"not connected":          {path(syscall.ENOTCONN), remedy.CodeUnreachable, remedy.Transient},
		"pipe":                   {dial(syscall.EPIPE), remedy.CodeUnreachable, remedy.Transient},
		"no answer":              {dial(syscall.ETIMEDOUT), remedy.CodeUnreachable, remedy.Transient},
		"host down":              {dial(syscall.EHOSTDOWN), remedy.CodeUnreachable, remedy.Transient},
		"no way to the host":     {dial(syscall.EHOSTUNREACH), remedy.CodeUnreachable, remedy.Transient},
		"network down":           {dial(syscall.ENETDOWN), remedy.CodeUnreachable, remedy.Transient},
		"no way to the network":  {dial(syscall.ENETUNREACH), remedy.CodeUnreachable, remedy.Transient},
		"stale mount":            {path(syscall.ESTALE), remedy.CodeUnreachable, remedy.Transient},
		"time limit of a socket": {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, remedy.CodeUnreachable, remedy.Transient},
		"name server in trouble": {&net.DNSError{Name: "x", IsTemporary: true}, remedy.CodeUnreachable, remedy.Transient},
		"no such host":           {&net.DNSError{Name: "x", IsNotFound: true}, remedy.CodeUnknown, remedy.User},
		"anything else":          {errors.New("odd"), remedy.CodeUnknown, remedy.User},
		"full and joined":        {errors.Join(errors.New("odd"), path(syscall.ENOSPC)), remedy.CodeDiskFull, remedy.User},
		"cancelled and joined":   {fmt.Errorf("%w: %w", io.EOF, context.Canceled), remedy.CodeCancelled, remedy.User},
		"deadline and joined":    {fmt.Errorf("%w: %w", io.EOF, context.DeadlineExceeded), remedy.CodeDeadline, remedy.User},
	} {
		t.Run(name, func(t *testing.T) {
			failure := remedy.System().Explain(tc.err)
			require.Equal(t, tc.code, failure.Code)
			require.Equal(t, tc.class, failure.Class)
			require.Equal(t, tc.err.Error(), failure.Message)
			require.NotEmpty(t, failure.Tip)
		})
	}
}

// Errors that the system and the library really return.
func TestSystemOnRealErrors(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "missing"))
	require.Equal(t, remedy.CodeNotExist, remedy.System().Explain(missing).Code)
	exists := os.Mkdir(t.TempDir(), 0o700)
	require.Equal(t, remedy.CodeExists, remedy.System().Explain(exists).Code)

	server := httptest.NewServer(nil)
	server.Close()
	_, refused := http.Get(server.URL)
	require.Equal(t, remedy.CodeUnreachable, remedy.System().Explain(refused).Code)
}

// The time limit of an http.Client says that it is context.DeadlineExceeded. It is a server that does not answer.
func TestTimeoutOfAClientIsNoDeadline(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	client := http.Client{Timeout: time.Millisecond}
	_, err := client.Get(server.URL)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, remedy.CodeUnreachable, remedy.System().Explain(err).Code)
}

func TestEachSystemRow(t *testing.T) {
	classes := []remedy.Class{remedy.Transient, remedy.User, remedy.Damage, remedy.Bug}
	given := map[remedy.Code]bool{}
	for _, row := range remedy.System() {
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, string(row.Code))
		require.Contains(t, classes, row.Class, row.Code)
		require.Regexp(t, `^[A-Z].*\.$`, row.Tip, "a sentence")
		require.False(t, strings.Contains(row.Tip, "\n"))
		given[row.Code] = true
	}
	for _, code := range []remedy.Code{
		remedy.CodeInterrupted, remedy.CodePanic, remedy.CodeCancelled, remedy.CodeDeadline, remedy.CodeIgnoredCancel,
		remedy.CodeUnknown,
	} {
		require.True(t, given[code], "the runner gives out %s", code)
	}
}

func TestRunnerCodesHaveTheirClass(t *testing.T) {
	for code, class := range map[remedy.Code]remedy.Class{
		remedy.CodeInterrupted:   remedy.Transient,
		remedy.CodePanic:         remedy.Bug,
		remedy.CodeCancelled:     remedy.User,
		remedy.CodeDeadline:      remedy.User,
		remedy.CodeIgnoredCancel: remedy.Bug,
	} {
		err := remedy.New(code, "", "", errors.New("it happened"))
		require.Equal(t, class, remedy.System().Explain(err).Class, code)
	}
}

// Each table is the caller's own.
func TestSystemIsFresh(t *testing.T) {
	first := remedy.System()
	first[0].Tip = "changed"
	require.NotEqual(t, first[0].Tip, remedy.System()[0].Tip)
}
