package history

import (
	"log/slog"
	"runtime"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Options says how a database is opened. The zero value opens it for reading and writing, silently.
type Options struct {
	ReadOnly bool         // several processes may have it open for reading at a time
	Logger   *slog.Logger // hears what badger has to say: nil is silence
}

// tablesAtRest is how many tables may pile up at the top of the tree. Each opening for writing leaves one there; badger
// would merge them in the background, but not before it has been open for up to a second.
const tablesAtRest = 8

// badgerOptions returns the settings for a database that is small, opened often, and shut soon.
func badgerOptions(dir string, o Options) badger.Options {
	b := badger.DefaultOptions(dir).
		WithReadOnly(o.ReadOnly).
		WithLogger(logger(o.Logger)).
		WithMetricsEnabled(false).
		// Nobody else writes meanwhile.
		WithDetectConflicts(false).
		WithNumGoroutines(1).
		WithNumCompactors(2).
		// The journal of a memtable that filled up is not synced by DB.Sync; with this each transaction is.
		WithSyncWrites(true).
		// Tables are mapped into memory: the system's page cache is the cache, and outlives the process.
		WithCompression(options.None).WithBlockCacheSize(0).WithIndexCacheSize(0).
		// Values have checksums of their own, which tell a damaged record from its neighbours. With those of blocks
		// badger takes a damaged block for the end of its table, and says nothing.
		WithChecksumVerificationMode(options.NoVerification).
		// Each opening reads the indexes of all tables. Large blocks make them small, and without filters, which only
		// a look at one record gains by, they are a quarter of what they were.
		WithBlockSize(16 << 10).WithBloomFalsePositive(0).
		WithMemTableSize(memTableSize).WithNumMemtables(3).
		WithBaseTableSize(4 << 20).
		// No value is large enough for the value log, but it is there.
		WithValueThreshold(1 << 20).WithValueLogFileSize(1 << 20).
		WithNumLevelZeroTablesStall(4 * tablesAtRest)
	// There, badger's own lock has no form for reading; the lock outside is enough.
	return b.WithBypassLockGuard(o.ReadOnly && runtime.GOOS == "windows")
}

const memTableSize = 8 << 20
