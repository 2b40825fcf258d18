package main

import (
	"os"
	"path/filepath"
	"strconv"
)

// sample is what is measured: a folder or an image, and perhaps the same at later times.
type sample struct {
	states []string // paths, in order of time
	image  bool
	temp   string // where they were copied to; "": they were not
}

// take copies about n bytes of a folder or image, the same places of each state; 0 takes all, where it is.
func take(path string, n int64, later ...string) (*sample, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	s := &sample{states: append([]string{path}, later...), image: !info.IsDir()}
	if n == 0 {
		return s, nil
	}
	if s.temp, err = os.MkdirTemp("", "curves"); err != nil {
		return nil, err
	}
	if err := s.copy(n); err != nil {
		_ = s.remove() // the error that counts is the first
		return nil, err
	}
	return s, nil
}

// copy puts copies of about n bytes in the place of the states.
func (s *sample) copy(n int64) error {
	pick, err := s.picker(n)
	if err != nil {
		return err
	}
	for i, state := range s.states {
		s.states[i] = filepath.Join(s.temp, strconv.Itoa(i))
		if err := pick(s.states[i], state); err != nil {
			return err
		}
	}
	return nil
}

func (s *sample) remove() error {
	if s.temp == "" {
		return nil
	}
	return os.RemoveAll(s.temp)
}

// picker returns a function that copies part of a state.
func (s *sample) picker(n int64) (func(to, from string) error, error) {
	if s.image {
		return func(to, from string) error { return copyRuns(to, from, n) }, nil
	}
	all, err := sizeOf(s.states[0])
	if err != nil {
		return nil, err
	}
	share := float64(n) / float64(max(all, 1))
	return func(to, from string) error { return copyFolders(to, from, share) }, nil
}
