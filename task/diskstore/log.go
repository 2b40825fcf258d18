package diskstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/heirloom-backup/heirloom/task"
)

// taskLog is the log of a task that is claimed. Its file is made when the first line comes.
type taskLog struct {
	path string

	mu    sync.Mutex
	file  *os.File
	size  int64
	over  bool
	isNew bool // there can be no file yet
}

// Write appends whole lines. What was written outlasts the process.
func (l *taskLog) Write(lines []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return 0, task.ErrReleased
	}
	if l.file == nil {
		if err := l.open(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(lines)
	l.size += int64(n)
	return n, err
}

// open opens the file at its end. A line that was torn when a process died is ended.
func (l *taskLog) open() error {
	f, err := l.openFile()
	if errors.Is(err, fs.ErrNotExist) { // somebody has removed the folder of the day in this moment, because it was empty
		f, err = l.openFile()
	}
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil && size > 0 {
		size, err = endLine(f, size)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.file, l.size, l.isNew = f, size, false
	return nil
}

func (l *taskLog) openFile() (*os.File, error) {
	if err := makeFolder(filepath.Dir(l.path)); err != nil {
		return nil, err
	}
	return os.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, fileMode)
}

// endLine adds a newline to a file that has none at its end, and returns its size.
func endLine(f *os.File, size int64) (int64, error) {
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, size-1); err != nil {
		return size, err
	}
	if last[0] == '\n' {
		return size, nil
	}
	_, err := f.WriteString("\n")
	return size + 1, err
}

func (l *taskLog) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil && !l.over && !l.isNew {
		if info, err := os.Stat(l.path); err == nil {
			return info.Size()
		}
	}
	return l.size
}

// close makes the log durable and takes in no more. It may be called again after it failed.
func (l *taskLog) close() (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		if err := errors.Join(l.file.Sync(), syncFolder(filepath.Dir(l.path))); err != nil {
			return err
		}
		err = l.file.Close()
		l.file = nil
	}
	l.over = true
	return err
}

// OpenLog opens the file of a log.
func (s *Store) OpenLog(ctx context.Context, id task.UPID) (task.Log, error) {
	f, err := os.Open(s.log(id))
	if err == nil {
		return &openLog{file: f, store: s, id: id}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open log of %s: %w", id, err)
	}
	r, err := s.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	if r.LogSize > 0 {
		return nil, fmt.Errorf("open log of %s: %w", id, task.ErrNoLog)
	}
	return &openLog{store: s, id: id}, nil
}

// openLog is a log that somebody reads.
type openLog struct {
	store *Store
	id    task.UPID

	mu   sync.Mutex
	file *os.File // nil while there is no line
}

func (l *openLog) ReadAt(p []byte, offset int64) (int, error) {
	f, err := l.opened()
	if errors.Is(err, fs.ErrNotExist) {
		return 0, io.EOF
	}
	if err != nil {
		return 0, err
	}
	return f.ReadAt(p, offset)
}

// opened returns the file, and opens it if there is one by now; fs.ErrNotExist if there is none.
func (l *openLog) opened() (f *os.File, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		if f, err = os.Open(l.store.log(l.id)); err != nil {
			return nil, err
		}
		l.file = f
	}
	return l.file, nil
}

func (l *openLog) Size() (int64, error) {
	f, err := l.opened()
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (l *openLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// Ended looks at the journal. A task whose owner is gone adds nothing, until somebody looks after it.
func (l *openLog) Ended() (bool, error) {
	s, _, err := readJournal(l.store.journal(l.id.Position()))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil // it is filed, or was never there
	}
	if err != nil || s.Record.State.Final() {
		return true, err
	}
	alive, err := l.store.alive(s.Owner)
	return !alive, err
}
