package main

import (
	"bufio"
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
)

// program is one run of the command line: what surrounds it, and the flags that all commands have.
type program struct {
	environment

	storeURL       string
	passphraseFile string
	cacheDir       string
	quiet          bool
	json           bool
	verbose        bool
	dataDir        string
	cpuProfile     string
	memProfile     string

	task *task.Run // what records this run; nil if nothing does
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, env environment) int {
	out := bufio.NewWriterSize(env.Stdout, 64<<10) // lists write line by line
	env.Stdout = out
	p := &program{environment: env}
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	command, err := root.ExecuteContextC(ctx)
	if flushErr := out.Flush(); flushErr != nil && (err == nil || as[status](err)) {
		err = &failure{flushErr} // nobody has the whole answer
	}
	p.complain(ctx, command, err)
	return int(statusOf(ctx, err))
}

// flush hands on what was written so far.
func (p *program) flush() error {
	if out, ok := p.Stdout.(*bufio.Writer); ok {
		return out.Flush()
	}
	return nil
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "heirloom",
		Short: "Backups that deduplicate, verify and come back",
		Long: "heirloom keeps backups of folders, disk images and streams in a deduplicating store.\n\n" +
			"Exit status: 0 ok, 1 failed, 2 wrong usage, 3 done with warnings, 4 damage found, 130 cancelled.",
		Version:       version(),
		SilenceErrors: true, // complain writes them, on one line
		SilenceUsage:  true,
	}
	p.globalFlags(root)
	root.AddGroup(&cobra.Group{ID: groupStore, Title: "With a store:"},
		&cobra.Group{ID: groupPlan, Title: "Without a store:"},
		&cobra.Group{ID: groupTasks, Title: "With the records of tasks:"})
	add(root, groupStore, p.initCommand(), p.backupCommand(), p.snapshotsCommand(), p.lsCommand(), p.catCommand(),
		p.restoreCommand(), p.verifyCommand(), p.forgetCommand(), p.undeleteCommand(), p.holdCommand(), p.releaseCommand(),
		p.pruneCommand(), p.gcCommand(), p.statsCommand(), p.probeCommand(), p.keyCommand(), p.rebuildCommand())
	add(root, groupPlan, p.scheduleCommand(), p.retentionCommand())
	add(root, groupTasks, p.taskCommand())
	root.AddCommand(p.versionCommand())
	showUseAsWritten(root)
	return root
}

const (
	groupStore = "store"
	groupPlan  = "plan"
	groupTasks = "tasks"
)

func add(root *cobra.Command, group string, commands ...*cobra.Command) {
	for _, c := range commands {
		c.GroupID = group
		root.AddCommand(c)
	}
}

// showUseAsWritten keeps "[flags]" off the ends of the forms, which name the flags that matter.
func showUseAsWritten(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	for _, c := range cmd.Commands() {
		showUseAsWritten(c)
	}
}

func (p *program) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&p.storeURL, "store", p.Getenv("HEIRLOOM_STORE"), "`URL` or path of the store (HEIRLOOM_STORE)")
	f.StringVar(&p.passphraseFile, "passphrase-file", "", "read the passphrase from `FILE` (HEIRLOOM_PASSPHRASE holds it itself)")
	f.StringVar(&p.cacheDir, "cache-dir", p.Getenv("HEIRLOOM_CACHE_DIR"), "keep the cache in folder `DIR` (HEIRLOOM_CACHE_DIR); safe to delete")
	f.StringVar(&p.dataDir, "data", p.Getenv("HEIRLOOM_DATA"), "record backup, restore, verify, prune and gc as tasks in folder `DIR` (HEIRLOOM_DATA)")
	f.BoolVarP(&p.quiet, "quiet", "q", false, "only errors and warnings, and the data that was asked for")
	f.BoolVar(&p.json, "json", false, "one JSON document on stdout")
	f.BoolVarP(&p.verbose, "verbose", "v", false, "tell on stderr what happens")
	f.StringVar(&p.cpuProfile, "cpuprofile", "", "write a CPU profile to `FILE`")
	f.StringVar(&p.memProfile, "memprofile", "", "write a memory profile to `FILE`")
	for _, hidden := range []string{"cpuprofile", "memprofile"} {
		f.Lookup(hidden).Hidden = true
	}
}
