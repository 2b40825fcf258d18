package main

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/restore"
	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// advices says for the errors that people meet what they are called, who can do something about them, and what to do
// next. The first that fits counts.
var advices = []struct {
	fits  func(error) bool
	code  remedy.Code // in the record of a task
	class remedy.Class
	next  string // {store} stands for the store's URL
}{
	{is(errNoStoreNamed), "no-store-named", remedy.User, "name it with --store or HEIRLOOM_STORE"},
	{is(errNoData), "no-data-named", remedy.User, "name it with --data or HEIRLOOM_DATA"},
	{is(errNoTasks), "no-tasks", remedy.User, "check the folder; commands that are run with it make the records"},
	{is(task.ErrNotFound), "no-task", remedy.User, "list them with: heirloom task list; in a shell, a UPID stands in single quotes"},
	{is(task.ErrEnded), "task-ended", remedy.User, "see how with: heirloom task show UPID"},
	{is(task.ErrBusy), "tasks-busy", remedy.Transient, "look for another command that hangs"},
	{is(task.ErrNoLog), "no-log", remedy.User, "what is kept of it is shown by: heirloom task show UPID"},
	{is(datastore.ErrNoStore), "no-store", remedy.User, "create one with: heirloom init --store {store}"},
	{is(datastore.ErrStoreExists), "store-exists", remedy.User, "use it as it is, or choose an empty folder for the new one"},
	{is(datastore.ErrNotEmpty), "folder-not-empty", remedy.User, "choose an empty folder for the new store"},
	{is(errNoPassphrase), "no-passphrase", remedy.User, "set HEIRLOOM_PASSPHRASE or give --passphrase-file"},
	{is(errNoNewPassphrase), "no-new-passphrase", remedy.User, "set HEIRLOOM_NEW_PASSPHRASE or give --new-passphrase-file"},
	{is(datastore.ErrPassphrase), "wrong-passphrase", remedy.User, "check HEIRLOOM_PASSPHRASE or --passphrase-file"},
	{is(datastore.ErrPlain), "not-encrypted-any-more", remedy.User, "if it was, somebody has exchanged its configuration: do not write to it; if it never was, give no --passphrase-file, and empty the folder encrypted in the cache"},
	{is(datastore.ErrNotEncrypted), "not-encrypted", remedy.User, "encryption is chosen when a store is made: heirloom init --encrypt"},
	{is(datastore.ErrNoKey), "no-key", remedy.User, "list them with: heirloom key list"},
	{is(datastore.ErrLastKey), "last-key", remedy.User, "add another first with: heirloom key add"},
	{is(datastore.ErrNoSnapshot), "no-snapshot", remedy.User, "list them with: heirloom snapshots (--pruned: those that were removed)"},
	{is(datastore.ErrHeld), "held", remedy.User, "end the hold first with: heirloom release ADDRESS"},
	{is(datastore.ErrNotHeld), "not-held", remedy.User, "what is held is shown by: heirloom snapshots"},
	{is(datastore.ErrPast), "time-past", remedy.User, "give a later time"},
	{is(datastore.ErrTooLate), "too-late", remedy.Damage, "only another copy of the store can still have it; what is at the source comes with the next backup"},
	{is(datastore.ErrSnapshotExists), "snapshot-exists", remedy.User, "see what took its place with: heirloom snapshots"},
	{vanishedUnnamed, "snapshot-vanished", remedy.Damage, "see which it is with: heirloom snapshots"},
	{as[*datastore.VanishedError], "snapshot-vanished", remedy.Damage, "bring it back with: heirloom undelete ADDRESS, or accept the loss with: heirloom forget ADDRESS"},
	{is(datastore.ErrListing), "listing-incomplete", remedy.Transient, "nothing was removed: run it again, and if it says so again see: heirloom probe"},
	{is(backend.ErrUnfit), "storage-unfit", remedy.User, "keep the store on storage that does as it should; what was asked is shown by: heirloom probe"},
	{is(prune.ErrTooMany), "too-many-removed", remedy.User, "look at it with --simulate; if it is meant, give a higher --max-remove"},
	{is(prune.ErrEdited), "plan-edited", remedy.User, "make a new plan with what is meant: heirloom prune --simulate --json"},
	{is(prune.ErrNotAPlan), "no-plan", remedy.User, "make one with: heirloom prune --simulate --json"},
	{is(datastore.ErrOtherStore), "other-store", remedy.User, "apply it there, or make a plan of this store"},
	{is(datastore.ErrStalePlan), "stale-plan", remedy.User, "make a new one, look at it, and apply that"},
	{is(errNoPlan), "no-plan", remedy.User, "make one with: heirloom gc --plan --json"},
	{is(datastore.ErrAddress), "bad-address", remedy.User, "list snapshots with: heirloom snapshots"},
	{is(datastore.ErrForged), "forged", remedy.Damage, "somebody else wrote into the store: find out who can, and do not trust what it adds"},
	{is(restore.ErrNotFound), "path-not-found", remedy.User, "list what there is with: heirloom ls"},
	{is(restore.ErrNotEmpty), "folder-not-empty", remedy.User, "choose another one, or let it be written to with --overwrite, which deletes nothing the snapshot lacks"},
	{is(restore.ErrConflict), "conflict", remedy.User, "move it away, or give another DEST"},
	{is(restore.ErrNoSpace), "no-space", remedy.User, "make room, or give another DEST"},
	{is(restore.ErrNotFile), "not-a-file", remedy.User, "name a file of it: heirloom ls lists them"},
	{as[*restore.DamageError], "damage", remedy.Damage, "see all damage with: heirloom verify; save the rest with: heirloom restore --salvage"},
	{as[*datastore.ChunkError], "damage", remedy.Damage, "see all damage with: heirloom verify; save the rest with: heirloom restore --salvage"},
	{as[*datastore.ManifestError], "damage", remedy.Damage, "see all damage with: heirloom verify"},
	{is(datastore.ErrDamaged), "damage", remedy.Damage, "copy the object from another copy of the store, if there is one"},
	{is(backend.ErrReadOnly), "read-only-store", remedy.User, "this command writes: give it a store it may write to"},
	{is(dirstore.ErrGone), "store-gone", remedy.Transient, "see whether the disk of the store is still mounted, then run the command again"},
	{is(syscall.ENOSPC), "disk-full", remedy.User, "make room and run the command again"},
	{is(syscall.EROFS), "read-only", remedy.User, "let the disk be written to, or name another folder"},
	{is(fs.ErrPermission), "permission", remedy.User, "run it as a user who may"},
}

// advice is what to do next about an error; "" if nothing general can be said.
func (p *program) advice(err error) string {
	for _, a := range advices {
		if a.fits(err) {
			return strings.ReplaceAll(a.next, "{store}", p.storeURL)
		}
	}
	return ""
}

// remedies are the same advices for the records of tasks.
func (p *program) remedies() remedy.Table {
	var table remedy.Table
	for _, a := range advices {
		table = append(table, remedy.Row{Matches: a.fits, Code: a.code, Class: a.class, Tip: strings.ReplaceAll(a.next, "{store}", p.storeURL)})
	}
	return table
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool { return errors.As(err, new(T)) }

// vanishedUnnamed says whether it is not known of which snapshot a manifest has vanished.
func vanishedUnnamed(err error) bool {
	var gone *datastore.VanishedError
	return errors.As(err, &gone) && gone.Address == (datastore.Address{})
}
