package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// file is one that the server has.
type file struct {
	name      string
	size      int  // in bytes
	perSecond int  // bytes that the server sends in a second
	breaks    bool // the first connection breaks half-way
	unchecked bool // it comes without a checksum
}

const mb = 1_000_000

var files = []file{
	{name: "atlas.pdf", size: 3 * mb, perSecond: 1.5 * mb},
	{name: "birdsong.flac", size: 7.5 * mb, perSecond: 2.5 * mb},
	{name: "film.mkv", size: 16 * mb, perSecond: 4 * mb},
	{name: "map.osm.pbf", size: 4 * mb, perSecond: 2 * mb, breaks: true},
	{name: "photos.tar", size: 2.8 * mb, perSecond: 0.8 * mb, unchecked: true},
}

// shelf is a server with one file under each name.
type shelf map[string]*served

// served is a file with what has become of it.
type served struct {
	file
	broke atomic.Bool
}

func newShelf(files []file) shelf {
	s := shelf{}
	for _, f := range files {
		s[f.name] = &served{file: f}
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := s[strings.TrimPrefix(r.URL.Path, "/")]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	content := bytes.Repeat([]byte(f.name[:1]), f.size)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if !f.unchecked {
		sum := sha256.Sum256(content)
		w.Header().Set("Checksum", hex.EncodeToString(sum[:]))
	}
	if f.breaks && f.broke.CompareAndSwap(false, true) {
		drip(w, content[:len(content)/2], f.perSecond)
		panic(http.ErrAbortHandler)
	}
	drip(w, content, f.perSecond)
}

// drip sends data at so many bytes a second.
func drip(w http.ResponseWriter, data []byte, perSecond int) {
	const pause = 50 * time.Millisecond
	step := perSecond / int(time.Second/pause)
	for len(data) > 0 {
		time.Sleep(pause)
		n, err := w.Write(data[:min(step, len(data))])
		if err != nil {
			return // nobody listens any more
		}
		http.NewResponseController(w).Flush()
		data = data[n:]
	}
}
