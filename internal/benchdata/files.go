package benchdata

import (
	"fmt"
	"os"
	"path/filepath"
)

// File is a small file of a tree.
type File struct {
	Path string // relative, with slashes
	Data []byte
}

// filesPerFolder is how many files Files puts into one folder.
const filesPerFolder = 40

// Files returns a tree of n small files, in the order of their paths: text of 11 KiB in the mean, from 100 bytes to 128 KiB,
// and among each twenty one picture or archive that does not compress.
func Files(n int, seed uint64) []File {
	r := random(seed)
	text := Text(1<<20, seed)
	files := make([]File, n)
	for i := range files {
		files[i].Path = fmt.Sprintf("folder%04d/file%02d", i/filesPerFolder, i%filesPerFolder)
		size := 100 + r.skewed(128<<10)
		if r.oneIn(20) {
			files[i].Data = make([]byte, size)
			r.fill(files[i].Data)
			continue
		}
		if len(text) < size {
			text = Text(1<<20, r.next())
		}
		files[i].Data, text = text[:size:size], text[size:]
	}
	return files
}

// Bytes returns the size of all files together.
func Bytes(files []File) (n int64) {
	for _, f := range files {
		n += int64(len(f.Data))
	}
	return n
}

// Write makes the files on disk, below an existing folder.
func Write(dir string, files []File) error {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
