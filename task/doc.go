// Package task runs long work and keeps track of it, in any program: a queue with priorities and limits, a state that is
// durable before anybody is told, progress while it goes on, a log of its own, and a record when it is over.
//
// There are four things to know:
//
//	Spec     what a task is to be: its type, whose it is, what it is about; its key, priority, deadline and retries
//	Runner   takes specs and functions, gives each a slot when its turn comes, and sees it to its end
//	Run      what the function works with: stages to count in, a log, warnings
//	Record   all that is kept of a task, in a Store; its name is a UPID
//
// A task goes from Queued to Running and ends as OK, Warning, Failed or Cancelled. If its process dies it is found out:
// the next runner on the same store marks it as failed, or queues it again if its Spec says so. No task stays running
// that does not run.
//
// A store in memory comes with the package; that of package task/diskstore outlives the process. Package task/progress
// counts, task/tasklog writes and reads logs, and task/remedy says what an error means and what to do about it.
//
// # What to mind
//
// A task whose function does not return when its context is done cannot be stopped. After Options.Grace it is recorded as
// failed and its slot goes to the next; but it goes on, and Health names it.
//
// No observer holds up the work: Watch coalesces progress, and tells one who is too slow to learn each change of state
// that he is.
//
// The package keeps one variable: the number of the last task. It is the process's, as UPIDs are unique only if all
// runners of a process count together.
package task
