package datastore

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// maxPeak is what a collection's process may take at most, in bytes, whatever the number of chunks.
const maxPeak = 200 << 20

// crowds are stores with many chunks or many packs, and one that shows how memory grows.
var crowds = []struct {
	name string
	crowd
}{
	{"10 million chunks", crowd{chunks: 2442 * 4096, perPack: 4096, perFrame: 64, tables: 1}},
	{"100 million chunks", crowd{chunks: 24415 * 4096, perPack: 4096, perFrame: 64, tables: 1}},
	{"75 thousand packs", crowd{chunks: 75e3 * 16, perPack: 16, perFrame: 4, tables: 1}},
}

// scaleDir is the variable that makes the test binary the process that is measured, with the tables there.
const scaleDir = "HEIRLOOM_TEST_SCALE_DIR"

// TestCollectionAtScale has collections of large stores in a process of their own, whose peak memory is measured. It
// takes many minutes (-timeout 0), and twice the room of the tables: 12 GB.
func TestCollectionAtScale(t *testing.T) {
	if os.Getenv("HEIRLOOM_TEST_FULL") != "1" {
		t.Skip("HEIRLOOM_TEST_FULL is not 1")
	}
	for i := range crowds {
		c := &crowds[i]
		t.Run(c.name, func(t *testing.T) {
			if dir := os.Getenv(scaleDir); dir != "" {
				c.measure(t, dir)
				return
			}
			dir := t.TempDir()
			c.needRoom(t, dir)
			start := time.Now()
			c.index(t, dir)
			t.Logf("generate: %v", time.Since(start).Round(time.Millisecond))
			c.inChild(t, dir)
		})
	}
}

// inChild runs the same test again, in another process that has not made any tables. It is one of a program that leaves
// garbage collection as it is, which is the hardest case.
func (c *crowd) inChild(t *testing.T, dir string) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.timeout=0", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), scaleDir+"="+dir)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	require.NoError(t, err)
}

// measure logs what each stage took, and asserts the peak.
func (c *crowd) measure(t *testing.T, dir string) {
	start, cpu := time.Now(), cpuTime(t)
	c.scan(t, dir, func(stage string) {
		t.Logf("%s: %v, processor %v, peak %.1f MiB", stage, time.Since(start).Round(time.Millisecond),
			(cpuTime(t) - cpu).Round(time.Millisecond), float64(peak(t))/(1<<20))
		start, cpu = time.Now(), cpuTime(t)
	})
	require.Less(t, peak(t), int64(maxPeak))
}

// peak returns the most memory that the process has had resident, in bytes. Getrusage would count what the parent had
// before the process became another.
func peak(t *testing.T) (n int64) {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	_, err = fmt.Sscan(string(rest), &n)
	require.NoError(t, err)
	return n << 10
}

func cpuTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// needRoom skips the test where the disk has no room for the tables and the parts they are made of.
func (c *crowd) needRoom(t *testing.T, dir string) {
	need := int64(c.chunks)*55*2 + 1<<30
	var disk syscall.Statfs_t
	require.NoError(t, syscall.Statfs(dir, &disk))
	if free := int64(disk.Bavail) * disk.Bsize; free < need {
		require.NotEqual(t, "1", os.Getenv("HEIRLOOM_TEST_NO_SKIP"), "needs %d MiB of disk", need>>20)
		t.Skipf("%d chunks take %d MiB in %s, which has %d: set TMPDIR to a larger disk", c.chunks, need>>20, dir, free>>20)
	}
}
