//go:build linux

package endtoend

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// TestProcessesAtOnce runs many processes on one store and one cache folder at the same time: backups of different
// folders and of one, restores, verifications and listings. None is refused, and all is whole afterwards.
func TestProcessesAtOnce(t *testing.T) {
	s := newShell(t)
	want := map[string]tableau{}
	for i := range 4 {
		l := newLand(t, s.path(fmt.Sprintf("data%d", i)))
		l.crowd("small", 200)
		l.file("own", l.noise(3<<20))
		want[fmt.Sprintf("data%d", i)] = look(t, l.dir)
	}
	s.must("init")
	first := s.backup("data0").Snapshot
	for round := range sampled(2, 20) {
		made := s.atOnce(first, round)
		require.Len(t, s.addresses(), 1+(round+1)*8)
		s.must("verify")
		for address, name := range made {
			s.restores(address, want[name])
		}
	}
}

// atOnce starts everything at the same time. It returns the new snapshots and the folders they are of.
func (s *shell) atOnce(first string, round int) map[string]string {
	s.t.Helper()
	var group errgroup.Group
	reports := make([]report, 8)
	for i := range reports {
		group.Go(func() error {
			folder, name := fmt.Sprintf("data%d", i%4), fmt.Sprintf("own%d", i)
			if i >= 4 {
				name = "shared" // all four in one group
			}
			got := s.run("backup", folder, "--name", name, "--json")
			if got.status != 0 {
				return fmt.Errorf("backup of %s: %d: %s", folder, got.status, got.stderr)
			}
			return json.Unmarshal([]byte(got.stdout), &reports[i])
		})
	}
	for i, line := range [][]string{{"restore", first, fmt.Sprintf("back%d", round)}, {"verify"}, {"verify", first},
		{"ls", first}, {"snapshots"}, {"stats"}, {"rebuild"}} {
		group.Go(func() error {
			if got := s.run(line...); got.status != 0 {
				return fmt.Errorf("process %d, %v: %d: %s", i, line, got.status, got.stderr)
			}
			return nil
		})
	}
	require.NoError(s.t, group.Wait())
	made := map[string]string{}
	for i, r := range reports {
		made[r.Snapshot] = fmt.Sprintf("data%d", i%4)
	}
	require.Len(s.t, made, len(reports), "each has an address of its own")
	return made
}

// TestForgetDuringOtherWork removes a snapshot while others verify, perhaps between the moments at which one reads the
// ledger and lists the snapshots. That is no damage.
func TestForgetDuringOtherWork(t *testing.T) {
	s := newShell(t)
	newLand(t, s.path("data")).crowd("small", 50)
	s.must("init")
	kept := s.backup("data", "--name", "kept").Snapshot
	for range sampled(5, 50) {
		address := s.backup("data").Snapshot
		var group errgroup.Group
		for _, line := range [][]string{{"forget", address}, {"verify"}, {"verify"}, {"backup", "data", "--name", "kept"}, {"verify", kept}} {
			group.Go(func() error {
				if got := s.run(line...); got.status != 0 {
					return fmt.Errorf("%v: %d: %s%s", line, got.status, got.stdout, got.stderr)
				}
				return nil
			})
		}
		require.NoError(t, group.Wait())
	}
}
