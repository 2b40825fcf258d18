package datastore_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// Who can write to the storage and has no key cannot make himself a writer: only the owner's signature makes a newer
// configuration one.
func TestConfigurationThatAStrangerAdds(t *testing.T) {
	stranger := sign.NewKey("stranger", bytes.Repeat([]byte{7}, 32))
	for name, key := range map[string]*sign.Key{"signed by himself": stranger, "unsigned": nil} {
		for _, role := range []string{sign.Owner, "appender"} {
			t.Run(name+" as "+role, func(t *testing.T) {
				b := encrypted().Clone()
				c := configuration(t, readObject(t, b, "heirloom.json"))
				c["writers"] = append(c["writers"].([]any),
					sign.Writer{ID: "stranger", Public: stranger.Public(), Role: role})
				data, err := document.Encode("config/1", c, key)
				require.NoError(t, err)
				require.NoError(t, b.Put(t.Context(), "config/1", data))
				_, err = datastore.Open(t.Context(), b, datastore.Options{Passphrase: passphrase})
				require.ErrorIs(t, err, datastore.ErrForged)
			})
		}
	}
}

func configuration(t *testing.T, data []byte) map[string]any {
	t.Helper()
	line, _, _ := bytes.Cut(data, []byte("\n"))
	c := map[string]any{}
	require.NoError(t, json.Unmarshal(line, &c))
	return c
}
