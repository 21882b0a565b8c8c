package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// answer is the validated value of the policy's decision rule.
type answer struct {
	permitted, alert, notify, hide bool
	reasons                        []string
	shown                          map[clinical.Kind]Release // released kinds, with the fields that are left out
}

// answerDocument is the shape of the decision rule's value. Pointers distinguish a missing member from an empty one.
type answerDocument struct {
	Permitted *bool     `json:"permitted"`
	Alert     *bool     `json:"alert"`
	Notify    *bool     `json:"notify"`
	Hide      *bool     `json:"hide"`
	Reasons   *[]string `json:"reasons"`
	Kinds     *map[string]struct {
		Masked *[]string `json:"masked"`
		Untold []string  `json:"untold"` // may be omitted if empty
	} `json:"kinds"`
}

// readAnswer reads the decision strictly: an unknown name is a fault, because a misspelt mask would mask nothing.
func readAnswer(value any) (answer, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return answer{}, fmt.Errorf("read decision: %w", err)
	}
	var document answerDocument
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		return answer{}, fmt.Errorf("read decision: %w", err)
	}
	if document.Permitted == nil || document.Alert == nil || document.Notify == nil || document.Hide == nil ||
		document.Reasons == nil || document.Kinds == nil {
		return answer{}, errors.New("read decision: it must have permitted, alert, notify, hide, reasons and kinds")
	}
	read := answer{permitted: *document.Permitted, alert: *document.Alert, notify: *document.Notify, hide: *document.Hide,
		reasons: slices.Sorted(slices.Values(*document.Reasons)), shown: map[clinical.Kind]Release{}}
	for name, row := range *document.Kinds {
		kind, known := clinical.ParseKind(name)
		if !known || row.Masked == nil {
			return answer{}, fmt.Errorf("read decision: %q is not a kind of record with a list of masked fields", name)
		}
		var shown Release
		if shown.Masked, err = maskedFields(kind, *row.Masked); err != nil {
			return answer{}, err
		}
		if shown.Untold, err = maskedFields(kind, row.Untold); err != nil {
			return answer{}, err
		}
		read.shown[kind] = shown
	}
	return read, nil
}

func maskedFields(kind clinical.Kind, names []string) (clinical.FieldSet, error) {
	var set clinical.FieldSet
	for _, name := range names {
		field, known := kind.Descriptor().Field(name)
		if !known {
			return 0, fmt.Errorf("read decision: masked field %q of %s does not exist", name, kind)
		}
		set |= field.Bit
	}
	return set, nil
}

// decision combines the answer with the rule about single records, kind by kind. Hide applies whether or not anything
// is permitted.
func (a answer) decision(revision string, rule residue, lists categoryLists) *Decision {
	decision := &Decision{Revision: revision, Permitted: a.permitted, Reasons: a.reasons, Alert: a.alert, Notify: a.notify, Hide: a.hide}
	if !a.permitted {
		return decision
	}
	settled := map[string]condition.Condition{} // most kinds have equal conditions, and then share one
	for kind, shown := range a.shown {
		key := rule.settledBy(kind, lists)
		settledAs, known := settled[key]
		if !known {
			settledAs = rule.forKind(kind, lists)
			settled[key] = settledAs
		}
		shown.Condition = settledAs
		decision.releases[kind] = shown
	}
	return decision
}
