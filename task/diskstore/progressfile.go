package diskstore

import (
	"bytes"
	"os"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// progressFile is where the owner of a task writes how far it has come. It is written over and over at the same place,
// and not durable.
type progressFile struct{ file *os.File }

func (p *progressFile) write(path string, s progress.Snapshot) error {
	line, err := encodeLine(s)
	if err != nil {
		return err
	}
	if p.file == nil {
		if p.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode); err != nil {
			p.file = nil
			return err
		}
	}
	_, err = p.file.WriteAt(line, 0)
	return err
}

func (p *progressFile) close() {
	if p.file != nil {
		_ = p.file.Close() // nobody relies on it
		p.file = nil
	}
}

// remove takes away what an earlier attempt has written.
func (p *progressFile) remove(path string) error {
	p.close()
	return removeIfThere(path)
}

// maxProgress is how much of such a file is read, in bytes: more than all stages of a snapshot take up.
const maxProgress = 1 << 20

// readProgress returns what was written last. If there is nothing, or it is being written at this moment, the snapshot
// is empty.
func readProgress(path string) (s progress.Snapshot) {
	data, err := readFile(path, maxProgress)
	if err != nil {
		return s
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if decodeLine(line, &s) != nil {
		return progress.Snapshot{}
	}
	return s
}
