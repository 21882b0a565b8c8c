package policy

import (
	"errors"

	"onelondon/internal/clinical"
)

// spread is data/spread.yaml: which labels of a withheld record spread to connected records, and to which kinds.
type spread struct {
	Labels []clinical.Label `json:"labels"`
	Kinds  []string         `json:"kinds"`
}

// settings are the tables that are used not only by rules but also by those who act on a decision.
type settings struct {
	words     map[string]wording
	spread    spread
	emergency emergency
	roles     map[string]string // name of each role, by code
	purposes  map[string]string // name of each purpose, by code
}

func readSettings(data map[string]any) (read settings, err error) {
	err = errors.Join(tableInto(data, "words", &read.words), tableInto(data, "spread", &read.spread),
		tableInto(data, "emergency", &read.emergency))
	read.roles, read.purposes = roleNames(data), purposeNames(data)
	return read, err
}

// roleNames are the names of roles, by code: of those that see records, and those that oversee their use.
func roleNames(data map[string]any) map[string]string {
	names := map[string]string{}
	put := func(code string, name any) {
		if text, ok := name.(string); ok {
			names[code] = text
		}
	}
	overseers, _ := data["overseers"].(map[string]any)
	for code, each := range overseers {
		overseer, _ := each.(map[string]any)
		put(code, overseer["title"])
	}
	groups, _ := data["roles"].(map[string]any)
	for _, each := range groups {
		group, _ := each.(map[string]any)
		roles, _ := group["roles"].(map[string]any)
		for code, name := range roles {
			put(code, name)
		}
	}
	return names
}

// purposeNames reads the name of each purpose, by code.
func purposeNames(data map[string]any) map[string]string {
	names := map[string]string{}
	purposes, _ := data["purposes"].(map[string]any)
	for code, each := range purposes {
		purpose, _ := each.(map[string]any)
		if title, ok := purpose["title"].(string); ok {
			names[code] = title
		}
	}
	return names
}

// PurposeName is the name of a purpose, by code; "" if the table does not list it.
func (e *Engine) PurposeName(code string) string { return e.settings.purposes[code] }

// RoleName is the name of a role, by code; "" if no table lists it.
func (e *Engine) RoleName(code string) string { return e.settings.roles[code] }

// Spread says which labels of a withheld record spread to records that share an encounter or a problem with it in the
// same source, and to which kinds. The slices must not be changed.
func (e *Engine) Spread() (labels []clinical.Label, kinds []clinical.Kind) {
	for _, name := range e.settings.spread.Kinds {
		if kind, ok := clinical.ParseKind(name); ok {
			kinds = append(kinds, kind)
		}
	}
	return e.settings.spread.Labels, kinds
}

// emergency is the part of data/emergency.yaml that the rules do not read.
type emergency struct {
	Minutes          int `json:"minutes"`
	MostMinutes      int `json:"most_minutes"`
	ReasonCharacters int `json:"reason_characters"`
}

// Emergency returns the policy's limits for breaking the glass.
func (e *Engine) Emergency() Emergency { return Emergency(e.settings.emergency) }
