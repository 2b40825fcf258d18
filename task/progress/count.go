package progress

import "time"

// Unknown is a total, or a time, that nobody knows.
const Unknown = -1

// Count is an amount of work.
type Count struct {
	Items       int64 `json:"items,omitempty"`       // files, chunks, or whatever the stage counts
	Bytes       int64 `json:"bytes,omitempty"`       // processed: read, hashed, compared
	Transferred int64 `json:"transferred,omitempty"` // bytes that went to or came from somewhere else
}

// Total is how much there is to do. Unknown (-1) stands for what nobody knows, and so does 0.
type Total struct {
	Items int64 `json:"items,omitempty"`
	Bytes int64 `json:"bytes,omitempty"`
}

// Rate is a speed, in units of Count a second.
type Rate struct {
	Items       float64 `json:"items,omitempty"`
	Bytes       float64 `json:"bytes,omitempty"`
	Transferred float64 `json:"transferred,omitempty"`
}

// Plus returns the sum of both.
func (c Count) Plus(other Count) Count {
	return Count{c.Items + other.Items, c.Bytes + other.Bytes, c.Transferred + other.Transferred}
}

// most returns the larger of both, each number for itself.
func (c Count) most(other Count) Count {
	return Count{max(c.Items, other.Items), max(c.Bytes, other.Bytes), max(c.Transferred, other.Transferred)}
}

// over returns the rate at which c was done in a span of time, and no rate if the span is none.
func (c Count) over(span time.Duration) Rate {
	if span <= 0 {
		return Rate{}
	}
	seconds := span.Seconds()
	return Rate{float64(c.Items) / seconds, float64(c.Bytes) / seconds, float64(c.Transferred) / seconds}
}
