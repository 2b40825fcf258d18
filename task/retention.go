package task

import "time"

// Retention says what of the ended tasks is kept. The zero value of each field keeps all.
type Retention struct {
	Age      time.Duration // records older than this go, by the time of the UPID
	Count    int           // only so many records stay, the newest
	LogAge   time.Duration // the same for logs; a record that goes takes its log along
	LogCount int
}

// Pruned says what Prune has removed.
type Pruned struct {
	Records int
	Logs    int
	Bytes   int64 // of the logs
}

// Drops tells whether the record of a task goes that is the n-th newest of those that have ended, counted from 1.
func (k Retention) Drops(u UPID, n int, now time.Time) bool { return drops(k.Age, k.Count, u, n, now) }

// DropsLog tells the same of the log of a task that is the n-th newest of those that have ended and have a log.
func (k Retention) DropsLog(u UPID, n int, now time.Time) bool {
	return drops(k.LogAge, k.LogCount, u, n, now) || k.Drops(u, n, now)
}

func drops(age time.Duration, count int, u UPID, n int, now time.Time) bool {
	return age > 0 && now.Sub(u.Time()) > age || count > 0 && n > count
}
