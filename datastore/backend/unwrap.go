package backend

import (
	"context"
	"errors"
)

// Wrapper is implemented by backends that add a behaviour to another one. It lets Free and LocalDir look through them.
type Wrapper interface {
	Unwrap() Backend
}

// Free returns how many bytes can still be stored in b, looking through wrappers. The boolean is false when the
// storage cannot tell: there is no Spacer, or the platform offers no such figure.
func Free(ctx context.Context, b Backend) (int64, bool, error) {
	spacer, ok := find[Spacer](b)
	if !ok {
		return 0, false, nil
	}
	free, err := spacer.Free(ctx)
	if errors.Is(err, errors.ErrUnsupported) {
		return 0, false, nil
	}
	return free, err == nil, err
}

// LocalDir returns the local directory that b keeps its objects in, looking through wrappers. The boolean is false
// when there is none.
func LocalDir(b Backend) (string, bool) {
	local, ok := find[Local](b)
	if !ok {
		return "", false
	}
	return local.Dir(), true
}

// find returns the outermost backend in the chain of wrappers that has the ability T.
func find[T any](b Backend) (T, bool) {
	for b != nil {
		if found, ok := b.(T); ok {
			return found, true
		}
		wrapper, ok := b.(Wrapper)
		if !ok {
			break
		}
		b = wrapper.Unwrap()
	}
	var none T
	return none, false
}
