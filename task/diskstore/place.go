package diskstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// place makes the file at path hold data, durably and in one step: nobody ever sees a part of it. The data are written
// under the name of the draft first. On an error the file may or may not have been replaced.
func place(draft, path string, data []byte) error {
	err := writeNew(draft, data)
	if err == nil {
		err = os.Rename(draft, path)
	}
	if err != nil {
		return errors.Join(err, removeIfThere(draft))
	}
	return syncFolder(filepath.Dir(path))
}

// writeNew makes a file that holds data, durably but for its name.
func writeNew(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
