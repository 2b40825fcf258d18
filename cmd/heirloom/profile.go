package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

// profiled runs do and writes the profiles that the hidden flags ask for.
func (p *program) profiled(do func() error) error {
	if p.cpuProfile == "" {
		return errors.Join(do(), p.writeMemProfile())
	}
	f, err := os.Create(p.cpuProfile)
	if err != nil {
		return fmt.Errorf("write CPU profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(fmt.Errorf("write CPU profile: %w", err), f.Close())
	}
	err = do()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close(), p.writeMemProfile())
}

// writeMemProfile writes what was allocated so far and what is still in use.
func (p *program) writeMemProfile() error {
	if p.memProfile == "" {
		return nil
	}
	f, err := os.Create(p.memProfile)
	if err != nil {
		return fmt.Errorf("write memory profile: %w", err)
	}
	runtime.GC()
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}
