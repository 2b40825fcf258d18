package history

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// What lies on disk today must be found tomorrow: whoever changes these bytes gives them another kind or version, and
// goes on reading the old ones.

func TestStoredKeys(t *testing.T) {
	r := task.Record{
		UPID:  task.UPID{Node: "a", PID: 2, ProcessStart: 3, TaskID: 4, Start: 0x01020304, Type: "gc", Auth: "root"},
		Spec:  task.Spec{Source: "vm/1"},
		State: task.Failed,
	}
	const position = "fefdfcfb" + "fffffffffc" + "fffffffd" + "fffffffffffffffb" + "505be078ef3f2fbe"
	at := invert(r.UPID.Position())
	require.Equal(t, "01"+position, hex.EncodeToString(recordKey(at)))
	require.Equal(t, "02000000c3"+"6763"+"00"+"02", hex.EncodeToString(totalKey(r.UPID.Start/secondsPerDay, "gc", task.Failed)))

	want := []string{
		"10cbf29ce48422232502" + position, // by nothing
		"11c7c09ffa20cea8a102" + position, // by type
		"123c023229e72a695102" + position, // by user
		"13bcf2b2fb8dfee01d02" + position, // by type and user
		"1485631f484bf2b60402" + position, // by subject
		"154f8a07dd1469a99002" + position, // by type and subject
		"16ac4daff1d11ccd8002" + position, // by user and subject
		"17606b524a0327243c02" + position, // by all of them
	}
	var keys []string
	for _, key := range indexKeys(&r, at) {
		keys = append(keys, hex.EncodeToString(key))
	}
	require.Equal(t, want, keys)
}

func TestStoredValues(t *testing.T) {
	require.Equal(t, "01"+"e3069283"+hex.EncodeToString([]byte("123456789")), hex.EncodeToString(seal([]byte("123456789"))))

	sum := task.Total{
		Tasks: 1, Work: progress.Count{Items: 2, Bytes: 3, Transferred: 4}, Duration: time.Microsecond, Warnings: 6,
	}
	require.Equal(t, "01"+"764c2684"+
		"0000000000000001"+"0000000000000002"+"0000000000000003"+"0000000000000004"+"00000000000003e8"+"0000000000000006",
		hex.EncodeToString(encodeTotal(&sum)))

	const content = `{"upid":"UPID:a:00000002:00000003:00000004:01020304:gc::root:","type":"gc","user":"root","source":"vm/1",` +
		`"state":"failed","created":"1970-07-15T16:57:40Z"}`
	id := task.UPID{Node: "a", PID: 2, ProcessStart: 3, TaskID: 4, Start: 0x01020304, Type: "gc", Auth: "root"}
	r, err := decodeRecord(seal([]byte(content)), id.Position())
	require.NoError(t, err)
	require.Equal(t, task.Record{
		UPID: id, Spec: task.Spec{Type: "gc", User: "root", Source: "vm/1"}, State: task.Failed, Created: id.Time(),
	}, r)
}
