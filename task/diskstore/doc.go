// Package diskstore keeps tasks in a folder that several processes may use at a time: each can list what the others do,
// and ask them to stop it.
//
// # What lies in the folder
//
//	heirloom-tasks.json         {"format":1}
//	live/<position>.task        journal of a task: a line for each change of state, durable before anybody is told
//	live/<position>.progress    how far the task has come: one line, replaced every second
//	owners/<id>                 locked by the process that owns tasks, for as long as it lives
//	cancel/<position>           a wish that the task stops, for its owner
//	logs/<day>/<position>.log   the task's log
//	history/                    the records of tasks that have ended, and totals; see below
//	history.lock, history.turn  locked by whoever is at the history, and by whoever waits for it
//	recover.lock                locked by whoever looks for tasks without an owner
//
// A position is the task.Position of the task's UPID in hexadecimal digits. A line is the CRC-32C of some JSON in eight
// digits, a space, the JSON, and a newline; that of a journal is {"owner": …, "record": …}, and the last whole one
// counts. While a journal is made it is called live/<position>.<owner>.new.
//
// # Who owns what
//
// A task that has not ended belongs to the owner that its journal names. It is alive if its file is locked, which the
// system undoes when the process ends, however it ends. Locks are flock(2), on Windows LockFileEx: the folder must be on
// a file system where they work among all who use it, so on a network file system only if its server does that.
//
// # History
//
// A task that has ended stays in its journal until there are many, or the store is closed with more than a few. Then
// whoever notices files them: they go into the history, which is open for writing just that long, and the journals are
// removed once that is durable. Readers look at the journals first and at the history after that, and so see each
// record, and each once.
package diskstore
