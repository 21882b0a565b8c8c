package policy

import (
	"errors"

	"onelondon/internal/clinical"
)

// spread is data/spread.yaml: which labels of a withheld record spread to records that hang together with it, and to records
// of which kinds.
type spread struct {
	Labels []clinical.Label `json:"labels"`
	Kinds  []string         `json:"kinds"`
}

// settings are the tables that are not for rules alone but for whoever acts on a decision.
type settings struct {
	words     map[string]wording
	spread    spread
	emergency emergency
	roles     map[string]string // what each role is called, by its code
}

func readSettings(data map[string]any) (read settings, err error) {
	err = errors.Join(tableInto(data, "words", &read.words), tableInto(data, "spread", &read.spread),
		tableInto(data, "emergency", &read.emergency))
	read.roles = roleNames(data)
	return read, err
}

// roleNames are what the tables call roles, by their codes: those that see records, and those that answer for their use.
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

// RoleName is what a role is called in the tables, by its code; nothing where none has it.
func (e *Engine) RoleName(code string) string { return e.settings.roles[code] }

// Spread says which labels of a record that is withheld for them spread over the records that share an encounter or a problem
// with it in the same source, and to records of which kinds. The slices must not be changed.
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

// Emergency is what the policy says about breaking the glass.
func (e *Engine) Emergency() Emergency { return Emergency(e.settings.emergency) }
