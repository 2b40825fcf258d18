package retention

import (
	"fmt"
	"strings"
)

// Rule names what keeps a snapshot. The names are stable: programs may print, store and compare them.
type Rule string

// The windows, in the order they apply.
const (
	KeepLast    Rule = "keep-last"
	KeepHourly  Rule = "keep-hourly"
	KeepDaily   Rule = "keep-daily"
	KeepWeekly  Rule = "keep-weekly"
	KeepMonthly Rule = "keep-monthly"
	KeepYearly  Rule = "keep-yearly"
)

// The rules that use no slot.
const (
	KeepAll   Rule = "keep-all"  // the policy has no window
	Protected Rule = "protected" // Snapshot.Protected
	Held      Rule = "held"      // Snapshot.Hold, which is the reason's note
	Suspect   Rule = "suspect"   // Snapshot.Suspect
	Partial   Rule = "partial"   // an unfinished run, and nothing newer exists
	LastGood  Rule = "last-good" // the newest good snapshot, which windows alone would have removed
)

// Reason is one answer to why a snapshot is kept.
type Reason struct {
	Rule Rule   // what keeps it
	Slot int    // for a window, which of its slots, counted from 1 at the newest; otherwise 0
	Note string // for a hold, its reason; "oldest" where an independent window reaches for the oldest snapshot
}

// String returns the reason for people, such as "keep-weekly #3" or "held: audit of 2026". The zero Reason is empty.
func (r Reason) String() string {
	text := string(r.Rule)
	if r.Slot > 0 {
		text = fmt.Sprintf("%s #%d", text, r.Slot)
	}
	if r.Note != "" {
		text += ": " + r.Note
	}
	return text
}

// Cause names why a snapshot goes.
type Cause string

// The causes of a removal.
const (
	SamePeriod    Cause = "same-period"    // its period is represented by a newer snapshot
	BeyondWindows Cause = "beyond-windows" // it is older than all that the windows reach
	Unfinished    Cause = "unfinished"     // the checkpoint of an unfinished run, and something newer exists
)

// Removal is the answer to why a snapshot goes. The zero Removal belongs to a snapshot that stays.
type Removal struct {
	Cause  Cause
	Window Rule   // for SamePeriod: the window in whose terms the period is the same
	By     Reason // for SamePeriod: what keeps the newer snapshot
}

// String returns the removal for people, such as "same week as keep-weekly #2". The zero Removal is empty.
func (r Removal) String() string {
	switch r.Cause {
	case SamePeriod:
		return fmt.Sprintf("same %s as %s", periodName(r.Window), r.By)
	case BeyondWindows:
		return "older than all windows"
	case Unfinished:
		return "unfinished, and not the newest"
	}
	return string(r.Cause)
}

func periodName(window Rule) string {
	for _, s := range spans() {
		if s.rule() == window {
			return s.String()
		}
	}
	return "period"
}

func joinReasons(reasons []Reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = r.String()
	}
	return strings.Join(words, ", ")
}
