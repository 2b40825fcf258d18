package history

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/task"
)

// MaxRecord is the size of the largest record that is kept, in bytes of JSON. A transaction holds it with its index.
const MaxRecord = 1000 << 10

// ErrTooLarge says that a record takes up more than MaxRecord bytes.
var ErrTooLarge = errors.New("the record is too large to be kept")

// encodeRecord returns the value that is stored for r.
func encodeRecord(r *task.Record) ([]byte, error) {
	if !r.State.Final() {
		return nil, fmt.Errorf("state %q is not final", r.State)
	}
	if err := r.UPID.Validate(); err != nil {
		return nil, err
	}
	content, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if len(content) > MaxRecord {
		return nil, fmt.Errorf("%w: %d bytes, and %d are the most", ErrTooLarge, len(content), MaxRecord)
	}
	return seal(content), nil
}

// decodeRecord reads what encodeRecord returned, and checks that it is the record of that place.
func decodeRecord(value []byte, at task.Position) (task.Record, error) {
	content, err := unseal(value)
	if err != nil {
		return task.Record{}, err
	}
	return parseRecord(content, at)
}

// parseRecord is decodeRecord without the envelope.
func parseRecord(content []byte, at task.Position) (r task.Record, err error) {
	if len(content) > MaxRecord {
		return task.Record{}, fmt.Errorf("%w: %d bytes, and %d are the most", ErrTooLarge, len(content), MaxRecord)
	}
	if err := json.Unmarshal(content, &r); err != nil {
		return task.Record{}, err
	}
	if !r.State.Final() {
		return task.Record{}, fmt.Errorf("state %q is not final", r.State)
	}
	if found := r.UPID.Position(); found != at {
		return task.Record{}, fmt.Errorf("the record is that of another place, %s", found)
	}
	return r, nil
}
