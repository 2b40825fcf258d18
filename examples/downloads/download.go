package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// downloader fetches files from one server into one folder.
type downloader struct {
	client *http.Client
	server string
	folder string
}

// spec says what the task is to be that downloads a file: up to three attempts, about a second apart.
func (d downloader) spec(name string) task.Spec {
	return task.Spec{
		Type:   "download",
		User:   "example",
		Source: d.server + "/" + name,
		Target: filepath.Join(d.folder, name),
		Retry:  remedy.Retry{Attempts: 3, First: time.Second},
	}
}

// remedies says what an end in the midst of a file means here: the connection broke, and the next may not.
func (d downloader) remedies() remedy.Table {
	broken := func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
	return remedy.Table{{Matches: broken, Code: remedy.CodeCutShort, Class: remedy.Transient, Tip: "Try again later."}}
}

// fetch is what the task does. The spec has all it needs to know.
func (d downloader) fetch(ctx context.Context, run *task.Run) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, run.Spec().Source, nil)
	if err != nil {
		return err
	}
	answer, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("get %s: %s", run.Spec().Source, answer.Status)
	}
	run.Log().Info("the file comes", "attempt", run.Attempt(), "bytes", answer.ContentLength)
	stage := run.Stage("download", progress.Total{Bytes: answer.ContentLength}) // of an unknown length it is -1, as here
	sum, err := save(run.Spec().Target, io.TeeReader(answer.Body, stage))
	if err != nil {
		return fmt.Errorf("get %s: %w", path.Base(run.Spec().Source), err)
	}
	return check(run, sum, answer.Header.Get("Checksum"))
}

// save writes a file and returns the checksum of what it wrote.
func save(name string, r io.Reader) (sum string, err error) {
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(file, hash), r); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// check compares the checksum of what came with the one that the server announced.
func check(run *task.Run, got, want string) error {
	switch want {
	case got:
		run.Log().Info("the checksum is right", "sha256", got)
		return nil
	case "":
		run.Warn(run.Spec().Target, errors.New("no checksum came with it"))
		return nil
	}
	return fmt.Errorf("%s has the checksum %s instead of %s", run.Spec().Target, got, want)
}
