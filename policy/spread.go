package policy

import "onelondon/internal/clinical"

// spread is data/spread.yaml: which labels of a withheld record spread to records that hang together with it, and to records
// of which kinds.
type spread struct {
	Labels []clinical.Label `json:"labels"`
	Kinds  []string         `json:"kinds"`
}

func readSpread(data map[string]any) (read spread, err error) {
	err = tableInto(data, "spread", &read)
	return read, err
}

// Spread says which labels of a record that is withheld for them spread over the records that share an encounter or a problem
// with it in the same source, and to records of which kinds. The slices must not be changed.
func (e *Engine) Spread() (labels []clinical.Label, kinds []clinical.Kind) {
	for _, name := range e.spread.Kinds {
		if kind, ok := clinical.ParseKind(name); ok {
			kinds = append(kinds, kind)
		}
	}
	return e.spread.Labels, kinds
}
