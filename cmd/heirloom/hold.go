package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) holdCommand() *cobra.Command {
	var reason, until string
	cmd := &cobra.Command{
		Use:   "hold ADDRESS --reason TEXT [--until TIME]",
		Short: "Keep a snapshot from being removed",
		Long: "Keep a snapshot from being removed, by hand or by a policy, until a time or until: heirloom release ADDRESS\n" +
			"The hold and its reason are recorded.",
		Example: `  heirloom hold dataset/www/latest --reason "audit of 2026" --until 2027-12-31`,
		Args:    wants(1, 1),
		RunE:    p.action(func(ctx context.Context, args []string) error { return p.hold(ctx, args[0], reason, until) }),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` that says why; needed")
	cmd.Flags().StringVar(&until, "until", "",
		"`TIME` at which the hold ends: RFC 3339, or YYYY-MM-DD for the end of that day in local time; default: never")
	return cmd
}

func (p *program) hold(ctx context.Context, address, reason, until string) error {
	if strings.TrimSpace(reason) == "" {
		return wrongUsage("a reason is needed: --reason \"audit of 2026\"")
	}
	end, err := p.parseUntil(until)
	if err != nil {
		return err
	}
	return p.withSnapshot(ctx, address, func(store openStore, sn *datastore.Snapshot) error {
		if err := store.Hold(ctx, sn, reason, end); err != nil {
			return err
		}
		if p.json {
			return writeJSON(p.Stdout, struct {
				Snapshot string `json:"snapshot"`
				holdJSON
			}{addressText(sn.Address()), holdJSON{escape(reason), stamp(end)}})
		}
		if end.IsZero() {
			return p.say("holding %s until it is released", addressText(sn.Address()))
		}
		return p.say("holding %s until %s", addressText(sn.Address()), p.clock(end))
	})
}

// parseUntil reads the end of a hold; the zero time is none. A date stands for the whole of its day: a hold that is meant
// to last until the 31st should be there on the 31st.
func (p *program) parseUntil(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, p.Zone); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, wrongUsage("--until %q is neither a time like 2027-12-31T18:00:00Z nor a date like 2027-12-31", text)
	}
	return t, nil
}

func (p *program) releaseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "release ADDRESS",
		Short: "End all holds on a snapshot",
		Args:  wants(1, 1),
		RunE:  p.action(func(ctx context.Context, args []string) error { return p.release(ctx, args[0]) }),
	}
}

func (p *program) release(ctx context.Context, address string) error {
	return p.withSnapshot(ctx, address, func(store openStore, sn *datastore.Snapshot) error {
		if err := store.Release(ctx, sn); err != nil {
			return err
		}
		return p.reportChanged("released", sn)
	})
}

// reportChanged says what was done to a snapshot.
func (p *program) reportChanged(done string, sn *datastore.Snapshot) error {
	if p.json {
		return writeJSON(p.Stdout, struct {
			Snapshot string `json:"snapshot"`
		}{addressText(sn.Address())})
	}
	return p.say("%s %s", done, addressText(sn.Address()))
}
