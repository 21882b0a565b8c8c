package openehr

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
	"onelondon/sources/web"
)

// decoder turns rows into people and their records. It lives for one question.
type decoder struct {
	person *mapping.Person
	london *time.Location
}

// reading is what a selection's rows say: registrations with their records, by the person's number.
type reading struct {
	people   map[clinical.NHSNumber][]*memory.Person
	rejected map[clinical.NHSNumber]int
	strange  bool // a row of a number that was not asked for
}

// read reads the rows of a selection. Asked are the numbers that it is about, nil for everybody.
func (d *decoder) read(s *selection, rows [][]any, asked map[clinical.NHSNumber]bool) *reading {
	read := &reading{people: map[clinical.NHSNumber][]*memory.Person{}, rejected: map[clinical.NHSNumber]int{}}
	byEHR := map[string]*folding{}
	var order []string
	for _, cells := range rows {
		r := &row{place: s.place, cells: cells}
		ehr := textOf(plain(cells[columnEHR]))
		number, ok := d.number(r, ehr)
		if !ok {
			continue
		}
		if asked != nil && !asked[number] {
			read.strange = true
			return read
		}
		if byEHR[ehr] == nil {
			byEHR[ehr] = &folding{number: number, person: d.registration(r, number), byID: map[clinical.Text][]told{}}
			order = append(order, ehr)
		}
		if !s.set.bare {
			d.fold(s, r, byEHR[ehr])
		}
	}
	for _, ehr := range order {
		f := byEHR[ehr]
		f.person.Records = f.records()
		read.people[f.number] = append(read.people[f.number], &f.person)
		read.rejected[f.number] += f.rejected
	}
	return read
}

// number reads whose a row is; false for an EHR that is not to be seen.
func (d *decoder) number(r *row, ehr string) (clinical.NHSNumber, bool) {
	if queryable, known := truthOf(plain(r.cells[columnQueryable])); ehr == "" || known && !queryable {
		return clinical.NHSNumber{}, false
	}
	if d.person.Where != nil {
		if yes, known := r.truth(d.person.Where); !known || !yes {
			return clinical.NHSNumber{}, false
		}
	}
	number, err := clinical.ParseNHSNumber(strings.TrimSpace(textOf(plain(r.cells[columnNumber]))))
	return number, err == nil
}

func (d *decoder) registration(r *row, number clinical.NHSNumber) memory.Person {
	return memory.Person{NHSNumber: number, Organisation: text(r, d.person.Organisation.Code), Registered: said(r, d.person.Registered),
		Sensitive: said(r, d.person.Sensitive)}
}

func said(r *row, expr mapping.Expr) bool {
	if expr == nil {
		return false
	}
	yes, known := r.truth(expr)
	return known && yes
}

// membership is what the locator is told of a registration.
func membership(p *memory.Person) sources.Membership {
	return sources.Membership{Person: p.NHSNumber, Organisation: p.Organisation, Registered: p.Registered, Sensitive: p.Sensitive}
}

// fold reads a row as a record, or adds it to the record that it is another row of.
func (d *decoder) fold(s *selection, r *row, into *folding) {
	if where := s.set.Where; where != nil {
		if yes, known := r.truth(where); !known || !yes {
			return
		}
	}
	record, ok := d.record(s, r)
	if !ok {
		into.rejected++
		return
	}
	into.add(record, r.cells)
}

// record reads one row.
func (d *decoder) record(s *selection, r *row) (clinical.Record, bool) {
	record := s.set.Kind.Descriptor().New()
	meta := record.About()
	if meta.ID = text(r, s.set.ID); meta.ID == "" {
		return nil, false
	}
	meta.Organisation.Code, meta.Organisation.Name = text(r, s.set.Organisation.Code), text(r, s.set.Organisation.Name)
	for label, expr := range s.set.Labels {
		if yes, known := r.truth(expr); known {
			meta.Labels.Put(label, yes)
		}
	}
	descriptor := s.set.Kind.Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		held, ok := s.set.Fields[field.Name]
		if ok && s.fields.Has(field.Bit) && !d.field(field, &held, r, record) {
			return nil, false
		}
	}
	return record, true
}

// field fills one field; it reports false where what is there cannot be read.
func (d *decoder) field(field *clinical.Field, held *mapping.FieldExpr, r *row, record clinical.Record) bool {
	switch into := field.In(record).Addr().Interface().(type) {
	case *clinical.Concept:
		*into = concept(r, held.Concept)
	case *clinical.DateTime:
		read, ok := d.date(r, held.Date)
		*into = read
		return ok
	case *clinical.Decimal:
		if written := strings.TrimSpace(textOf(r.value(held.Value))); written != "" {
			read, ok := web.Decimal(written)
			*into = read
			return ok
		}
	case *clinical.Text:
		*into = text(r, held.Value)
	default:
		word(field, textOf(r.value(held.Value)), record)
	}
	return true
}

// word fills a field of a vocabulary; a word that is not of it is a missing value.
func word(field *clinical.Field, written string, record clinical.Record) {
	known := false
	switch field.Type {
	case clinical.TypeStatus:
		known = clinical.Status(written).Known()
	case clinical.TypeClass:
		known = clinical.EncounterClass(written).Known()
	case clinical.TypeGender:
		known = clinical.Gender(written).Known()
	}
	if known {
		field.In(record).SetString(written)
	}
}

// folding makes records of one EHR's rows. A composition with several of something comes in several rows: texts that differ between
// rows of one id stand one after the other in one record, and what one row lacks another adds; where anything else differs, they are
// records of their own, so that a contradiction within one composition is seen as one.
type folding struct {
	number   clinical.NHSNumber
	person   memory.Person
	order    []clinical.Text
	byID     map[clinical.Text][]told
	rejected int
}

// told is one row, and what it says.
type told struct {
	record clinical.Record
	cells  []any
}

func (f *folding) add(record clinical.Record, cells []any) {
	id := record.About().ID
	if f.byID[id] == nil {
		f.order = append(f.order, id)
	}
	f.byID[id] = append(f.byID[id], told{record, cells})
}

// records are the records. Of those that share an id the first keeps it, so that what names it finds it, and the others are told apart by
// a digest of what they differ in; all of them carry the labels of all, so that none is shown where another is withheld.
func (f *folding) records() []clinical.Record {
	var all []clinical.Record
	for _, id := range f.order {
		folded := fold(f.byID[id])
		labels := folded[0].About().Labels
		for _, record := range folded[1:] {
			record.About().ID = id + "#" + digest(record)
			labels = both(labels, record.About().Labels)
		}
		for _, record := range folded {
			record.About().Labels = labels
		}
		all = append(all, folded...)
	}
	return all
}

// fold makes as few records of rows of one id as do not contradict each other. A server gives rows in any order, so they are put into one:
// the same composition makes the same records each time.
func fold(rows []told) []clinical.Record {
	if len(rows) > 1 {
		slices.SortStableFunc(rows, func(a, b told) int { return strings.Compare(asText(a.cells), asText(b.cells)) })
	}
	var all []clinical.Record
	for _, row := range rows {
		i := slices.IndexFunc(all, func(already clinical.Record) bool { return agree(already, row.record) })
		if i < 0 {
			all = append(all, row.record)
			continue
		}
		join(all[i], row.record)
	}
	return all
}

// asText is a row as JSON has it.
func asText(cells []any) string {
	text, _ := json.Marshal(cells) // it was read from JSON
	return string(text)
}

// agree reports whether records contradict each other in nothing: what may hold the words of several rows does not, nor does what one
// of them lacks. A server may give a node that goes by its name once with its value and once without.
func agree(a, b clinical.Record) bool {
	descriptor := a.Kind().Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		if words(field, a) != nil && words(field, b) != nil || field.In(a).IsZero() || field.In(b).IsZero() {
			continue
		}
		if !slices.Equal(field.AppendTo(nil, a), field.AppendTo(nil, b)) {
			return false
		}
	}
	return true
}

// words is where a field's words are, of a field that may hold those of several rows: a text that nothing else is found by, or a concept
// without a code. It is nil for any other.
func words(field *clinical.Field, of clinical.Record) *clinical.Text {
	switch into := field.In(of).Addr().Interface().(type) {
	case *clinical.Text:
		if !field.Refers() && field.Name != "publisher" {
			return into
		}
	case *clinical.Concept:
		if into.Code == "" && into.Display == "" {
			return &into.Text
		}
	}
	return nil
}

// join adds what another row says.
func join(into, other clinical.Record) {
	descriptor := into.Kind().Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		if field.In(into).IsZero() {
			field.In(into).Set(field.In(other))
			continue
		}
		before, more := words(field, into), words(field, other)
		if before == nil || more == nil || *more == "" || slices.Contains(strings.Split(string(*before), between), string(*more)) {
			continue
		}
		if *before != "" {
			*before += between
		}
		*before += *more
	}
	into.About().Labels = both(into.About().Labels, other.About().Labels)
}

// both are the labels of two rows together. A label that withholds is set where either says so and not set where both do; one that
// releases is set where both say so.
func both(a, b clinical.LabelSet) clinical.LabelSet {
	var joined clinical.LabelSet
	for _, label := range clinical.Labels() {
		one, oneKnown := a.Value(label)
		other, otherKnown := b.Value(label)
		releases := label == clinical.LabelPlanShared || label == clinical.LabelPrognosisTold
		decides := !releases // what one row alone decides
		switch {
		case oneKnown && one == decides || otherKnown && other == decides:
			joined.Put(label, decides)
		case oneKnown && otherKnown:
			joined.Put(label, !decides)
		}
	}
	return joined
}

// between parts the texts of several rows.
const between = "; "

func digest(record clinical.Record) clinical.Text {
	sum := fnv.New64a()
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; words(field, record) == nil {
			_, _ = sum.Write(field.AppendTo(nil, record)) // a hash takes everything
		}
	}
	return clinical.Text(fmt.Sprintf("%016x", sum.Sum64()))
}
