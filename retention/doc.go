// Package retention decides which snapshots of a series stay, which go, and says why.
//
// It is pure: snapshots and a time zone come in, decisions come out. It reads no clock, deletes nothing and imports
// the standard library only, so that any tool that keeps backups can use it. All functions are safe for concurrent
// use; none modifies its arguments.
//
//	policy, err := retention.Parse("keep-daily=7, keep-weekly=4, keep-monthly=12")
//	for _, d := range retention.Plan(policy, snapshots, time.Local) {
//		fmt.Println(d.ID, d.Keep, d.Why())
//	}
//
// # Windows
//
// A policy is made of windows: keep-last counts snapshots, the others count hours, days, ISO weeks, months and years
// of the wall clock in the given zone. A window has as many slots as its count says; a slot holds one period and keeps
// the newest snapshot of it. Only periods that have a snapshot take a slot, so a week without backups costs nothing.
//
// # Chained windows
//
// By default each window takes over where those before it end, in the order last, hourly, daily, weekly, monthly,
// yearly: the semantics of Proxmox's prune. Each window walks the snapshots that are still undecided, newest first:
//
//   - one whose period already has a snapshot kept by an earlier window is passed over; a later window may want it;
//   - in a new period it is kept, while slots are left; when none is left, the window ends;
//   - a further one in a period that this window has filled is removed, for good.
//
// What no window kept is removed.
//
// # Independent windows
//
// With [Policy.Independent] each window counts on its own, from the newest snapshot on, and a snapshot may be kept by
// several: the semantics of restic's forget. As there (since its version 0.16), a window that still has slots left at
// the end also keeps the oldest snapshot, so that a young series reaches back as far as it can.
//
// The same seven nights, Friday to Thursday, under "keep-daily=3, keep-weekly=2":
//
//	snapshot          chained                      independent
//	Thu 2026-11-26    keep-daily #1                keep-daily #1, keep-weekly #1
//	Wed 2026-11-25    keep-daily #2                keep-daily #2
//	Tue 2026-11-24    keep-daily #3                keep-daily #3
//	Mon 2026-11-23    same week as keep-daily #1   -
//	Sun 2026-11-22    keep-weekly #1               keep-weekly #2
//	Sat 2026-11-21    same week as keep-weekly #1  -
//	Fri 2026-11-20    same week as keep-weekly #1  -
//
// Chained, the three days already stand for the week that began on Monday 23 November, so the first weekly slot goes
// to the week before it and one slot stays free; independent, both slots are spent and the reach is shorter.
//
// # What windows do not decide
//
// Protected, held and suspect snapshots are kept and take no slot. The checkpoint of a run that never finished
// ([Snapshot.Partial]) is kept only while it is the newest of all. And whatever the windows say, the newest snapshot
// that is known to be good is never removed. Each of these is a [Reason] like any other.
//
// A policy without any window keeps everything: see [Policy.KeepsEverything].
//
// # Looking ahead
//
// [Forecast] replays a schedule against a policy and tells what exists on any day to come.
package retention
