package restore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// toDevice writes a file over the content of a block device. A device has no holes, so where the file has one the
// device is made to read as zeros. What lies beyond the file's size stays.
func (r *run) toDevice(ctx context.Context, device string, e *tree.Entry) (err error) {
	// Without O_CREAT, O_EXCL makes Linux refuse a device that is in use, such as a mounted one.
	f, err := os.OpenFile(device, os.O_WRONLY|syscall.O_EXCL, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size < e.Size {
		return fmt.Errorf("%w: the device has %d bytes, the file %d", ErrNoSpace, size, e.Size)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := r.stream(ctx, r.pathOf(e), e, deviceWriter{f}); err != nil || r.o.NoSync {
		return err
	}
	return f.Sync()
}

type deviceWriter struct{ *os.File }

// hole zeroes in steps, so that a cancelled restore does not wait for a whole device.
func (w deviceWriter) hole(ctx context.Context, length int64) error {
	const step = 1 << 30
	at, err := w.Seek(0, io.SeekCurrent)
	for err == nil && length > 0 {
		n := min(length, step)
		if zeroRange(w.File, at, n) != nil {
			err = zeroWriter{w}.hole(ctx, n) // the device cannot, or not at such an offset
		} else {
			_, err = w.Seek(n, io.SeekCurrent)
		}
		at, length = at+n, length-n
		err = errors.Join(err, ctx.Err())
	}
	return err
}
