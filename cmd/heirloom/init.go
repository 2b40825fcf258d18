package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

func (p *program) initCommand() *cobra.Command {
	var o datastore.CreateOptions
	cmd := &cobra.Command{
		Use:   "init [--encrypt]",
		Short: "Create a store",
		Long: "Create a store in an empty folder, which is made if need be.\n\n" +
			"With --encrypt nobody reads it without a passphrase: a lost passphrase is a lost store.",
		Args: wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error { return p.create(ctx, o) }),
	}
	cmd.Flags().BoolVar(&o.Encrypt, "encrypt", false, "encrypt everything under a passphrase")
	cmd.Flags().StringVar(&o.Label, "label", "", "`TEXT` that tells the first key from later ones")
	return cmd
}

func (p *program) create(ctx context.Context, o datastore.CreateOptions) (err error) {
	o.Now = p.Now
	if _, err := parseLocation(p.storeURL); err != nil { // before anybody is asked anything
		return &usageError{err}
	}
	if !o.Encrypt && (o.Label != "" || p.passphraseFile != "") {
		return wrongUsage("a passphrase or a label is for an encrypted store: add --encrypt")
	}
	if o.Encrypt {
		if o.Passphrase, err = p.chosen(ctx, p.passphraseSource()); err != nil {
			return err
		}
	}
	var unfit error
	err = p.withBackend(dirstore.Options{Create: true}, func(b backend.Backend) error {
		if err := datastore.Create(ctx, b, o); err != nil {
			return err
		}
		unfit = fitness(ctx, b)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if dir, err := p.chosenCache(); err == nil {
		p.remember(dir, o.Encrypt)
	}
	return p.reportCreated(o.Encrypt, unfit)
}

// fitness says why the storage is not one that gc may rely on. The store is there all the same: it can be written to and
// read from.
func fitness(ctx context.Context, b backend.Backend) error {
	found, err := backend.Probe(ctx, b, backend.ProbeOptions{})
	if err != nil {
		return err
	}
	return found.Collectable()
}

func (p *program) reportCreated(encrypted bool, unfit error) error {
	if err := p.writeCreated(encrypted, unfit); err != nil {
		return err
	}
	if encrypted {
		p.note("without the passphrase the store cannot be read: keep it somewhere else, too")
	}
	if unfit == nil {
		return nil
	}
	p.warn([]datastore.Warning{{Path: p.storeURL, Reason: unfit.Error() + "; see: heirloom probe"}}, 1)
	return statusWarnings
}

func (p *program) writeCreated(encrypted bool, unfit error) error {
	if p.json {
		warnings := []warningJSON{}
		if unfit != nil {
			warnings = append(warnings, warningJSON{escape(p.storeURL), escape(unfit.Error())})
		}
		return writeJSON(p.Stdout, struct {
			Store     string        `json:"store"`
			Encrypted bool          `json:"encrypted"`
			Warnings  []warningJSON `json:"warnings"`
		}{escape(p.storeURL), encrypted, warnings})
	}
	kind := "a store"
	if encrypted {
		kind = "an encrypted store"
	}
	return p.say("created %s in %s", kind, p.storeURL)
}
