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
)

// advices says for the errors that people meet what to do next. The first that fits counts.
var advices = []struct {
	fits func(error) bool
	next string // {store} stands for the store's URL
}{
	{is(errNoStoreNamed), "name it with --store or HEIRLOOM_STORE"},
	{is(datastore.ErrNoStore), "create one with: heirloom init --store {store}"},
	{is(datastore.ErrStoreExists), "use it as it is, or choose an empty folder for the new one"},
	{is(datastore.ErrNotEmpty), "choose an empty folder for the new store"},
	{is(errNoPassphrase), "set HEIRLOOM_PASSPHRASE or give --passphrase-file"},
	{is(errNoNewPassphrase), "set HEIRLOOM_NEW_PASSPHRASE or give --new-passphrase-file"},
	{is(datastore.ErrPassphrase), "check HEIRLOOM_PASSPHRASE or --passphrase-file"},
	{is(datastore.ErrPlain), "if it was, somebody has exchanged its configuration: do not write to it; if it never was, give no --passphrase-file, and empty the folder encrypted in the cache"},
	{is(datastore.ErrNotEncrypted), "encryption is chosen when a store is made: heirloom init --encrypt"},
	{is(datastore.ErrNoKey), "list them with: heirloom key list"},
	{is(datastore.ErrLastKey), "add another first with: heirloom key add"},
	{is(datastore.ErrNoSnapshot), "list them with: heirloom snapshots (--pruned: those that were removed)"},
	{is(datastore.ErrHeld), "end the hold first with: heirloom release ADDRESS"},
	{is(datastore.ErrNotHeld), "what is held is shown by: heirloom snapshots"},
	{is(datastore.ErrPast), "give a later time"},
	{is(datastore.ErrTooLate), "only another copy of the store can still have it; what is at the source comes with the next backup"},
	{is(datastore.ErrSnapshotExists), "see what took its place with: heirloom snapshots"},
	{vanishedUnnamed, "see which it is with: heirloom snapshots"},
	{as[*datastore.VanishedError], "bring it back with: heirloom undelete ADDRESS, or accept the loss with: heirloom forget ADDRESS"},
	{is(datastore.ErrListing), "nothing was removed: run it again, and if it says so again see: heirloom probe"},
	{is(backend.ErrUnfit), "keep the store on storage that does as it should; what was asked is shown by: heirloom probe"},
	{is(prune.ErrTooMany), "look at it with --simulate; if it is meant, give a higher --max-remove"},
	{is(prune.ErrEdited), "make a new plan with what is meant: heirloom prune --simulate --json"},
	{is(prune.ErrNotAPlan), "make one with: heirloom prune --simulate --json"},
	{is(datastore.ErrOtherStore), "apply it there, or make a plan of this store"},
	{is(datastore.ErrStalePlan), "make a new one, look at it, and apply that"},
	{is(errNoPlan), "make one with: heirloom gc --plan --json"},
	{is(datastore.ErrAddress), "list snapshots with: heirloom snapshots"},
	{is(datastore.ErrForged), "somebody else wrote into the store: find out who can, and do not trust what it adds"},
	{is(restore.ErrNotFound), "list what there is with: heirloom ls"},
	{is(restore.ErrNotEmpty), "choose another one, or let it be written to with --overwrite, which deletes nothing the snapshot lacks"},
	{is(restore.ErrConflict), "move it away, or give another DEST"},
	{is(restore.ErrNoSpace), "make room, or give another DEST"},
	{is(restore.ErrNotFile), "name a file of it: heirloom ls lists them"},
	{as[*restore.DamageError], "see all damage with: heirloom verify; save the rest with: heirloom restore --salvage"},
	{as[*datastore.ChunkError], "see all damage with: heirloom verify; save the rest with: heirloom restore --salvage"},
	{as[*datastore.ManifestError], "see all damage with: heirloom verify"},
	{is(datastore.ErrDamaged), "copy the object from another copy of the store, if there is one"},
	{is(backend.ErrReadOnly), "this command writes: give it a store it may write to"},
	{is(dirstore.ErrGone), "see whether the disk of the store is still mounted, then run the command again"},
	{is(syscall.ENOSPC), "make room and run the command again"},
	{is(fs.ErrPermission), "run it as a user who may"},
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

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool { return errors.As(err, new(T)) }

// vanishedUnnamed says whether it is not known of which snapshot a manifest has vanished.
func vanishedUnnamed(err error) bool {
	var gone *datastore.VanishedError
	return errors.As(err, &gone) && gone.Address == (datastore.Address{})
}
