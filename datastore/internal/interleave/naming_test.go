package interleave

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNaming(t *testing.T) {
	session, pack := strings.Repeat("5", 32), "ab"+strings.Repeat("c", 30)
	n := newNaming()
	require.Equal(t, "packs/?-?", n.preview("packs/ab/"+pack+"-"+session))
	for _, c := range []struct{ name, actor, want string }{
		{"heirloom.json", "w", "heirloom.json"},
		{"n/12", "w", "n/12"},
		{"sessions/" + session, "w", "sessions/w#1"},
		{"packs/ab/" + pack + "-" + session, "w", "packs/w#2-w#1"},
		{"beats/" + session + "/17", "gc", "beats/w#1/17"},
		{"condemned/" + strings.Repeat("d", 16), "gc", "condemned/gc#1"},
		{"other/00/" + pack, "gc", "other/00/w#2"},
		{"packs/ab/" + pack + "-" + session, "gc", "packs/w#2-w#1"},
		{"short/0123456789abcde", "gc", "short/0123456789abcde"},
	} {
		require.Equal(t, c.want, n.learn(c.name, c.actor))
		require.Equal(t, c.want, n.preview(c.name))
	}
	require.Equal(t, "gc#1 = dddddddddddddddd\nw#1 = "+session+"\nw#2 = "+pack, n.legend())
}
