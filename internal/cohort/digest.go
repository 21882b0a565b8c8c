package cohort

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Digest identifies what the definition asks, so that an answer can be cited and a question recognised: "sha256:" and 64
// hexadecimal digits over a canonical form. Definitions that differ only in title, layout, the order of lists whose order says
// nothing, or in how a day, a unit or a default is written, have the same digest. Registered code lists enter by their name
// alone; package codelist gives digests of what they hold.
func (d *Definition) Digest() string {
	sum := sha256.Sum256(d.canonical())
	return "sha256:" + hex.EncodeToString(sum[:])
}

// canonical is the definition in one form of JSON, keys sorted.
func (d *Definition) canonical() []byte {
	plain := normal{d.AsAt}.definition(d)
	return encode(plain)
}

// encode writes JSON with sorted keys. What cannot be encoded, a bound that is no number, is written as Go does: such a
// definition does not pass Check, and has a digest all the same.
func encode(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Appendf(nil, "%#v", value)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return data
	}
	sorted, err := json.Marshal(tree)
	if err != nil {
		return data
	}
	return sorted
}

// normal makes copies in which everything that means the same is written the same.
type normal struct{ asAt clinical.Day }

func (n normal) definition(d *Definition) Definition {
	made := *d
	made.Title = ""
	made.Codelists = mapped(d.Codelists, n.codelist)
	slices.SortFunc(made.Codelists, func(a, b Codelist) int { return cmp.Compare(a.Name, b.Name) })
	made.Events = mapped(d.Events, n.set)
	slices.SortFunc(made.Events, func(a, b EventSet) int { return cmp.Compare(a.Name, b.Name) })
	made.People = n.optional(d.People)
	made.Measures = mapped(d.Measures, n.measure)
	made.By = mapped(d.By, n.dimension)
	return made
}

// mapped is a new list, nil for none.
func mapped[T any](list []T, change func(T) T) []T {
	var made []T
	for _, item := range list {
		made = append(made, change(item))
	}
	return made
}

// unordered sorts a copy of a list and drops repetitions.
func unordered[T ~string](list []T) []T {
	made := slices.Clone(list)
	slices.Sort(made)
	return slices.Compact(made)
}

func (n normal) codelist(list Codelist) Codelist {
	if list.Codes == nil && list.From == "" {
		list.From = list.Name
	}
	list.Codes = slices.Clone(list.Codes)
	slices.SortFunc(list.Codes, func(a, b CodelistEntry) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code))
	})
	list.Codes = slices.Compact(list.Codes)
	return list
}

func (n normal) set(set EventSet) EventSet {
	set.Codes, set.Classes, set.Statuses = unordered(set.Codes), unordered(set.Classes), unordered(set.Statuses)
	set.Organisations, set.Of = unordered(set.Organisations), unordered(set.Of)
	set.From, set.Until = n.moment(set.From), n.moment(set.Until)
	set.Where = n.optional(set.Where)
	if set.Pick == PickAll {
		set.Pick = ""
	}
	if set.Value != nil {
		value := *set.Value
		value.Over, value.AtLeast = unsigned(value.Over), unsigned(value.AtLeast)
		value.Below, value.AtMost = unsigned(value.Below), unsigned(value.AtMost)
		value.Units = unordered(mapped(value.Units, func(unit clinical.Text) clinical.Text {
			return clinical.Text(strings.ToLower(string(unit)))
		}))
		set.Value = &value
	}
	return set
}

// unsigned makes one zero of the two.
func unsigned(number *float64) *float64 {
	if number == nil || *number != 0 {
		return number
	}
	return new(float64)
}

// moment is the day that is meant.
func (n normal) moment(moment *Moment) *Moment {
	if moment == nil {
		return nil
	}
	day := On(moment.In(n.asAt))
	return &day
}

func (n normal) measure(measure Measure) Measure {
	if measure.Kind == MeasureRate {
		measure.Per = cmp.Or(measure.Per, defaultPer)
	}
	return measure
}

func (n normal) dimension(by Dimension) Dimension {
	by.Groups = mapped(by.Groups, func(group Group) Group {
		group.Where = n.criterion(group.Where)
		return group
	})
	return by
}

func (n normal) optional(of *Criterion) *Criterion {
	if of == nil {
		return nil
	}
	made := n.criterion(*of)
	return &made
}

func (n normal) criterion(of Criterion) Criterion {
	of.All, of.Any, of.Not = n.several(of.All), n.several(of.Any), n.optional(of.Not)
	of.Sex, of.Borough, of.Practice = unordered(of.Sex), unordered(of.Borough), unordered(of.Practice)
	if of.Some != nil {
		of.Some = &Some{AtLeast: of.Some.AtLeast, Of: n.several(of.Some.Of)}
	}
	if of.Has != nil {
		has := *of.Has
		if has.Anchor == AnchorStart {
			has.Anchor = ""
		}
		if has.AtLeast != nil && (*has.AtLeast == 1 && has.AtMost == nil || *has.AtLeast == 0 && has.AtMost != nil) {
			has.AtLeast = nil
		}
		of.Has = &has
	}
	return of
}

// several is criteria in the order of their canonical form. A repeated one stays: of so many, it counts twice.
func (n normal) several(of []Criterion) []Criterion {
	type keyed struct {
		key       string
		criterion Criterion
	}
	var made []keyed
	for _, criterion := range of {
		criterion = n.criterion(criterion)
		made = append(made, keyed{string(encode(criterion)), criterion})
	}
	slices.SortFunc(made, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	var sorted []Criterion
	for _, each := range made {
		sorted = append(sorted, each.criterion)
	}
	return sorted
}
