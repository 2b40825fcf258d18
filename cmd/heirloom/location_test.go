package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseLocation(t *testing.T) {
	tests := map[string]struct {
		text, dir, err string
	}{
		"path":               {text: "/srv/store", dir: "/srv/store"},
		"relative path":      {text: "store", dir: "store"},
		"Windows path":       {text: `C:\store`, dir: `C:\store`},
		"path with colon":    {text: "./a:b", dir: "./a:b"},
		"file URL":           {text: "file:///srv/store", dir: "/srv/store"},
		"file URL, escaped":  {text: "file:///srv/my%20store", dir: "/srv/my store"},
		"file URL, host":     {text: "file://localhost/srv", dir: "/srv"},
		"scheme in capitals": {text: "FILE:///srv", dir: "/srv"},
		"nothing":            {err: "no store is named"},
		"two slashes":        {text: "file://srv/store", err: `it names the machine "srv"`},
		"file URL, no path":  {text: "file://", err: "not of the form file:///path"},
		"file URL, query":    {text: "file:///srv?x=1", err: "? and # are written"},
		"bad escape":         {text: "file:///srv%zz", err: "invalid URL escape"},
		"bucket":             {text: "s3://bucket/prefix?endpoint=x", err: "s3:// is not in this version"},
		"server":             {text: "https://host:8007/x", err: "https:// is not in this version"},
		"other scheme":       {text: "ftp://host/x", err: "ftp:// is nothing it knows"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			at, err := parseLocation(test.text)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.dir, at.Dir)
		})
	}
}

func FuzzParseLocation(f *testing.F) {
	for _, seed := range []string{"/srv", "file:///srv", "file://", "s3://b", "://", "C:\\x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := parseLocation(text)
		require.Equal(t, err == nil, at.Dir != "", "a location or an error, never both or neither")
	})
}
