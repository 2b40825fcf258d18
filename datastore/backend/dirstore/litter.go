package dirstore

import (
	"path"
	"strings"
	"time"
)

// litterAge is far longer than any put takes. Should one take longer, its temporary file is missing when it is to get
// its name: the put fails, and nothing is lost.
const litterAge = 24 * time.Hour

// removeLitter removes what crashed processes left in the temporary folder. It is a courtesy: whatever cannot be read or
// removed stays.
func (b *Backend) removeLitter() {
	entries, err := b.readFolder(tempFolder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || !isLitter(entry.Name()) {
			continue
		}
		if b.options.Now().Sub(info.ModTime()) > litterAge {
			_ = b.disk.remove(path.Join(tempFolder, entry.Name()))
		}
	}
}

func isLitter(name string) bool {
	return strings.HasSuffix(name, tempSuffix) || strings.HasSuffix(name, claimSuffix)
}
