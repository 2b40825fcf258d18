package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	m := newMarkdown(&out, "name", "size", "share", "n")
	m.row("a", 1234.5, percent(.205), 7)
	m.row("b", 12.34, percent(1), 8)
	m.row("c", 1.234, percent(0), 9)
	require.NoError(t, m.end())
	require.Equal(t, `| name | size | share | n |
|---|---|---|---|
| a | 1234 | 20.5 % | 7 |
| b | 12.3 | 100.0 % | 8 |
| c | 1.23 | 0.0 % | 9 |

`, out.String())
}

func TestHuman(t *testing.T) {
	require.Equal(t, "each chunk alone", human(everyChunk))
	require.Equal(t, "64 KiB", human(64<<10))
	require.Equal(t, "4 MiB", human(4<<20))
}

func TestMarkdownReportsTheFirstError(t *testing.T) {
	full := errors.New("full")
	m := newMarkdown(failing{full}, "name")
	m.row("a")
	require.ErrorIs(t, m.end(), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
