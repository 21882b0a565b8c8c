package enact

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"onelondon/policy"
	"onelondon/policy/approval"
)

const (
	recordsFile = "activations.jsonl"
	pinFile     = "pin.json"
	statusFile  = "status.json"
	bundleExt   = ".tar.gz"

	defaultKept = 10
)

// ErrNotKept reports a bundle that the history does not hold.
var ErrNotKept = errors.New("not in the history")

// History is the folder in which a site remembers its policies: each bundle that was in force with its approvals, a line for
// each time that one was put in force, and the pin. It is no place of trust: what is read from it is verified as if it came
// from outside. Each file is replaced whole, so that the server and a command may use it at once.
type History struct{ folder string }

// Pin holds one bundle in force, whatever is on offer.
type Pin struct {
	Bundle   string    `json:"bundle"`   // SHA-256 in hexadecimal digits; empty for no pin
	Revision string    `json:"revision"` // of that bundle, for people
	At       time.Time `json:"at"`
}

// OpenHistory opens the history in a folder, and makes the folder if it is not there.
func OpenHistory(folder string) (*History, error) {
	if folder == "" {
		return nil, errors.New("open the policy's history: bundles need a folder for it")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the policy's history: %w", err)
	}
	return &History{folder}, nil
}

// Records lists what was put in force, oldest first.
func (h *History) Records() ([]Record, error) {
	content, err := os.ReadFile(h.path(recordsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the policy's history: %w", err)
	}
	var records []Record
	for n, line := range bytes.Split(bytes.TrimSpace(content), []byte{'\n'}) {
		var record Record
		if err := json.Unmarshal(line, &record); err != nil {
			return nil, fmt.Errorf("read the policy's history: line %d of %s is damaged; put back a copy of the folder", n+1, recordsFile)
		}
		records = append(records, record)
	}
	return records, nil
}

// Pin returns the pin; the zero Pin where there is none.
func (h *History) Pin() (Pin, error) {
	var pin Pin
	err := h.read(pinFile, &pin)
	if err == nil && pin.Bundle != "" && !isDigest(pin.Bundle) {
		err = fmt.Errorf("%s is damaged; run onelondon policy activate to remove it", pinFile)
	}
	return pin, err
}

// SetPin pins a bundle that the history holds, and the zero Pin removes the pin.
func (h *History) SetPin(pin Pin) error {
	if pin.Bundle == "" {
		err := os.Remove(h.path(pinFile))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the pin: %w", err)
		}
		return nil
	}
	if !h.Holds(pin.Bundle) {
		return fmt.Errorf("pin %.12s: %w", pin.Bundle, ErrNotKept)
	}
	return h.write(pinFile, pin)
}

// Holds reports whether the history still has the bundle with a digest, in hexadecimal digits.
func (h *History) Holds(digest string) bool {
	_, err := os.Stat(h.bundlePath(digest))
	return isDigest(digest) && err == nil
}

// Add puts a bundle and its approvals into the history, to be pinned. It does not put it in force.
func (h *History) Add(content, approvals []byte) error {
	digest := sha256.Sum256(content)
	path := h.bundlePath(hex.EncodeToString(digest[:]))
	return errors.Join(replace(path+approval.Suffix, approvals), replace(path, content))
}

// Status is what the server published last; false where none ran here.
func (h *History) Status() (Status, bool, error) {
	var status Status
	err := h.read(statusFile, &status)
	return status, status.Source != "", err
}

func (h *History) publish(status Status) error { return h.write(statusFile, status) }

// offer reads a bundle of the history.
func (h *History) offer(digest string) (*offer, error) {
	if !h.Holds(digest) {
		return nil, ErrNotKept
	}
	content, err := readFile(h.bundlePath(digest), policy.MostBundleBytes)
	if err != nil {
		return nil, err
	}
	approvals, err := readFile(h.bundlePath(digest)+approval.Suffix, mostApprovalBytes)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != digest {
		return nil, errors.New("damaged in the history: its content is not what its name says")
	}
	return &offer{content: content, approvals: approvals}, nil
}

// last is what was put in force last. A history that cannot be read has none.
func (h *History) last() (Record, bool) {
	records, err := h.Records()
	if err != nil || len(records) == 0 {
		return Record{}, false
	}
	return records[len(records)-1], true
}

// newest is the bundle of the largest number that was ever in force; the zero Record where none was.
func (h *History) newest() (Record, error) {
	records, err := h.Records()
	var newest Record
	for _, record := range records {
		if record.Number > newest.Number {
			newest = record
		}
	}
	return newest, err
}

// keep notes that a bundle is put in force, and lets go of the bundles that were so longest ago.
func (h *History) keep(record Record, offer *offer, kept int) error {
	records, err := h.Records()
	if err != nil {
		return err
	}
	if err := h.Add(offer.content, offer.approvals); err != nil {
		return err
	}
	records = append(records, record)
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, each := range records {
		if err := encoder.Encode(each); err != nil {
			return err
		}
	}
	if err := replace(h.path(recordsFile), lines.Bytes()); err != nil {
		return err
	}
	h.prune(records, kept)
	return nil
}

// prune removes all bundles that were in force but the last ones. A bundle that was only added stays.
func (h *History) prune(records []Record, kept int) {
	if kept <= 0 {
		kept = defaultKept
	}
	pin, _ := h.Pin()
	staying := []string{pin.Bundle}
	for _, record := range slices.Backward(records) {
		switch {
		case slices.Contains(staying, record.Bundle):
		case len(staying) <= kept:
			staying = append(staying, record.Bundle)
		default:
			_ = os.Remove(h.bundlePath(record.Bundle))
			_ = os.Remove(h.bundlePath(record.Bundle) + approval.Suffix)
		}
	}
}

func (h *History) path(name string) string { return filepath.Join(h.folder, name) }

func (h *History) bundlePath(digest string) string { return h.path(digest + bundleExt) }

func isDigest(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == sha256.Size
}
