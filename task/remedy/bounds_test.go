package remedy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// Whatever somebody calls a code: what is kept of it is short, and is text.
func TestCodesAreBounded(t *testing.T) {
	for name, code := range map[string]string{
		"long": strings.Repeat("x", 1<<20), "long runes": strings.Repeat("語", 1<<10), "broken": "disk\xfffull",
		"long and broken": strings.Repeat("a\xff", 1<<10), "just fits": strings.Repeat("x", remedy.MaxCode),
		"cut in a rune": strings.Repeat("x", remedy.MaxCode-1) + "ä",
	} {
		t.Run(name, func(t *testing.T) {
			row := remedy.Row{Matches: matches(errTorn), Code: remedy.Code(code), Class: remedy.Damage, Tip: "Verify."}
			for _, err := range []error{remedy.New(remedy.Code(code), "", "", errLocked), errTorn} {
				failure := remedy.Table{row}.Explain(err)
				require.LessOrEqual(t, len(failure.Code), remedy.MaxCode)
				require.True(t, utf8.ValidString(string(failure.Code)))
				require.True(t, strings.HasPrefix(strings.ToValidUTF8(code, "\uFFFD"), string(failure.Code)))
				require.NotEmpty(t, failure.Code)
				require.Equal(t, remedy.Damage, failure.Class, "the row is found by the whole code")
			}
		})
	}
}

// There are four classes. What is none of them says nothing.
func TestClassesAreThoseThereAre(t *testing.T) {
	odd := remedy.Class(strings.Repeat("odd", 1<<20))
	require.Equal(t, remedy.Transient, table().Explain(remedy.New("", odd, "", errLocked)).Class, "that of the row")
	require.Equal(t, remedy.User, table().Explain(remedy.New("new", odd, "", errLocked)).Class, "that of the unknown")
	rows := remedy.Table{{Matches: matches(errTorn), Code: "torn", Class: odd}}
	require.Equal(t, remedy.User, rows.Explain(errTorn).Class)
	for _, class := range []remedy.Class{remedy.Transient, remedy.User, remedy.Damage, remedy.Bug} {
		require.Equal(t, class, table().Explain(remedy.New("new", class, "", errLocked)).Class)
	}
}
