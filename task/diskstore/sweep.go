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
// and of the format.
func (s *Store) sweep(now time.Time) error {
	return errors.Join(s.sweepFolder(s.wishes(), "", now), s.sweepFolder(s.live(), progressEnd, now), s.sweepFormat(now))
}

func (s *Store) sweepFolder(dir, suffix string, now time.Time) (failed error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		at, ok := positionOf(e.Name(), suffix)
		if ok && !s.hasJournal(at) || suffix == "" && isOldDraft(e, now) {
			failed = errors.Join(failed, removeIfThere(filepath.Join(dir, e.Name())))
		}
	}
	return failed
}

// sweepFormat removes drafts of the format. They lie where other files may lie as well.
func (s *Store) sweepFormat(now time.Time) (failed error) {
	entries, err := os.ReadDir(string(s.layout))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), formatFile+".") && e.Type().IsRegular() && isOldDraft(e, now) {
			failed = errors.Join(failed, removeIfThere(filepath.Join(string(s.layout), e.Name())))
		}
	}
	return failed
}

func isOldDraft(e fs.DirEntry, now time.Time) bool {
	info, err := e.Info()
	return err == nil && strings.HasSuffix(e.Name(), draftEnd) && now.Sub(info.ModTime()) > leftOver
}
