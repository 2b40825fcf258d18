package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
	"github.com/heirloom-backup/heirloom/task"
)

// status is the exit status of the process. As an error it ends a command that has said everything already.
type status int

// What scripts may rely on.
const (
	statusOK        status = 0
	statusFailed    status = 1
	statusUsage     status = 2
	statusWarnings  status = 3 // done, but something was skipped
	statusDamage    status = 4
	statusCancelled status = 130
)

func (s status) Error() string { return "exit status " + strconv.Itoa(int(s)) }

// statusOf tells what the end of a run means to a script.
func statusOf(ctx context.Context, err error) status {
	var done status
	switch {
	case err == nil:
		return statusOK
	case cancelled(ctx, err) || as[*task.CancelError](err):
		return statusCancelled
	case errors.As(err, &done):
		return done
	case !errors.As(err, new(*failure)) || errors.As(err, new(*usageError)):
		return statusUsage
	case foundDamage(err):
		return statusDamage
	}
	return statusFailed
}

func foundDamage(err error) bool {
	return as[*datastore.ChunkError](err) || as[*datastore.ManifestError](err) || as[*datastore.VanishedError](err) ||
		as[*restore.DamageError](err) || errors.Is(err, datastore.ErrDamaged)
}

// cancelled says whether err came of the wish to stop. An operation that failed for a reason of its own while it was
// being stopped has failed.
func cancelled(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx)))
}
