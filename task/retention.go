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

// Drops tells whether the record of a task goes that was made at a time, and is the n-th newest of those that have
// ended, counted from 1.
func (k Retention) Drops(made time.Time, n int, now time.Time) bool {
	return drops(k.Age, k.Count, made, n, now)
}

// DropsLog tells whether the log of such a task goes by itself: it is the n-th newest of those that have a log.
func (k Retention) DropsLog(made time.Time, n int, now time.Time) bool {
	return drops(k.LogAge, k.LogCount, made, n, now)
}

func drops(age time.Duration, count int, made time.Time, n int, now time.Time) bool {
	return age > 0 && now.Sub(made) > age || count > 0 && n > count
}
