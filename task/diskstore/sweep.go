package diskstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leftOver is the age from which a draft is taken for that of a process that died.
const leftOver = time.Hour

// sweep removes what processes that died have left: wishes and progress of tasks without a journal, and drafts of wishes
// and of the format, which lies where other files may lie as well.
func (s *Store) sweep(now time.Time) error {
	return errors.Join(
		removeFrom(s.wishes(), func(e fs.DirEntry) bool { return s.isOfNoTask(e, "") || isOldDraft(e, now) }),
		removeFrom(s.live(), func(e fs.DirEntry) bool { return s.isOfNoTask(e, progressEnd) }),
		removeFrom(string(s.layout), func(e fs.DirEntry) bool {
			return strings.HasPrefix(e.Name(), formatFile+".") && e.Type().IsRegular() && isOldDraft(e, now)
		}),
	)
}

// removeFrom removes the files of a folder that are litter.
func removeFrom(dir string, isLitter func(fs.DirEntry) bool) (failed error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if isLitter(e) {
			failed = errors.Join(failed, removeIfThere(filepath.Join(dir, e.Name())))
		}
	}
	return failed
}

// isOfNoTask tells whether a file, named by a task's position and a suffix, is of one that has no journal.
func (s *Store) isOfNoTask(e fs.DirEntry, suffix string) bool {
	at, ok := positionOf(e.Name(), suffix)
	return ok && !s.hasJournal(at)
}

func isOldDraft(e fs.DirEntry, now time.Time) bool {
	info, err := e.Info()
	return err == nil && strings.HasSuffix(e.Name(), draftEnd) && now.Sub(info.ModTime()) > leftOver
}
