package diskstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// RequestCancel leaves a wish for the owner of a task.
func (s *Store) RequestCancel(ctx context.Context, id task.UPID, w task.Cancellation) error {
	if err := s.checkCancellable(ctx, id); err != nil {
		return fmt.Errorf("cancel %s: %w", id, err)
	}
	w = w.Bounded()
	at := id.Position()
	if err := s.leaveWish(at, w); err != nil {
		return fmt.Errorf("cancel %s: %w", id, err)
	}
	if c := s.claim(at); c != nil {
		c.wished(w) // no need to wait until the wish is found
	}
	return nil
}

func (s *Store) checkCancellable(ctx context.Context, id task.UPID) error {
	r, err := s.get(ctx, id)
	if err == nil && r.State.Final() {
		return task.ErrEnded
	}
	if err != nil {
		return err
	}
	return s.usable(ctx)
}

// leaveWish makes the file of a wish, unless there is one that can be read. It becomes visible when it is whole.
func (s *Store) leaveWish(at task.Position, w task.Cancellation) error {
	_, err := s.readWish(at)
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errDamagedLine) {
		return err // nil: whoever asked first is the one whom the record names
	}
	line, err := encodeLine(w)
	if err != nil {
		return err
	}
	return place(filepath.Join(s.wishes(), rand.Text()+draftEnd), s.wish(at), line)
}

func (s *Store) claim(at task.Position) *claim {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.claims[at]
}

// watchWishes begins to look for wishes that concern the tasks of this store. The store's mutex is held.
func (s *Store) watchWishes() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.watching.Go(func() {
		tick := time.NewTicker(s.o.WishEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.lookForWishes()
			case <-ctx.Done():
				return
			}
		}
	})
}

// lookForWishes tells the claims of this store what is wished of them.
func (s *Store) lookForWishes() {
	entries, err := os.ReadDir(s.wishes())
	if err != nil {
		s.o.Logger.Error("look for requests to cancel tasks", "err", err)
	}
	for _, e := range entries {
		at, ok := positionOf(e.Name(), "")
		if !ok {
			continue
		}
		if c := s.claim(at); c != nil {
			s.tellWish(c)
		}
	}
}

func (s *Store) tellWish(c *claim) {
	w, err := s.readWish(c.at)
	switch {
	case err == nil:
		c.wished(w)
	case !errors.Is(err, fs.ErrNotExist):
		s.o.Logger.Error("read a request to cancel a task", "err", err)
	}
}

// maxWish is the size of the largest wish that is read, in bytes.
const maxWish = 1 << 20

func (s *Store) readWish(at task.Position) (w task.Cancellation, err error) {
	data, err := readFile(s.wish(at), maxWish)
	if err != nil {
		return w, err
	}
	if len(data) == 0 || decodeLine(data[:len(data)-1], &w) != nil {
		return w, fmt.Errorf("%s: %w: ask again", s.wish(at), errDamagedLine)
	}
	return w, nil
}
