package datastore

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
)

// manifest is the payload of a manifest: docs/format.md, "Manifests".
type manifest struct {
	Format     int             `json:"format"`
	ID         string          `json:"id"`
	Namespace  string          `json:"namespace"`
	Kind       Kind            `json:"kind"`
	Name       rawName         `json:"name"`
	Time       time.Time       `json:"time"`
	Session    string          `json:"session"`
	Job        string          `json:"job"`
	Mode       Mode            `json:"mode"`
	Parent     *time.Time      `json:"parent,omitempty"`
	ChainBase  time.Time       `json:"chain_base"`
	Generation int             `json:"generation"`
	Origin     *Origin         `json:"origin,omitempty"`
	Started    time.Time       `json:"started"`
	Finished   time.Time       `json:"finished"`
	Root       chunk.ID        `json:"root"`
	Complete   bool            `json:"complete"`
	Stats      Stats           `json:"stats"`
	Details    json.RawMessage `json:"details,omitempty"`
}

// promise is the payload of the promise beside a manifest.
type promise struct {
	Format   int       `json:"format"`
	Manifest string    `json:"manifest"` // SHA-256 of the manifest object, hexadecimal
	Time     time.Time `json:"time"`
}

func (s *Store) manifestOf(sn *Snapshot) (*manifest, error) {
	details, err := s.sealDetails(sn.Details)
	if err != nil {
		return nil, err
	}
	m := &manifest{
		Format: document.Format, ID: sn.ID, Namespace: sn.Namespace, Kind: sn.Kind, Name: rawName(sn.Name), Time: sn.Time,
		Session: sn.Session, Job: sn.Job, Mode: sn.Mode, ChainBase: sn.ChainBase, Generation: sn.Generation,
		Origin: sn.Origin, Started: sn.Started.UTC(), Finished: sn.Finished.UTC(), Root: sn.Root,
		Complete: sn.Complete, Stats: sn.Stats, Details: details,
	}
	if !sn.Parent.IsZero() {
		m.Parent = &sn.Parent
	}
	return m, nil
}

func (s *Store) snapshotOf(m *manifest) (*Snapshot, error) {
	details, err := s.openDetails(m.Details)
	if err != nil {
		return nil, err
	}
	sn := &Snapshot{
		Group: Group{m.Namespace, m.Kind, string(m.Name)}, Time: m.Time.UTC(), ID: m.ID, Session: m.Session, Job: m.Job,
		Mode: m.Mode, ChainBase: m.ChainBase.UTC(), Generation: m.Generation, Origin: m.Origin, Started: m.Started,
		Finished: m.Finished, Root: m.Root, Complete: m.Complete, Stats: m.Stats, Details: details,
	}
	if m.Parent != nil {
		sn.Parent = m.Parent.UTC()
	}
	if sn.Root.IsZero() || sn.Group.Validate() != nil {
		return nil, fmt.Errorf("%w: root or group is not valid", document.ErrDamaged)
	}
	return sn, nil
}

// sealDetails encodes what only key holders may know.
func (s *Store) sealDetails(d Details) (json.RawMessage, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode details: %w", err)
	}
	if s.config.Encryption == nil {
		return plain, nil
	}
	sealed, err := keyring.SealTo(s.config.public(), keyring.InfoDetails, plain)
	if err != nil {
		return nil, fmt.Errorf("seal details: %w", err)
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(sealed))
}

func (s *Store) openDetails(raw json.RawMessage) (d Details, err error) {
	if len(raw) == 0 {
		return d, nil
	}
	if s.config.Encryption != nil {
		var sealed []byte
		if err := json.Unmarshal(raw, &sealed); err != nil {
			return d, fmt.Errorf("%w: details: %w", document.ErrDamaged, err)
		}
		raw, err = s.secrets.Open(keyring.InfoDetails, sealed)
		if errors.Is(err, keyring.ErrNoPrivateKey) {
			return d, nil
		}
		if err != nil {
			return d, fmt.Errorf("%w: details: %w", document.ErrDamaged, err)
		}
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("%w: details: %w", document.ErrDamaged, err)
	}
	return d, nil
}
