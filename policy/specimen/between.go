package specimen

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Share is records of one circumstance, of some kinds.
type Share struct {
	Words string   `json:"records"` // "from other organisations: records about HIV"
	Kinds []string `json:"kinds"`   // names of the kinds, in order
	All   bool     `json:"all"`     // every kind that there is
}

// Sentence says the share, "from other organisations: records about HIV (Condition, Medication)". Many kinds are said by what
// is left out.
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

// Difference is what lies between two decisions.
type Difference struct {
	Gained   []Share  `json:"gained,omitempty"`   // released by the second and not by the first
	Lost     []Share  `json:"lost,omitempty"`     // released by the first and not by the second
	Unmasked []string `json:"unmasked,omitempty"` // fields that the second shows and the first does not: "Contact.note"
	Masked   []string `json:"masked,omitempty"`   // fields that the first shows and the second does not
}

// Empty reports whether both decisions let the same through.
func (d *Difference) Empty() bool { return !d.More() && !d.Less() }

// More reports whether the second decision lets something through that the first does not.
func (d *Difference) More() bool { return len(d.Gained)+len(d.Unmasked) > 0 }

// Less reports whether the first decision lets something through that the second does not.
func (d *Difference) Less() bool { return len(d.Lost)+len(d.Masked) > 0 }

// Between compares what two decisions let through of the same specimens.
func (s *Specimens) Between(before, after *Seen) *Difference {
	d := &Difference{Gained: s.shares(func(i, n int) bool { return after.kinds[i][n] && !before.kinds[i][n] }),
		Lost: s.shares(func(i, n int) bool { return before.kinds[i][n] && !after.kinds[i][n] })}
	for n, kind := range clinical.Kinds() {
		if !before.any(n) || !after.any(n) {
			continue // fields of a kind that is not released are nobody's gain
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

// any reports whether a specimen of the kind is let through in some circumstance.
func (s *Seen) any(kind int) bool {
	return slices.ContainsFunc(s.kinds, func(kinds []bool) bool { return kinds[kind] })
}

// Released lists what is let through.
func (s *Specimens) Released(seen *Seen) []Share {
	return s.shares(func(i, n int) bool { return seen.kinds[i][n] })
}

// shares gathers what is of interest: circumstances of which the same kinds are, said together. Kinds of which it is every
// circumstance are said first, wherever their records are from.
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
		if len(names) == 0 {
			continue
		}
		key := circumstance.place + strings.Join(names, " ")
		if _, known := members[key]; !known {
			keys = append(keys, key)
			shares = append(shares, Share{Kinds: names, All: len(names) == len(kinds)})
		}
		members[key] = append(members[key], circumstance)
	}
	for i, key := range keys {
		shares[len(shares)-len(keys)+i].Words = s.together(members[key])
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

// mostExceptions is up to how many exceptions "every record but" is said.
const mostExceptions = 3

// together says circumstances of one place in one phrase.
func (s *Specimens) together(members []Circumstance) string {
	place := members[0].place
	missing := slices.DeleteFunc(slices.Clone(s.circumstances), func(c Circumstance) bool {
		return c.place != place || slices.Contains(members, c)
	})
	switch {
	case len(missing) == 0:
		return place + "every record"
	case len(missing) <= mostExceptions && len(missing) < len(members):
		return place + "every record but " + Phrase(missing)
	}
	return place + Phrase(members)
}

// Phrase says circumstances one after another, without their place, the sensitive categories among them at once.
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

// Listed joins words as a sentence does: "HIV, drugs and alcohol".
func Listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// Group is a share that has the same rules to thank for it.
type Group struct {
	Share
	By []string
}

// WithheldBy lists what is not let through, those together that by says the same of.
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
