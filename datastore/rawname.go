package datastore

import (
	"encoding/json"
	"unicode/utf8"
)

// rawName is a name of any bytes in a document. JSON has no such strings: one that is not UTF-8 becomes an object.
type rawName string

type nameBytes struct {
	Bytes []byte `json:"bytes"`
}

// MarshalJSON writes a string where it can.
func (n rawName) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(n)) {
		return json.Marshal(string(n))
	}
	return json.Marshal(nameBytes{[]byte(n)})
}

// UnmarshalJSON reads either form.
func (n *rawName) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		var b nameBytes
		err := json.Unmarshal(data, &b)
		*n = rawName(b.Bytes)
		return err
	}
	return json.Unmarshal(data, (*string)(n))
}
