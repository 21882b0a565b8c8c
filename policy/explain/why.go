package explain

import (
	"context"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/specimen"
)

// reasons traces each reason to the passage that gives it, and to the rules on which that depends.
func (x *explainer) reasons(ctx context.Context) ([]Reason, error) {
	said, err := x.Saying(ctx, x.input)
	if err != nil {
		return nil, err
	}
	reasons := make([]Reason, 0, len(x.decision.Reasons))
	for _, code := range x.decision.Reasons {
		reason := Reason{Code: code, Words: x.Words(code)}
		for _, passage := range said[code] {
			if reason.Rule.Rule == "" {
				reason.Rule = placeOf(passage.Rule)
				reason.Rule.File, reason.Rule.Line = passage.File, passage.Line
			}
			for _, use := range passage.Uses {
				if rests := (Rests{x.holds(use.Rule), placeOf(use.Rule)}); !slices.Contains(reason.Rests, rests) {
					reason.Rests = append(reason.Rests, rests)
				}
			}
		}
		reasons = append(reasons, reason)
	}
	return reasons, nil
}

// holds reports whether a rule holds for the question, that is, has a value that is neither false nor empty.
func (x *explainer) holds(rule *policy.Rule) bool {
	topic, _ := x.values[rule.Topic].(map[string]any)
	switch value := topic[rule.Name].(type) {
	case nil:
		return false
	case bool:
		return value
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	}
	return true
}

// kinds describes how each kind is released; kinds that are released alike are combined.
func (x *explainer) kinds() []Kind {
	var all []Kind
	at := map[string]int{}
	for _, kind := range clinical.Kinds() {
		release := x.decision.Release(kind)
		if release.Condition.IsNever() {
			continue
		}
		is := Kind{Kinds: []string{kind.String()}, Where: x.teller.Condition(release.Condition), Masked: release.LeftOut(kind)}
		key := strings.Join(is.Where, "\x00") + "\x01" + strings.Join(is.Masked, "\x00")
		if i, known := at[key]; known {
			all[i].Kinds = append(all[i].Kinds, kind.String())
			continue
		}
		at[key] = len(all)
		all = append(all, is)
	}
	return all
}

// said describes what each rule about single records admits. Rules that are the same for every kind are described once.
func (x *explainer) said() []Bound {
	var all []Bound
	for i := range x.bounds {
		bound := &x.bounds[i]
		c := bound.Condition(clinical.KindCondition)
		said := Bound{Rule: placeOf(bound.Rule), Where: x.teller.Condition(c)}
		said.Lets = casebook.Released(policy.Release{Condition: c})
		all = append(all, said)
	}
	return all
}

// withheld finds the rules that withhold each circumstance.
func (x *explainer) withheld(seen *specimen.Seen) []Withheld {
	if !x.decision.Permitted || x.decision.Hide {
		return nil // everything is withheld, and the reasons say why
	}
	var all []Withheld
	for _, group := range x.set.WithheldBy(seen, x.withholders) {
		withheld := Withheld{Share: group.Share}
		for _, ref := range group.By {
			if rule, known := x.Rule(ref); known {
				withheld.Rules = append(withheld.Rules, placeOf(rule))
			}
		}
		all = append(all, withheld)
	}
	return all
}

// withholders names the rules that withhold a record: those about its kind, or else those about single records.
func (x *explainer) withholders(record clinical.Record) []string {
	if x.decision.Release(record.Kind()).Condition.IsNever() && !x.bounded(record.Kind()) {
		return x.kindRules()
	}
	var refs []string
	for i := range x.bounds {
		if bound := &x.bounds[i]; !bound.Condition(record.Kind()).Match(record) {
			refs = append(refs, bound.Rule.Ref())
		}
	}
	return refs
}

// bounded reports whether the rules about single records admit no record of a kind.
func (x *explainer) bounded(kind clinical.Kind) bool {
	return slices.ContainsFunc(x.bounds, func(b policy.Bound) bool { return b.Condition(kind).IsNever() })
}

// kindRules are the rules that determine which kinds are released at all.
func (x *explainer) kindRules() []string {
	rule, known := x.Rule("decision.kinds")
	if !known {
		return nil
	}
	refs := slices.DeleteFunc(slices.Clone(rule.Uses), func(ref string) bool { return strings.HasPrefix(ref, "decision.") })
	if len(refs) == 0 {
		refs = []string{rule.Ref()}
	}
	return refs
}

// record describes the decision on one record, and by which rules.
func (x *explainer) record(record clinical.Record) *Record {
	kind := record.Kind()
	condition := x.decision.Release(kind).Condition
	r := &Record{Released: !x.decision.Hide && condition.Match(record), SQL: x.teller.Condition(condition)}
	var rules []string
	switch {
	case r.Released:
		r.Says = "This " + kind.String() + " is released: every rule about single records lets it through."
		for i := range x.bounds {
			rules = append(rules, x.bounds[i].Rule.Ref())
		}
	case !x.decision.Permitted || x.decision.Hide:
		r.Says = "This " + kind.String() + " is withheld, as everything is."
	default:
		r.Says = "This " + kind.String() + " is withheld."
		rules = x.withholders(record)
	}
	for _, ref := range rules {
		if rule, known := x.Rule(ref); known {
			r.Rules = append(r.Rules, placeOf(rule))
		}
	}
	return r
}
