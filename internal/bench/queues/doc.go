// Queues compares package task, on a disk, with river on SQLite: two queues that a Go program embeds and that need no
// server. It is a module of its own, so that heirloom does not depend on what it is compared with.
//
//	cd internal/bench/queues && go run . -scratch /dev/shm
//
// It prints one table: a row for each figure, a column for each queue, and in brackets what the figure is divided by
// heirloom's. The queues take turns, so that a machine that is slower for a while is slower for all of them; what is
// printed is the median of five rounds (-rounds), in each of which a figure takes about a second (-each). The latencies of
// all rounds are thrown together; of few of them the p99 is just the longest, so their number is printed.
//
// # What is measured
//
//	submit to start         from the call that submits an empty task to its first instruction, one task at a time
//	tasks/s, n in flight    n goroutines submit an empty task and wait for its end, again and again; 8 workers
//	page                    the newest 50 of 100,000 ended tasks that fit, in a history that is open
//	open, page, close       the same as a command does it that lists tasks and exits
//
// # The queues
//
//	heirloom        task.Runner on diskstore, with nothing set but 8 slots
//	river           as it comes: a new job is noticed by a look every 50 ms and fetched at most every 100 ms; jobs that are
//	                done become so in the database together, every 250 ms or by the hundred
//	river, eager    the shortest pauses that it permits (1 ms, PollOnly), and a worker that records the end of its job in a
//	                transaction of its own (JobCompleteTx) and says so once that is durable
//
// River's column shows what a program gets that does not look into it, and the eager one the best that was found: longer
// pauses made it slower, and being told of new jobs made no difference. It looks for work a thousand times a second, even
// if there is none; heirloom wakes up when there is some.
//
// # How fair it is
//
// Both are equally durable: a task is on the disk when Submit or Insert returns, again before it begins, and again before
// anybody learns that it has ended. SQLite has journal_mode=WAL and synchronous=FULL for that, so that each commit is one
// fsync of its log: three for a task that is alone. Heirloom has four, one for each state and one for the folder of the
// new journal. Where many tasks are under way, river fetches up to eight of them in one commit, and as it comes also ends
// many in one; heirloom has files that the disk can sync side by side, while SQLite has one writer.
//
// Heirloom does more for a task: it has a log, progress, warnings and a limit for each key, and another process can list
// and cancel it. It also files the records of tasks that have ended while the others run; that is in the figures.
//
// River does more in other ways: a job can be inserted in the same transaction as the program's own rows, its arguments
// are typed, and several processes can work on one queue. Its authors call the driver for SQLite an early one, advise a
// single connection for it, and say that it is slower than the one for PostgreSQL, which is not measured here. It runs on
// modernc.org/sqlite, SQLite translated to Go; the one in C may be faster.
//
// The page by type and status is about the same question to both, with an index that helps. River knows no users: a tag
// stands for one, and no index has tags. The history of heirloom comes from tasks that ran; the rows of river are written
// as it leaves them, by SQL.
package main
