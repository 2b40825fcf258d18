package task

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// goodUPIDs are texts in the form that Proxmox Backup Server gives them, and what they say.
var goodUPIDs = map[string]UPID{
	"UPID:elsa:00004F37:0039E469:00000000:5CA78B83:garbage_collection:tank:root@pam:": {
		Node: "elsa", PID: 0x4F37, ProcessStart: 0x39E469, Start: 0x5CA78B83, Type: "garbage_collection", ID: "tank", Auth: "root@pam"},
	"UPID:pbs-1:000003E8:1FFFFFFFF:ABCD12345678:65000000:backup:tank\\x3avm-100:backup@pbs!token:": {
		Node: "pbs-1", PID: 1000, ProcessStart: 0x1FFFFFFFF, TaskID: 0xABCD12345678, Start: 0x65000000, Type: "backup",
		ID: "tank:vm/100", Auth: "backup@pbs!token"},
	"UPID:a:7FFFFFFF:FFFFFFFFF:FFFFFFFFFFFFFFFF:FFFFFFFF:t::u:": {
		Node: "a", PID: 1<<31 - 1, ProcessStart: 1<<36 - 1, TaskID: 1<<64 - 1, Start: 1<<32 - 1, Type: "t", Auth: "u"},
	"UPID:N0de:00000000:00000000:00000000:00000000:sync:\\x2ehid.den_\\xff\\x2d:ünï@pam:": {
		Node: "N0de", Type: "sync", ID: ".hid.den_\xff-", Auth: "ünï@pam"},
}

func TestParseUPID(t *testing.T) {
	for text, want := range goodUPIDs {
		u, err := ParseUPID(text)
		require.NoError(t, err)
		require.Equal(t, want, u)
		require.Equal(t, text, u.String())
		require.NoError(t, u.Validate())
	}
	lower, err := ParseUPID("UPID:a:0000abcd:00000000:00000000:00000000:t:\\xFF:u:")
	require.NoError(t, err)
	require.Equal(t, "UPID:a:0000ABCD:00000000:00000000:00000000:t:\\xff:u:", lower.String())
	long, err := ParseUPID("UPID:a:0000ABCD:000000000:0000000000000000:00000000:t:\\xff:u:")
	require.NoError(t, err)
	require.Equal(t, lower, long, "with more zeros in front it is the same")
}

func TestParseUPIDRefuses(t *testing.T) {
	const good = "UPID:node:0000ABCD:00000001:00000002:65000000:backup:disk:root@pam:"
	with := func(field int, text string) string {
		fields := strings.Split(good, ":")
		fields[field] = text
		return strings.Join(fields, ":")
	}
	at := func(field int) int { return len(strings.Join(strings.Split(good, ":")[:field], ":")) + 1 }
	for name, c := range map[string]struct {
		text   string
		offset int
		field  string
	}{
		"nothing":                {"", 0, ""},
		"half a prefix":          {"UP", 2, ""},
		"lower prefix":           {"upid" + good[4:], 0, ""},
		"space in front":         {" " + good, 0, ""},
		"another prefix":         {"UPIX" + good[4:], 3, ""},
		"cut after the prefix":   {"UPID:", 5, "node"},
		"no node":                {with(1, ""), 5, "node"},
		"hyphen first":           {with(1, "-node"), 5, "node"},
		"hyphen last":            {with(1, "node-"), 9, "node"},
		"dot in node":            {with(1, "no.de"), 7, "node"},
		"umlaut in node":         {with(1, "nöde"), 6, "node"},
		"short pid":              {with(2, "ABCD"), at(2), "pid"},
		"long pid":               {with(2, "00000ABCD"), at(2), "pid"},
		"pid beyond int32":       {with(2, "80000000"), at(2), "pid"},
		"no digit in pid":        {with(2, "0000ABCG"), at(2) + 7, "pid"},
		"signed pid":             {with(2, "-000ABCD"), at(2), "pid"},
		"short pstart":           {with(3, "0000001"), at(3), "pstart"},
		"long pstart":            {with(3, "0000000001"), at(3), "pstart"},
		"space in pstart":        {with(3, "0000 001"), at(3) + 4, "pstart"},
		"short task_id":          {with(4, "2"), at(4), "task_id"},
		"long task_id":           {with(4, strings.Repeat("0", 17)), at(4), "task_id"},
		"short starttime":        {with(5, ""), at(5), "starttime"},
		"long starttime":         {with(5, "165000000"), at(5), "starttime"},
		"no type":                {with(6, ""), at(6), "type"},
		"space in type":          {with(6, "back up"), at(6) + 4, "type"},
		"wide space in type":     {with(6, "a\u00a0b"), at(6) + 1, "type"},
		"newline in type":        {with(6, "backup\n"), at(6) + 6, "type"},
		"control in type":        {with(6, "a\x1bb"), at(6) + 1, "type"},
		"broken UTF-8 in type":   {with(6, "a\uFFFDb\xffc"), at(6) + 5, "type"},
		"space before broken":    {with(6, "a b\xff"), at(6) + 1, "type"},
		"slash in id":            {with(7, "a/b"), at(7) + 1, "id"},
		"dot first in id":        {with(7, ".a"), at(7), "id"},
		"space in id":            {with(7, "a b"), at(7) + 1, "id"},
		"short escape":           {with(7, "a\\x2"), at(7) + 1, "id"},
		"escape without x":       {with(7, "a\\20b"), at(7) + 1, "id"},
		"escape of no digits":    {with(7, "\\xgg"), at(7), "id"},
		"escape of a letter":     {with(7, "a\\x62"), at(7) + 1, "id"},
		"escape of a slash":      {with(7, "\\x2f"), at(7), "id"},
		"escape of an inner dot": {with(7, "a\\x2e"), at(7) + 1, "id"},
		"no auth":                {with(8, ""), at(8), "auth"},
		"tab in auth":            {with(8, "root\t@pam"), at(8) + 4, "auth"},
		"no colon at the end":    {good[:len(good)-1], len(good) - 1, "auth"},
		"ends within":            {good[:at(4)+3], at(4) + 3, "task_id"},
		"more at the end":        {good + "x", len(good), ""},
		"another colon":          {good + ":", len(good), ""},
		"too long":               {good + strings.Repeat("x", maxUPID), maxUPID, ""},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := ParseUPID(c.text)
			syntax, ok := errors.AsType[*SyntaxError](err)
			require.True(t, ok, "%v", err)
			require.Zero(t, u)
			require.Equal(t, c.offset, syntax.Offset, "%v", err)
			require.Equal(t, c.field, syntax.Field, "%v", err)
			require.Equal(t, c.text, syntax.Text)
			require.NotEmpty(t, syntax.Reason)
			require.Less(t, len(err.Error()), 1000)
		})
	}
}

func FuzzParseUPID(f *testing.F) {
	for text := range goodUPIDs {
		f.Add(text)
	}
	f.Add("UPID:a:0000abcd:00000000:00000000:00000000:t:\\xFF:u:")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseUPID(text)
		if err != nil {
			syntax, ok := errors.AsType[*SyntaxError](err)
			require.True(t, ok)
			require.LessOrEqual(t, syntax.Offset, len(text))
			return
		}
		require.NoError(t, u.Validate(), "what is read can be written")
		again, err := ParseUPID(u.String())
		require.NoError(t, err)
		require.Equal(t, u, again)
	})
}

func FuzzUnit(f *testing.F) {
	for _, text := range []string{"", "/", ".", "a.b", "-", ":", "\\x2d", "ä", "\xff", "a b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := unescapeUnit(escapeUnit(text))
		require.NoError(t, err)
		require.Equal(t, text, raw)
		if raw, err := unescapeUnit(text); err == nil {
			require.True(t, strings.EqualFold(text, escapeUnit(raw)), "a name has one form")
		}
	})
}

// anyUPID draws one that is close to others, so that parts of two are often equal; wild ones may break any rule.
func anyUPID(wild bool) *rapid.Generator[UPID] {
	word := func(few ...string) *rapid.Generator[string] {
		if wild {
			return rapid.OneOf(rapid.SampledFrom(few), rapid.String())
		}
		return rapid.SampledFrom(few)
	}
	pids, starts := []int32{0, 1, 255, 256, 1<<31 - 1}, []uint64{0, 1, 256, 1<<36 - 1}
	if wild {
		pids, starts = append(pids, -1), append(starts, 1<<36)
	}
	return rapid.Custom(func(t *rapid.T) UPID {
		return UPID{
			Node:         word("a", "b", "a-b").Draw(t, "node"),
			PID:          rapid.SampledFrom(pids).Draw(t, "pid"),
			ProcessStart: rapid.SampledFrom(starts).Draw(t, "pstart"),
			TaskID:       rapid.SampledFrom([]uint64{0, 1, 256, 1 << 32, 1<<64 - 1}).Draw(t, "task"),
			Start:        rapid.SampledFrom([]uint32{0, 1, 256, 1<<32 - 1}).Draw(t, "start"),
			Type:         word("backup", "gc").Draw(t, "type"),
			ID:           word("", ".", "a/b").Draw(t, "id"),
			Auth:         word("root@pam", "x").Draw(t, "auth"),
		}
	})
}

func TestWhatValidateAcceptsSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := anyUPID(rapid.Bool().Draw(t, "wild")).Draw(t, "upid")
		text, marshalErr := json.Marshal(u)
		if err := u.Validate(); err != nil {
			require.Equal(t, u.IsZero(), marshalErr == nil)
			_, err := ParseUPID(u.String())
			require.Error(t, err, "what breaks a rule is not read either")
			return
		}
		parsed, err := ParseUPID(u.String())
		require.NoError(t, err)
		require.Equal(t, u, parsed)
		require.NoError(t, marshalErr)
		require.NoError(t, json.Unmarshal(text, &parsed))
		require.Equal(t, u, parsed)
		at, err := ParsePosition(u.Position().String())
		require.NoError(t, err)
		require.Equal(t, u.Position(), at)
	})
}

func TestCompareIsATotalOrderAndThatOfPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		valid := anyUPID(false)
		a, b, c := valid.Draw(t, "a"), valid.Draw(t, "b"), valid.Draw(t, "c")
		require.Equal(t, a.Compare(b), -b.Compare(a))
		require.Equal(t, a == b, a.Compare(b) == 0)
		require.Zero(t, a.Compare(a))
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 {
			require.LessOrEqual(t, a.Compare(c), 0)
		}
		require.Equal(t, strings.Compare(a.Position().String(), b.Position().String()), a.Compare(b))
		if a.Start != b.Start {
			require.Equal(t, a.Time().Before(b.Time()), a.Compare(b) < 0)
		}
	})
}

func TestLongestUPID(t *testing.T) {
	u := UPID{Node: "a", Type: "t", Auth: "u"}
	room := maxUPID - len(u.String())
	for id, ok := range map[string]bool{
		strings.Repeat("x", room): true, strings.Repeat("x", room+1): false,
		strings.Repeat(" ", room/4): true, strings.Repeat(" ", room/4+1): false,
	} {
		u.ID = id
		require.Equal(t, ok, u.Validate() == nil)
		_, err := ParseUPID(u.String())
		require.Equal(t, ok, err == nil)
	}
}

func TestZeroUPID(t *testing.T) {
	text, err := json.Marshal(UPID{})
	require.NoError(t, err)
	require.Equal(t, `""`, string(text))
	u := UPID{Node: "x"}
	require.NoError(t, json.Unmarshal(text, &u))
	require.True(t, u.IsZero())
	require.Error(t, json.Unmarshal([]byte(`"UPID:"`), &u))
}

func TestNewUPIDIsUniqueWhateverTheClockDoes(t *testing.T) {
	p, now, seen := ThisProcess(), time.Now(), map[UPID]bool{}
	for i := range 1000 {
		u, err := p.NewUPID(now.Add(-time.Duration(i%2)*time.Hour), "copy", "disk", "ada")
		require.NoError(t, err)
		require.False(t, seen[u])
		seen[u] = true
	}
	_, err := p.NewUPID(now, "", "disk", "ada")
	require.Error(t, err)
}

func TestThisProcess(t *testing.T) {
	p := ThisProcess()
	require.Equal(t, p, ThisProcess())
	u, err := p.NewUPID(time.Now(), "copy", "", "ada")
	require.NoError(t, err)
	parsed, err := ParseUPID(u.String())
	require.NoError(t, err)
	require.Equal(t, u, parsed)
	for host, node := range map[string]string{
		"": "localhost", "pbs.example.org": "pbs", "my_host": "my-host", "-x-": "x", "ü": "localhost", "a--b": "a--b", ".local": "localhost",
	} {
		require.Equal(t, node, nodeName(host), host)
		_, err := checkNode(nodeName(host))
		require.NoError(t, err)
	}
}
