package source

import (
	"strconv"

	"golang.org/x/sys/unix"
)

const noAccessTime = unix.O_NOATIME

// attributePath is a path to an entry of the folder that is short however deep the folder is, and leads into this very
// folder whatever has become of its path. Without /proc it is the path itself.
func (h *handle) attributePath(name, path string) string {
	if !h.proc {
		return path
	}
	return "/proc/self/fd/" + strconv.Itoa(h.fd) + "/" + name
}
