package history

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// set stores a value under a key, whatever it is.
func set(t *testing.T, db *DB, key, value []byte) {
	t.Helper()
	require.NoError(t, db.badger.Update(func(txn *badger.Txn) error { return txn.Set(key, value) }))
}

// readAll returns what a query yields, good and damaged.
func readAll(t *testing.T, db *DB, q task.Query) (found []task.Record, damages []*DamageError) {
	for r, err := range db.List(t.Context(), q) {
		var d *DamageError
		if errors.As(err, &d) {
			damages = append(damages, d)
			continue
		}
		require.NoError(t, err)
		found = append(found, r)
	}
	return found, damages
}

func TestOneDamagedRecordLeavesTheOthers(t *testing.T) {
	records := samples(3)
	another, err := encodeRecord(&records[0])
	require.NoError(t, err)
	for name, c := range map[string]struct {
		value []byte
		says  string
	}{
		"empty":               {nil, "no value"},
		"of a later version":  {append([]byte{2}, another[1:]...), "version 2"},
		"with a wrong sum":    {append(another[:len(another):len(another)], '\n'), "checksum"},
		"no JSON":             {seal([]byte("{")), "unexpected end"},
		"of another task":     {another, "another place"},
		"of one that has not": {seal([]byte(`{"state":"running"}`)), "not final"},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir(), Options{})
			require.NoError(t, db.Add(t.Context(), records))
			damaged := records[1].UPID.Position()
			key := recordKey(invert(damaged))
			set(t, db, key, c.value)
			for _, q := range []task.Query{{}, {States: task.FinalStates()[:3]}, {Types: sampleTypes}, {Text: "atlas"}} {
				found, damages := readAll(t, db, q)
				for _, r := range found {
					require.Contains(t, []task.UPID{records[0].UPID, records[2].UPID}, r.UPID)
				}
				require.LessOrEqual(t, len(damages), 1)
				for _, d := range damages {
					require.Equal(t, damaged, d.Position)
					require.Equal(t, key, d.Key)
					require.ErrorContains(t, d, c.says)
				}
			}
			_, damages := readAll(t, db, task.Query{})
			require.Len(t, damages, 1)
			_, err := db.Get(t.Context(), records[1].UPID)
			require.ErrorAs(t, err, new(*DamageError))

			removed, err := db.Prune(t.Context(), task.Retention{Age: time.Hour}, firstDay.AddDate(2, 0, 0))
			require.NoError(t, err)
			require.Len(t, removed, 3)
			require.Zero(t, countKeys(t, db), "its index goes along")
		})
	}
}

func TestAnIndexEntryWithoutItsRecordIsReported(t *testing.T) {
	db := open(t, t.TempDir(), Options{})
	records := samples(3)
	require.NoError(t, db.Add(t.Context(), records))
	key := recordKey(invert(records[1].UPID.Position()))
	require.NoError(t, db.badger.Update(func(txn *badger.Txn) error { return txn.Delete(key) }))
	found, damages := readAll(t, db, task.Query{Types: sampleTypes})
	require.Equal(t, []task.Record{records[2], records[0]}, found)
	require.Len(t, damages, 1)
	require.ErrorIs(t, damages[0], errMissing)
}

func TestADamagedTotalIsReportedAndReplaced(t *testing.T) {
	db := open(t, t.TempDir(), Options{})
	require.NoError(t, db.Add(t.Context(), []task.Record{sample(1, firstDay, "backup", "root", task.OK)}))
	require.NoError(t, db.Add(t.Context(), []task.Record{sample(2, firstDay, "verify", "root", task.OK)}))
	key := totalKey(uint32(firstDay.Unix()/secondsPerDay), "backup", task.OK)
	for _, value := range [][]byte{nil, seal([]byte("short"))} {
		set(t, db, key, value)
		sums, err := db.Totals(t.Context(), time.Time{}, time.Time{})
		var d *DamageError
		require.ErrorAs(t, err, &d)
		require.Equal(t, key, d.Key)
		require.Len(t, sums, 1)
		require.Equal(t, "verify", sums[0].Type)
	}
	require.NoError(t, db.Add(t.Context(), []task.Record{sample(3, firstDay, "backup", "root", task.OK)}))
	sums, err := db.Totals(t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	require.EqualValues(t, 1, sums[0].Tasks)
}

// TestFlippedBits damages a table in one place at a time. Whatever is found is what was added, and nothing ends the
// process.
func TestFlippedBits(t *testing.T) {
	dir := t.TempDir()
	records := samples(60)
	add(t, dir, records...)
	table := theTable(t, dir)
	sound, err := os.ReadFile(table)
	require.NoError(t, err)
	added := map[task.UPID]task.Record{}
	for _, r := range records {
		added[r.UPID] = r
	}
	random := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	for range 150 {
		spoilt := append([]byte(nil), sound...)
		spoilt[random.IntN(len(spoilt))] ^= 1 << random.IntN(8)
		require.NoError(t, os.WriteFile(table, spoilt, 0o600))
		db, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			noticed++
			continue
		}
		for _, q := range []task.Query{{}, {Types: sampleTypes}} {
			complete := 0
			for r, err := range db.List(t.Context(), q) {
				if err != nil {
					complete = -len(records)
					continue
				}
				require.Equal(t, added[r.UPID], r)
				complete++
			}
			if complete != len(records) {
				noticed++
			}
		}
		require.NoError(t, db.Close())
	}
	require.Positive(t, noticed)
}

func FuzzRecord(f *testing.F) {
	for _, r := range samples(10) {
		value, err := encodeRecord(&r)
		require.NoError(f, err)
		f.Add(value, []byte(nil))
		f.Add(value[:len(value)/2], value[envelopeSize:])
	}
	f.Add([]byte(nil), []byte(`{"upid":"UPID:a:00000001:00000001:00000001:00000001:t::u:","state":"ok"}`))
	f.Fuzz(func(t *testing.T, value, content []byte) {
		checkDecoded(t, value)
		checkDecoded(t, seal(content))
	})
}

// checkDecoded checks that a record which was accepted is one that can be stored again.
func checkDecoded(t *testing.T, value []byte) {
	content, err := unseal(value)
	if err != nil {
		return
	}
	at := positionWithin(content)
	r, err := parseRecord(content, at)
	if err != nil {
		return
	}
	require.Equal(t, at, r.UPID.Position())
	require.True(t, r.State.Final())
}

func FuzzTotal(f *testing.F) {
	f.Add(totalKey(20000, "backup", task.OK), encodeTotal(&task.Total{Tasks: 3, Duration: time.Hour}))
	f.Add([]byte{totalKind}, []byte{envelopeVersion})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		sum, err := parseTotalKey(key)
		if err != nil {
			return
		}
		require.Equal(t, key, totalKey(uint32(sum.Day.Unix()/secondsPerDay), sum.Type, sum.State))
		if decodeTotal(value, &sum) == nil {
			require.Equal(t, value, encodeTotal(&sum))
		}
	})
}

// positionWithin returns the place that the record in content has, if there is one.
func positionWithin(content []byte) task.Position {
	var r struct {
		UPID task.UPID `json:"upid"`
	}
	if json.Unmarshal(content, &r) != nil {
		return task.Position{}
	}
	return r.UPID.Position()
}
