package dirstore_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

// writerDir is set in the processes that these tests start from their own binary: they put objects into it.
const writerDir = "DIRSTORE_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		writeObjects(dir)
		return
	}
	os.Exit(m.Run())
}

const written = 100

func objectName(i int) string { return fmt.Sprintf("packs/%d/%d", i%7, i) }

func objectData(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 50_000) }

// writeObjects puts the same objects in every process, and prints the number of each that it was the one to store.
func writeObjects(dir string) {
	b, err := dirstore.Open(dir, dirstore.Options{Create: true})
	for i := 0; i < written && err == nil; i++ {
		err = b.Put(context.Background(), objectName(i), objectData(i))
		if err == nil {
			fmt.Println(i)
		}
		if errors.Is(err, backend.ErrExist) {
			err = nil
		}
	}
	if err != nil {
		fmt.Println(err)
	}
}

// startWriter starts another process; next returns what it prints, until ok is false.
func startWriter(t *testing.T, dir string) (cmd *exec.Cmd, next func() (line string, ok bool)) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerDir+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	return cmd, func() (string, bool) {
		ok := lines.Scan()
		return lines.Text(), ok
	}
}

func TestProcessesShareAStore(t *testing.T) {
	dir := t.TempDir() + "/store"
	var writers []*exec.Cmd
	var outputs []func() (string, bool)
	for range 3 {
		cmd, next := startWriter(t, dir)
		writers, outputs = append(writers, cmd), append(outputs, next)
	}
	winners := map[string]int{}
	for i, next := range outputs {
		for line, ok := next(); ok; line, ok = next() {
			winners[line]++
		}
		require.NoError(t, writers[i].Wait())
	}
	require.Len(t, winners, written)
	for i := range written {
		require.Equal(t, 1, winners[fmt.Sprint(i)], "processes that stored object %d", i)
	}
}

func TestKilledProcess(t *testing.T) {
	dir := t.TempDir() + "/store"
	for _, until := range []int{1, 10, 57} {
		cmd, next := startWriter(t, dir)
		var last string
		for range until {
			line, ok := next()
			require.True(t, ok)
			last = line
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // killed: an error
		requireWholeUpTo(t, dir, last)
	}
}

// requireWholeUpTo checks that each object is whole, and that none is missing up to the last one that was acknowledged.
func requireWholeUpTo(t *testing.T, dir, last string) {
	t.Helper()
	b := open(t, dir, dirstore.Options{})
	names, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	for i := range len(names) {
		got, err := backend.ReadAll(t.Context(), b, objectName(i), 1<<20)
		require.NoError(t, err)
		require.True(t, bytes.Equal(objectData(i), got), objectName(i))
	}
	var acknowledged int
	_, err = fmt.Sscan(last, &acknowledged)
	require.NoError(t, err, last)
	require.Greater(t, len(names), acknowledged)
}
