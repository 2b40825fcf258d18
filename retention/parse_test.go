package retention_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/retention"
)

func TestParse(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want retention.Policy
		form string // what String makes of it
	}{
		"empty":                {"", retention.Policy{}, ""},
		"blank":                {" \t ", retention.Policy{}, ""},
		"one":                  {"keep-last=3", retention.Policy{Last: 3}, "keep-last=3"},
		"two":                  {"keep-daily=7, keep-weekly=4", retention.Policy{Daily: 7, Weekly: 4}, "keep-daily=7, keep-weekly=4"},
		"no blanks":            {"keep-daily=7,keep-weekly=4", retention.Policy{Daily: 7, Weekly: 4}, "keep-daily=7, keep-weekly=4"},
		"many blanks":          {"  keep-daily = 7\n,\tkeep-weekly= 4 ", retention.Policy{Daily: 7, Weekly: 4}, "keep-daily=7, keep-weekly=4"},
		"any order":            {"keep-yearly=1, keep-last=2", retention.Policy{Last: 2, Yearly: 1}, "keep-last=2, keep-yearly=1"},
		"zero is not set":      {"keep-last=0, keep-daily=1", retention.Policy{Daily: 1}, "keep-daily=1"},
		"only zero":            {"keep-last=0", retention.Policy{}, ""},
		"leading zeros":        {"keep-last=007", retention.Policy{Last: 7}, "keep-last=7"},
		"the largest count":    {"keep-hourly=1000000", retention.Policy{Hourly: 1_000_000}, "keep-hourly=1000000"},
		"independent":          {"independent, keep-daily=7", retention.Policy{Daily: 7, Independent: true}, "keep-daily=7, independent"},
		"independent, no more": {"independent", retention.Policy{Independent: true}, "independent"},
		"all": {
			"keep-last=1, keep-hourly=2, keep-daily=3, keep-weekly=4, keep-monthly=5, keep-yearly=6",
			retention.Policy{Last: 1, Hourly: 2, Daily: 3, Weekly: 4, Monthly: 5, Yearly: 6},
			"keep-last=1, keep-hourly=2, keep-daily=3, keep-weekly=4, keep-monthly=5, keep-yearly=6",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := retention.Parse(tc.text)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			require.Equal(t, tc.form, got.String())
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		text   string
		offset int
		token  string
		reason string // a part of it
	}{
		"unknown option":       {"keep-daily=7, keep-dayly=2", 14, "keep-dayly", "not an option; there are keep-last"},
		"capitals":             {"Keep-Daily=7", 0, "Keep-Daily", "not an option"},
		"a bare name":          {"daily=7", 0, "daily", "not an option"},
		"no count":             {"keep-daily", 0, "keep-daily", "needs a count, as in keep-daily=7"},
		"empty count":          {"keep-daily=", 11, "", "a count is missing here"},
		"empty count, blanks":  {"keep-daily=  , keep-last=1", 11, "", "a count is missing here"},
		"negative":             {"keep-last=1, keep-daily=-1", 24, "-1", "negative"},
		"a lone minus":         {"keep-daily=-", 11, "-", "not a count"},
		"a fraction":           {"keep-daily=1.5", 11, "1.5", "not a count"},
		"a sign":               {"keep-daily=+1", 11, "+1", "not a count"},
		"a word":               {"keep-daily=all", 11, "all", "not a count"},
		"a duration":           {"keep-daily=7d", 11, "7d", "not a count"},
		"other digits":         {"keep-daily=٣", 11, "٣", "not a count"},
		"two equals signs":     {"keep-daily==7", 11, "=7", "not a count"},
		"too many":             {"keep-daily=1000001", 11, "1000001", "at most 1000000"},
		"far too many":         {"keep-daily=99999999999999999999999", 11, "99999999999999999999999", "at most 1000000"},
		"twice":                {"keep-daily=7, keep-last=1, keep-daily=7", 27, "keep-daily", "given twice"},
		"twice, once as zero":  {"keep-daily=0, keep-daily=7", 14, "keep-daily", "given twice"},
		"independent twice":    {"independent,independent", 12, "independent", "given twice"},
		"independent=1":        {"independent=1", 0, "independent", "not an option"},
		"a comma at the end":   {"keep-daily=7,", 13, "", "an option is missing here"},
		"a comma at the start": {", keep-daily=7", 0, "", "an option is missing here"},
		"two commas":           {"keep-daily=7,, keep-last=1", 13, "", "an option is missing here"},
		"blanks for commas":    {"keep-daily=7 keep-last=1", 11, "7 keep-last=1", "not a count"},
		"semicolons":           {"keep-daily=7;keep-last=1", 11, "7;keep-last=1", "not a count"},
	} {
		t.Run(name, func(t *testing.T) {
			policy, err := retention.Parse(tc.text)
			require.Zero(t, policy)
			var refused *retention.ParseError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, tc.text, refused.Text)
			require.Equal(t, tc.offset, refused.Offset)
			require.Equal(t, tc.token, refused.Token)
			require.Contains(t, refused.Reason, tc.reason)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestPolicyIsTextInJSON(t *testing.T) {
	type job struct {
		Keep retention.Policy `json:"keep"`
	}
	text, err := json.Marshal(job{retention.Policy{Daily: 7, Independent: true}})
	require.NoError(t, err)
	require.JSONEq(t, `{"keep": "keep-daily=7, independent"}`, string(text))

	var read job
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, retention.Policy{Daily: 7, Independent: true}, read.Keep)

	require.ErrorContains(t, json.Unmarshal([]byte(`{"keep": "keep-daily"}`), &read), "needs a count")
	require.Equal(t, 7, read.Keep.Daily, "a refused text changes nothing")
}

func TestOnlyWindowsMakeAPolicyRemoveAnything(t *testing.T) {
	require.True(t, retention.Policy{}.KeepsEverything())
	require.True(t, retention.Policy{Independent: true}.KeepsEverything())
	require.True(t, retention.Policy{Daily: -3}.KeepsEverything())
	require.False(t, retention.Policy{Yearly: 1}.KeepsEverything())
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "keep-daily=7, keep-weekly=4", "keep-last=0", "independent, keep-yearly=10", "keep-daily=-1", "keep-daily",
		"keep-daily=7,", ",,", "keep-daily=1000001", "keep-daily=7 , keep-daily=8", "=", "keep-monthly=٣", "\xff=\x00",
		"keep-hourly\u00a0=24", "keep-last = 3\n", "independent=1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		policy, err := retention.Parse(text)
		if err != nil {
			requirePrecise(t, text, err)
			return
		}
		again, err := retention.Parse(policy.String())
		require.NoError(t, err)
		require.Equal(t, policy, again)
		for _, count := range []int{policy.Last, policy.Hourly, policy.Daily, policy.Weekly, policy.Monthly, policy.Yearly} {
			require.True(t, 0 <= count && count <= retention.MaxCount)
		}
	})
}

// requirePrecise checks that an error points at what it names, and fits on one line.
func requirePrecise(t *testing.T, text string, err error) {
	t.Helper()
	var refused *retention.ParseError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, text, refused.Text)
	require.LessOrEqual(t, refused.Offset, len(text))
	require.True(t, strings.HasPrefix(text[refused.Offset:], refused.Token))
	require.NotEmpty(t, refused.Reason)
	require.NotContains(t, err.Error(), "\n")
}
