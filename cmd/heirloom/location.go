package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// location is where a store lies.
type location struct {
	Dir string // a local folder
}

var errNoStoreNamed = errors.New("no store is named")

// parseLocation reads a store's URL: a path, or file:///path.
func parseLocation(text string) (location, error) {
	if text == "" {
		return location{}, errNoStoreNamed
	}
	scheme, _, ok := strings.Cut(text, "://")
	if !ok {
		return location{Dir: text}, nil
	}
	switch strings.ToLower(scheme) {
	case "file":
		return parseFileURL(text)
	case "s3", "https":
		return location{}, fmt.Errorf("store %s: %s:// is not in this version; a path or file:///path is", text, scheme)
	}
	return location{}, fmt.Errorf("store %s: %s:// is nothing it knows: give a path or file:///path", text, scheme)
}

// parseFileURL reads file:///path and file://localhost/path; %XX in the path stands for a byte.
func parseFileURL(text string) (location, error) {
	u, err := url.Parse(text)
	if err != nil {
		return location{}, fmt.Errorf("store %s: %w", text, err)
	}
	if u.Host != "" && u.Host != "localhost" {
		return location{}, fmt.Errorf("store %s: it names the machine %q; a local path has three slashes: file:///path", text, u.Host)
	}
	if u.Path == "" || u.RawQuery != "" || u.Fragment != "" {
		return location{}, fmt.Errorf("store %s: it is not of the form file:///path; ? and # are written %%3F and %%23", text)
	}
	path := filepath.FromSlash(u.Path)
	if drive := filepath.VolumeName(strings.TrimLeft(path, `\`)); drive != "" { // file:///C:/store
		path = strings.TrimLeft(path, `\`)
	}
	return location{Dir: path}, nil
}
