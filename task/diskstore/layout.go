package diskstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// layout is where things lie below the store's folder. The names of files are positions of UPIDs, which sort by time.
type layout string

const (
	formatFile  = "heirloom-tasks.json"
	journalEnd  = ".task"
	progressEnd = ".progress"
	draftEnd    = ".new"
	logEnd      = ".log"
	folderMode  = 0o700 // who did what, and when, is nobody else's business
	fileMode    = 0o600
)

func (l layout) format() string      { return filepath.Join(string(l), formatFile) }
func (l layout) live() string        { return filepath.Join(string(l), "live") }
func (l layout) owners() string      { return filepath.Join(string(l), "owners") }
func (l layout) wishes() string      { return filepath.Join(string(l), "cancel") }
func (l layout) logs() string        { return filepath.Join(string(l), "logs") }
func (l layout) history() string     { return filepath.Join(string(l), "history") }
func (l layout) historyLock() string { return filepath.Join(string(l), "history.lock") }
func (l layout) historyTurn() string { return filepath.Join(string(l), "history.turn") }
func (l layout) recoverLock() string { return filepath.Join(string(l), "recover.lock") }

// folders are those that a store has from the beginning; history makes its own.
func (l layout) folders() []string { return []string{l.live(), l.owners(), l.wishes(), l.logs()} }

func (l layout) journal(p task.Position) string {
	return filepath.Join(l.live(), p.String()+journalEnd)
}
func (l layout) progress(p task.Position) string {
	return filepath.Join(l.live(), p.String()+progressEnd)
}
func (l layout) wish(p task.Position) string { return filepath.Join(l.wishes(), p.String()) }
func (l layout) owner(id string) string      { return filepath.Join(l.owners(), id) }

// draft is where a journal is made before it gets its name. It says whose it is.
func (l layout) draft(p task.Position, owner string) string {
	return filepath.Join(l.live(), p.String()+"."+owner+draftEnd)
}

// log is in a folder for each day, so that none of them becomes large.
func (l layout) log(u task.UPID) string {
	return filepath.Join(l.logs(), u.Time().Format(time.DateOnly), u.Position().String()+logEnd)
}

// positionOf returns the position in the name of a file that ends with suffix.
func positionOf(name, suffix string) (task.Position, bool) {
	text, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return task.Position{}, false
	}
	p, err := task.ParsePosition(text)
	return p, err == nil
}

// ownerOfDraft returns who makes the journal that lies under a draft's name.
func ownerOfDraft(name string) (string, bool) {
	text, ok := strings.CutSuffix(name, draftEnd)
	if !ok {
		return "", false
	}
	_, owner, ok := strings.Cut(text, ".")
	return owner, ok
}

// makeFolder makes a folder, and those above it, durably.
func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return ignoreUnsupported(f.Sync())
}
