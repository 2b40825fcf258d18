package remedy

import (
	"errors"
	"slices"
	"syscall"
)

// is matches an error that is one of those given, by errors.Is.
func is(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

// number matches an error number of the system: one of those given, which have names on every system, or one of those
// that stand for the same code on this system only.
func number(code Code, numbers ...syscall.Errno) func(error) bool {
	numbers = append(numbers, nativeNumbers(code)...)
	return func(err error) bool {
		return slices.ContainsFunc(numbers, func(n syscall.Errno) bool { return errors.Is(err, n) })
	}
}

// holds matches an error that is the target itself or wraps it. Unlike errors.Is it does not ask the error: a timeout of
// package net says that it is context.DeadlineExceeded, but a server that does not answer is no deadline of ours.
func holds(target error) func(error) bool {
	var in func(error) bool
	in = func(err error) bool {
		if err == target {
			return true
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			return in(e.Unwrap())
		case interface{ Unwrap() []error }:
			return slices.ContainsFunc(e.Unwrap(), in)
		}
		return false
	}
	return in
}

// waitedInVain matches what says of itself that it is a timeout or may pass, as the errors of package net do.
func waitedInVain(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	if ok && timeout.Timeout() {
		return true
	}
	temporary, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err)
	return ok && temporary.Temporary()
}
