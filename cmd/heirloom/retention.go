package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/retention"
)

func (p *program) retentionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "retention",
		Short: "Try out retention policies",
		Args:  cobra.ArbitraryArgs,
		RunE:  chooser,
	}
	cmd.AddCommand(p.retentionSimulateCommand(), p.retentionForecastCommand())
	return cmd
}

// policyFlags are a retention policy and the zone whose days it counts.
type policyFlags struct {
	keep        string
	independent bool
	zone        string
}

func (f *policyFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.keep, "keep", "", "`POLICY` such as \"keep-daily=7, keep-weekly=4\"")
	cmd.Flags().BoolVar(&f.independent, "independent", false, "windows overlap instead of chaining")
	cmd.Flags().StringVar(&f.zone, "tz", "UTC", "`ZONE` whose days and weeks count")
}

// resolve reads the flags' texts; whatever is wrong is wrong usage.
func (f *policyFlags) resolve(cmd *cobra.Command) (retention.Policy, *time.Location, error) {
	if !cmd.Flags().Changed("keep") {
		return retention.Policy{}, nil, wrongUsage("a policy is needed: --keep \"keep-daily=7, keep-weekly=4\"")
	}
	policy, err := retention.Parse(f.keep)
	if err != nil {
		return policy, nil, wrongUsage("--keep: %w", err)
	}
	policy.Independent = policy.Independent || f.independent
	zone, err := loadZone(f.zone)
	return policy, zone, err
}

func (p *program) retentionSimulateCommand() *cobra.Command {
	var f policyFlags
	cmd := &cobra.Command{
		Use:   "simulate --keep POLICY [flags] < SNAPSHOTS",
		Short: "Show what a policy keeps of a list of snapshots, and why",
		Long: "Read a JSON array of snapshots from stdin and show which of them a policy keeps, and why. An element is a time\n" +
			"(RFC 3339) or an object {\"time\", \"protected\", \"partial\"}; the output of snapshots --json for one workload will do.",
		Example: `  heirloom snapshots --name www --json | heirloom retention simulate --keep "keep-daily=7, keep-weekly=4"`,
		Args:    wants(0, 0),
	}
	f.add(cmd)
	cmd.RunE = p.action(func(ctx context.Context, _ []string) error {
		policy, zone, err := f.resolve(cmd)
		if err != nil {
			return err
		}
		return p.simulate(ctx, policy, zone)
	})
	return cmd
}

func (p *program) simulate(ctx context.Context, policy retention.Policy, zone *time.Location) error {
	list, err := readSnapshots(interruptible(ctx, p.Stdin))
	if err != nil {
		return fmt.Errorf("read snapshots from stdin: %w", err)
	}
	plan := retention.Plan(policy, list, zone)
	if p.json {
		return writeJSON(p.Stdout, decisionsJSON(plan))
	}
	if err := plan.WriteTable(p.Stdout, zone); err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout)
	return plan.WriteCalendar(p.Stdout, zone)
}

// decisionJSON is what scripts learn of one snapshot of a plan.
type decisionJSON struct {
	Time    string           `json:"time"`
	Keep    bool             `json:"keep"`
	Reasons []retention.Rule `json:"reasons"`
}

func decisionsJSON(plan retention.Decisions) []decisionJSON {
	list := make([]decisionJSON, len(plan))
	for i, d := range plan {
		list[i] = decisionJSON{d.Time.UTC().Format(time.RFC3339Nano), d.Keep, make([]retention.Rule, len(d.Reasons))}
		for k, r := range d.Reasons {
			list[i].Reasons[k] = r.Rule
		}
	}
	return list
}
