package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// Which stores were encrypted when they were last opened is remembered beside the cache: who can write to a store could
// exchange its configuration for one without encryption, and the next backup would go up in the clear.

// knownFile is where it is remembered that the store in use is encrypted; "" where nothing can be.
func (p *program) knownFile(cacheDir string) string {
	at, err := parseLocation(p.storeURL)
	if err != nil || cacheDir == "" {
		return ""
	}
	place, err := filepath.Abs(at.Dir)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(place))
	return filepath.Join(cacheDir, "encrypted", hex.EncodeToString(sum[:16]))
}

func (p *program) knownEncrypted(cacheDir string) bool {
	file := p.knownFile(cacheDir)
	if file == "" {
		return false
	}
	_, err := os.Stat(file)
	return err == nil
}

// remember notes whether the store in use is encrypted. That it cannot be noted is no reason to fail: the check is then
// not made.
func (p *program) remember(cacheDir string, encrypted bool) {
	file := p.knownFile(cacheDir)
	switch {
	case file == "" || encrypted == p.knownEncrypted(cacheDir):
	case !encrypted:
		_ = os.Remove(file)
	case os.MkdirAll(filepath.Dir(file), 0o700) == nil:
		_ = os.WriteFile(file, []byte(p.storeURL+"\n"), 0o600)
	}
}
