package remedy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

var (
	errLocked = errors.New("store is locked")
	errTorn   = errors.New("pack is torn")
)

func matches(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func table() remedy.Table {
	return remedy.Table{
		{Matches: matches(errLocked), Code: "locked", Class: remedy.Transient, Tip: "Wait."},
		{Matches: matches(errTorn), Code: "torn", Class: remedy.Damage, Tip: "Verify."},
		{Matches: func(err error) bool { return strings.Contains(err.Error(), "store") }, Code: "store", Class: remedy.User},
		{Code: "given-out", Class: remedy.Bug, Tip: "Report it."},
		{Code: "torn", Class: remedy.User, Tip: "This row comes too late."},
	}
}

func TestExplain(t *testing.T) {
	for name, tc := range map[string]struct {
		err   error
		code  remedy.Code
		class remedy.Class
		tip   string
	}{
		"the first row that matches": {errLocked, "locked", remedy.Transient, "Wait."},
		"a wrapped error":            {fmt.Errorf("open: %w", errTorn), "torn", remedy.Damage, "Verify."},
		"two errors joined":          {errors.Join(errTorn, errLocked), "locked", remedy.Transient, "Wait."},
		"an explained error":         {remedy.New("own", remedy.User, "Do so.", errLocked), "own", remedy.User, "Do so."},
		"wrapped": {
			fmt.Errorf("backup: %w", remedy.New("own", remedy.User, "Do so.", errLocked)), "own", remedy.User, "Do so.",
		},
		"the outermost explanation": {
			remedy.New("outer", remedy.Bug, "Outer.", remedy.New("inner", remedy.User, "Inner.", errTorn)),
			"outer", remedy.Bug, "Outer.",
		},
		"only a code":  {remedy.New("given-out", "", "", errLocked), "given-out", remedy.Bug, "Report it."},
		"only a class": {remedy.New("", remedy.User, "", errLocked), "locked", remedy.User, "Wait."},
		"only a tip":   {remedy.New("", "", "Do so.", errTorn), "torn", remedy.Damage, "Do so."},
		"nothing":      {&remedy.Error{Err: errTorn}, "torn", remedy.Damage, "Verify."},
	} {
		t.Run(name, func(t *testing.T) {
			want := remedy.Failure{Code: tc.code, Class: tc.class, Message: tc.err.Error(), Tip: tc.tip}
			require.Equal(t, want, table().Explain(tc.err))
		})
	}
}

func TestExplainWhatNobodyKnows(t *testing.T) {
	unknownTip, found := remedy.System().Tip(remedy.CodeUnknown)
	require.True(t, found)
	for name, tc := range map[string]struct {
		table remedy.Table
		err   error
		code  remedy.Code
	}{
		"no row matches":        {table(), errors.New("odd"), remedy.CodeUnknown},
		"no rows":               {nil, errLocked, remedy.CodeUnknown},
		"a code without a row":  {table(), remedy.New("new", "", "", errLocked), "new"},
		"an error without text": {table(), errors.New(""), remedy.CodeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			want := remedy.Failure{Code: tc.code, Class: remedy.User, Message: tc.err.Error(), Tip: unknownTip}
			require.Equal(t, want, tc.table.Explain(tc.err))
		})
	}
	require.Zero(t, table().Explain(nil))
}

// trap has an Error method that a nil pointer does not survive.
type trap struct{ text string }

func (e *trap) Error() string { return e.text }

func TestExplainAnErrorThatPanics(t *testing.T) {
	for name, err := range map[string]error{
		"in its text":            (*trap)(nil),
		"in its chain":           (*fs.PathError)(nil),
		"as its own explanation": fmt.Errorf("backup: %w", (*remedy.Error)(nil)),
	} {
		t.Run(name, func(t *testing.T) {
			failure := remedy.System().Explain(err)
			require.Equal(t, remedy.CodePanic, failure.Code)
			require.Equal(t, remedy.Bug, failure.Class)
			require.Contains(t, failure.Message, fmt.Sprintf("explain an error of type %T: panic: runtime error", err))
			require.NotEmpty(t, failure.Tip)
		})
	}
}

func TestTip(t *testing.T) {
	tip, found := table().Tip("torn")
	require.True(t, found)
	require.Equal(t, "Verify.", tip, "the first row of the code")
	_, found = table().Tip("other")
	require.False(t, found)
}

func TestNew(t *testing.T) {
	require.NoError(t, remedy.New("code", remedy.Bug, "tip", nil))
	err := remedy.New("code", remedy.Bug, "tip", errTorn)
	require.EqualError(t, err, errTorn.Error())
	require.ErrorIs(t, err, errTorn)
	require.EqualError(t, &remedy.Error{Code: "bare"}, "bare")
}

func TestLongTextIsCut(t *testing.T) {
	text := strings.Repeat("ä", 3000)
	failure := table().Explain(errors.New(text))
	kept, note, found := strings.Cut(failure.Message, "… ")
	require.True(t, found)
	require.LessOrEqual(t, len(failure.Message), remedy.MaxText)
	require.Greater(t, len(kept), remedy.MaxText-100)
	require.Equal(t, fmt.Sprintf("(%d bytes left out)", len(text)-len(kept)), note)
	require.True(t, strings.HasPrefix(text, kept))

	failure = table().Explain(remedy.New("own", remedy.User, text, errTorn))
	require.LessOrEqual(t, len(failure.Tip), remedy.MaxText)
	exact := strings.Repeat("x", remedy.MaxText)
	require.Equal(t, exact, table().Explain(errors.New(exact)).Message)
}

func TestFailureSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"a", "ä", "語", "🗄", "\x00", "\xff", "\xe8\xaa", "\n", `"`, "\u2028"})
		text := strings.Join(rapid.SliceOfN(part, 0, 20).Draw(t, "parts"), "")
		text = strings.Repeat(text, rapid.SampledFrom([]int{1, 100, 1000}).Draw(t, "times"))
		failure := table().Explain(remedy.New("own", remedy.User, text+"!", errors.New(text)))
		require.True(t, utf8.ValidString(failure.Message))
		require.LessOrEqual(t, len(failure.Message), remedy.MaxText)
		require.LessOrEqual(t, len(failure.Tip), remedy.MaxText)

		data, err := json.Marshal(failure)
		require.NoError(t, err)
		var back remedy.Failure
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, failure, back)
	})
}
