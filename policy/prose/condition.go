package prose

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy/specimen"
)

// Condition describes which records a condition admits, with a clause for each alternative: "the source says that it is
// not sealed". It returns nothing for conditions that admit all or none.
func (t *Teller) Condition(c condition.Condition) []string {
	var alternatives []string
	for _, clause := range c.Clauses() {
		alternatives = append(alternatives, t.clause(clause))
	}
	return alternatives
}

// clause describes all atoms of one alternative. The categories that it excludes are combined.
func (t *Teller) clause(clause condition.Clause) string {
	var parts, excluded []string
	for _, atom := range clause {
		label, isLabel := atom.Attribute.Label()
		set, isSet := boolOf(atom)
		switch {
		case isLabel && isSet && !set && isCategory(label):
			excluded = append(excluded, specimen.Category(t.tables, string(label)))
		case isLabel && isSet:
			parts = append(parts, t.labelled(label, set))
		default:
			parts = append(parts, compared(atom))
		}
	}
	switch {
	case len(excluded) > 1 && len(excluded) == len(clinical.Categories()):
		parts = append(parts, "it is known not to be of any sensitive category")
	case len(excluded) > 0:
		parts = append(parts, "it is known not to be about "+either(excluded))
	}
	return specimen.Listed(parts)
}

// either joins words of which none may apply: "HIV, drugs or alcohol".
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func isCategory(label clinical.Label) bool {
	for _, category := range clinical.Categories() {
		if category == label {
			return true
		}
	}
	return false
}

func boolOf(atom condition.Atom) (set, ok bool) {
	if len(atom.Values) != 1 || atom.Op != condition.Equal && atom.Op != condition.NotEqual {
		return false, false
	}
	set, ok = atom.Values[0].Get().(bool)
	return set == (atom.Op == condition.Equal), ok
}

func (t *Teller) labelled(label clinical.Label, set bool) string {
	what := "about " + specimen.Category(t.tables, string(label))
	switch label {
	case clinical.LabelSealed:
		what = "sealed"
	case clinical.LabelThirdParty:
		what = "about somebody else"
	case clinical.LabelSafeguarding:
		what = "a warning of somebody at risk"
	case clinical.LabelPlanShared:
		what = "a plan that there is consent to share"
	case clinical.LabelPrognosisTold:
		what = "a plan whose prognosis the person knows"
	}
	if set {
		return "it is known to be " + what
	}
	return "it is known not to be " + what
}

// compared describes an atom about anything other than a label.
func compared(atom condition.Atom) string {
	if atom.Attribute == condition.Organisation && atom.Op == condition.Equal && len(atom.Values) == 1 {
		return fmt.Sprintf("it is %v's own", atom.Values[0].Get())
	}
	subject := map[condition.Attribute]string{
		condition.Organisation: "its organisation", condition.Publisher: "the organisation that made it", condition.Source: "its source",
		condition.System: "its terminology", condition.Code: "its code", condition.Status: "its status", condition.Date: "its date",
	}[atom.Attribute]
	var values []string
	for _, value := range atom.Values {
		values = append(values, fmt.Sprint(value.Get()))
	}
	verb := [...]string{"is", "is there and is not", "is before", "is not after", "is after", "is not before", "is", "is there and is none of"}[atom.Op]
	return subject + " " + verb + " " + either(values)
}
