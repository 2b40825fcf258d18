package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

func numberOf(row *rivertype.JobRow) (int64, error) {
	var a args
	err := json.Unmarshal(row.EncodedArgs, &a)
	return a.Number, err
}

// fillRiver writes n jobs that have ended. River knows no users: a tag stands for one.
func fillRiver(ctx context.Context, dir string, n int) error {
	db, err := openDatabase(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(insertEnded(ctx, db, n), db.Close())
}

// insertEnded writes rows as a job has them that has ended, a millisecond apart.
func insertEnded(ctx context.Context, db *sql.DB, n int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	for i := range n {
		s, state, failures := sample(i), rivertype.JobStateCompleted, "[]"
		if s.failed {
			state = rivertype.JobStateDiscarded
			failures = fmt.Sprintf(`[{"at":"2026-11-01T00:00:00Z","attempt":1,"error":%q,"trace":""}]`, errSample)
		}
		at := fmt.Sprintf("2026-11-01 00:%02d:%02d.%03d", i/60_000, i/1000%60, i%1000)
		_, err := tx.ExecContext(ctx, `INSERT INTO river_job
			(args, attempt, attempted_at, attempted_by, created_at, errors, finalized_at, kind, max_attempts, state,
			scheduled_at, tags)
			VALUES (jsonb(?), 1, ?, jsonb('["bench"]'), ?, jsonb(?), ?, ?, 1, ?, ?, jsonb(?))`,
			fmt.Sprintf(`{"number":%d}`, i), at, at, failures, at, s.kind, state, at, fmt.Sprintf("[%q]", s.user))
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// riverHistory is a client that works on nothing.
type riverHistory struct {
	db     *sql.DB
	client *river.Client[*sql.Tx]
}

func readRiver(_ context.Context, dir string) (history, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "river.db")+"?mode=ro")
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(riversqlite.New(db), &river.Config{})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return riverHistory{db, client}, nil
}

// Page implements history.
func (h riverHistory) Page(ctx context.Context, q question) (int, error) {
	state := rivertype.JobStateCompleted
	if q.failed {
		state = rivertype.JobStateDiscarded
	}
	params := river.NewJobListParams().Kinds(q.kind).States(state).First(pageSize).
		OrderBy(river.JobListOrderByFinalizedAt, river.SortOrderDesc)
	if q.user != "" {
		params = params.TagsAny(q.user)
	}
	result, err := h.client.JobList(ctx, params)
	if err != nil {
		return 0, err
	}
	return len(result.Jobs), nil
}

// Close implements history.
func (h riverHistory) Close() error { return h.db.Close() }
