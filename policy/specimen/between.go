package specimen

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Share is records of some kinds in one circumstance.
type Share struct {
	Words string   `json:"records"` // "from other organisations: records about HIV"
	Kinds []string `json:"kinds"`   // names of the kinds, in order
	All   bool     `json:"all"`     // every kind
}

// Sentence describes the share: "from other organisations: records about HIV (Condition, Medication)". If there are
// many kinds, it names the exceptions.
func (s Share) Sentence() string {
	if s.All {
		return s.Words + " (every kind)"
	}
	var missing []string
	for _, kind := range clinical.Kinds() {
		if !slices.Contains(s.Kinds, kind.String()) {
			missing = append(missing, kind.String())
		}
	}
	if len(missing) < len(s.Kinds)/2 {
		return s.Words + " (every kind but " + Listed(missing) + ")"
	}
	return s.Words + " (" + strings.Join(s.Kinds, ", ") + ")"
}

// Difference is the difference between two decisions.
type Difference struct {
	Gained   []Share  `json:"gained,omitempty"`   // released by the second and not by the first
	Lost     []Share  `json:"lost,omitempty"`     // released by the first and not by the second
	Unmasked []string `json:"unmasked,omitempty"` // fields that the second shows and the first does not: "Contact.note"
	Masked   []string `json:"masked,omitempty"`   // fields shown by the first and not by the second
}

// Empty reports whether both decisions release the same.
func (d *Difference) Empty() bool { return !d.More() && !d.Less() }

// More reports whether the second decision releases something that the first does not.
func (d *Difference) More() bool { return len(d.Gained)+len(d.Unmasked) > 0 }

// Less reports whether the first decision releases something that the second does not.
func (d *Difference) Less() bool { return len(d.Lost)+len(d.Masked) > 0 }

// Between compares what two decisions release of the same specimens.
func (s *Specimens) Between(before, after *Seen) *Difference {
	d := &Difference{Gained: s.shares(func(i, n int) bool { return after.kinds[i][n] && !before.kinds[i][n] }),
		Lost: s.shares(func(i, n int) bool { return before.kinds[i][n] && !after.kinds[i][n] })}
	for n, kind := range clinical.Kinds() {
		if !before.any(n) || !after.any(n) {
			continue // fields of a kind that is not released do not count
		}
		for i := range kind.Descriptor().Fields {
			field := &kind.Descriptor().Fields[i]
			switch was, is := before.masked[n].Has(field.Bit), after.masked[n].Has(field.Bit); {
			case was && !is:
				d.Unmasked = append(d.Unmasked, kind.String()+"."+field.Name)
			case is && !was:
				d.Masked = append(d.Masked, kind.String()+"."+field.Name)
			case before.untold[n].Has(field.Bit) && !after.untold[n].Has(field.Bit):
				d.Unmasked = append(d.Unmasked, kind.String()+"."+field.Name+policy.UnlessTold)
			case !before.untold[n].Has(field.Bit) && after.untold[n].Has(field.Bit):
				d.Masked = append(d.Masked, kind.String()+"."+field.Name+policy.UnlessTold)
			}
		}
	}
	return d
}

// any reports whether a specimen of the kind is released in any circumstance.
func (s *Seen) any(kind int) bool {
	return slices.ContainsFunc(s.kinds, func(kinds []bool) bool { return kinds[kind] })
}

// Released lists what is released.
func (s *Specimens) Released(seen *Seen) []Share {
	return s.shares(func(i, n int) bool { return seen.kinds[i][n] })
}

// shares collects what of selects, combining circumstances with the same kinds. Kinds that are selected in every
// circumstance come first, wherever their records are from.
func (s *Specimens) shares(of func(circumstance, kind int) bool) []Share {
	kinds := clinical.Kinds()
	always := Share{Words: "every record"}
	for n, kind := range kinds {
		if !slices.ContainsFunc(s.indices(), func(i int) bool { return !of(i, n) }) {
			always.Kinds = append(always.Kinds, kind.String())
		}
	}
	var shares []Share
	if always.All = len(always.Kinds) == len(kinds); len(always.Kinds) > 0 {
		shares = append(shares, always)
	}
	members := map[string][]Circumstance{}
	var keys []string
	for i, circumstance := range s.circumstances {
		var names []string
		for n, kind := range kinds {
			if of(i, n) && !slices.Contains(always.Kinds, kind.String()) {
				names = append(names, kind.String())
			}
		}
		if len(names) == 0 || circumstance.ofPlans() && !slices.Contains(names, clinical.KindUrgentCarePlan.String()) {
			continue // of other kinds it is what an ordinary record is
		}
		key := circumstance.place + strings.Join(names, " ")
		if _, known := members[key]; !known {
			keys = append(keys, key)
			shares = append(shares, Share{Kinds: names, All: len(names) == len(kinds)})
		}
		members[key] = append(members[key], circumstance)
	}
	for i, key := range keys {
		shares[len(shares)-len(keys)+i].Words = s.together(members[key], shares[len(shares)-len(keys)+i].Kinds)
	}
	return shares
}

func (s *Specimens) indices() []int {
	indices := make([]int, len(s.circumstances))
	for i := range indices {
		indices[i] = i
	}
	return indices
}

// mostExceptions is the maximum number of exceptions for which "every record but" is used.
const mostExceptions = 3

// together says circumstances of one place, of some kinds, in one phrase.
func (s *Specimens) together(members []Circumstance, kinds []string) string {
	place := members[0].place
	plans := slices.Contains(kinds, clinical.KindUrgentCarePlan.String())
	missing := slices.DeleteFunc(slices.Clone(s.circumstances), func(c Circumstance) bool {
		return c.place != place || slices.Contains(members, c) || c.ofPlans() && !plans
	})
	switch {
	case len(missing) == 0:
		return place + "every record"
	case len(missing) <= mostExceptions && len(missing) < len(members):
		return place + "every record but " + Phrase(missing)
	}
	return place + Phrase(members)
}

// Phrase lists circumstances without their place, combining the sensitive categories among them.
func Phrase(members []Circumstance) string {
	var phrases, categories []string
	for _, member := range members {
		if member.about != "" {
			categories = append(categories, member.about)
		} else {
			phrases = append(phrases, member.what)
		}
	}
	switch {
	case len(categories) > 1 && len(categories) == len(clinical.Categories()):
		phrases = append(phrases, "records of every sensitive category")
	case len(categories) > 0:
		phrases = append(phrases, about+Listed(categories))
	}
	return Listed(phrases)
}

// Listed joins words as in a sentence: "HIV, drugs and alcohol".
func Listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// Group is a share that is withheld by the same rules.
type Group struct {
	Share
	By []string
}

// WithheldBy lists what is not released, grouped by the result of by.
func (s *Specimens) WithheldBy(seen *Seen, by func(clinical.Record) []string) []Group {
	rules := map[string][]string{}
	keyOf := make([][]string, len(s.circumstances))
	for i, circumstance := range s.circumstances {
		keyOf[i] = make([]string, len(clinical.Kinds()))
		for n, record := range s.Records(circumstance) {
			if !seen.kinds[i][n] {
				refs := by(record)
				keyOf[i][n] = "by " + strings.Join(refs, " ")
				rules[keyOf[i][n]] = refs
			}
		}
	}
	var groups []Group
	for _, key := range slices.Sorted(maps.Keys(rules)) {
		for _, share := range s.shares(func(i, n int) bool { return keyOf[i][n] == key }) {
			groups = append(groups, Group{Share: share, By: rules[key]})
		}
	}
	return groups
}
