package cohort

import (
	"encoding/json"
	"fmt"

	"onelondon/internal/clinical"
)

// kindName writes a kind of record by its name, as people do.
type kindName clinical.Kind

func (k kindName) MarshalText() ([]byte, error) { return []byte(clinical.Kind(k).String()), nil }

func (k *kindName) UnmarshalText(text []byte) error {
	kind, known := clinical.ParseKind(string(text))
	if !known {
		return fmt.Errorf("%s is no kind of record", show(string(text)))
	}
	*k = kindName(kind)
	return nil
}

// plainSet is an EventSet without methods of its own.
type plainSet EventSet

// namedSet is an EventSet whose kind is written by its name.
type namedSet struct {
	Name string    `json:"name"`
	Kind *kindName `json:"kind,omitempty"`
	plainSet
}

// MarshalJSON writes the set as files have it, its kind by its name.
func (s EventSet) MarshalJSON() ([]byte, error) {
	return json.Marshal(namedSet{s.Name, (*kindName)(s.Kind), plainSet(s)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *EventSet) UnmarshalJSON(data []byte) error {
	var read namedSet
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*s = EventSet(read.plainSet)
	s.Name, s.Kind = read.Name, (*clinical.Kind)(read.Kind)
	return nil
}
