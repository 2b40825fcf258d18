//go:build !linux && !darwin && !freebsd && !windows

package dirstore

import "errors"

func freeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }
