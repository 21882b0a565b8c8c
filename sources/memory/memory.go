package memory

import (
	"context"
	"reflect"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Person is one registration of a person in the source. A person with several local identifiers has several.
type Person struct {
	NHSNumber    clinical.NHSNumber
	Organisation clinical.Text // ODS code of the organisation that holds the registration
	Registered   bool          // currently that GP practice's own patient
	Sensitive    bool          // carries an S-flag
	Records      []clinical.Record
}

// Source holds people's records in memory.
type Source struct {
	people []Person
	byKey  map[key][]clinical.Record
	all    []held
	id     clinical.SourceID
	newest clinical.DateTime
}

// held is a record with its registration.
type held struct {
	person *Person
	record clinical.Record
}

type key struct {
	person clinical.NHSNumber
	kind   clinical.Kind
}

var (
	_ sources.Source      = (*Source)(nil)
	_ sources.Lister      = (*Source)(nil)
	_ sources.Watermarked = (*Source)(nil)
	_ sources.Pinger      = (*Source)(nil)
	_ sources.Counter     = (*Source)(nil)
)

// New makes a source from copies of the people's records. Each record gets the source's id, each registration the
// person's number, and each record the person's S-flag unless it has one of its own.
func New(id clinical.SourceID, people ...Person) *Source {
	s := &Source{id: id, people: slices.Clone(people), byKey: map[key][]clinical.Record{}}
	for i := range people {
		for _, original := range people[i].Records {
			record := Clone(original)
			meta := record.About()
			meta.Source = id
			if _, known := meta.Labels.Value(clinical.LabelSensitive); !known {
				meta.Labels.Put(clinical.LabelSensitive, people[i].Sensitive)
			}
			if registration, ok := record.(*clinical.Registration); ok {
				registration.NHSNumber = people[i].NHSNumber
			}
			if meta.Recorded.Compare(s.newest) > 0 {
				s.newest = meta.Recorded
			}
			k := key{people[i].NHSNumber, record.Kind()}
			s.byKey[k] = append(s.byKey[k], record)
			s.all = append(s.all, held{&s.people[i], record})
		}
		s.people[i].Records = nil
	}
	return s
}

// Fetch answers the query.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts)), RoundTrips: 1}
	rows := 0
	for i := range query.Parts {
		if err := ctx.Err(); err != nil {
			return sources.Answer{}, err
		}
		part := &answer.Parts[i]
		for _, record := range s.part(&query.Parts[i]) {
			size := size(record)
			if full(query.Limits.Rows, rows+1) || full(query.Limits.Bytes, answer.Bytes+size) {
				part.Truncated = true
				break
			}
			rows++
			answer.Bytes += size
			part.Records = append(part.Records, record)
		}
	}
	return answer, ctx.Err()
}

func full(limit, used int) bool { return limit > 0 && used > limit }

// part answers one part: it filters, sorts, cuts, and copies the requested fields.
func (s *Source) part(part *sources.Part) []clinical.Record {
	var records []clinical.Record
	for _, record := range s.byKey[key{part.Person, part.Kind}] {
		after := part.After.Compare(sources.PositionOf(record)) < 0
		if after && matches(&part.Filter, record) && part.Condition.Match(record) {
			records = append(records, record)
		}
	}
	slices.SortFunc(records, func(a, b clinical.Record) int { return sources.PositionOf(a).Compare(sources.PositionOf(b)) })
	records = records[:min(len(records), max(part.Limit, 0))]
	for i, record := range records {
		records[i] = Clone(record)
		keep(records[i], part.Fields)
	}
	return records
}

// matches reports whether record satisfies the caller's filter.
func matches(filter *sources.Filter, record clinical.Record) bool {
	meta := record.About()
	if len(filter.Codes) > 0 && !slices.ContainsFunc(filter.Codes, func(c sources.Code) bool { return meta.Code.Has(c.System, c.Code) }) {
		return false
	}
	if !filter.From.IsZero() && (meta.Date.IsZero() || meta.Date.Compare(filter.From) < 0) {
		return false
	}
	if !filter.Until.IsZero() && (meta.Date.IsZero() || meta.Date.Compare(filter.Until) >= 0) {
		return false
	}
	if filter.OfPlan && meta.Plan == "" {
		return false
	}
	return len(filter.Statuses) == 0 || slices.Contains(filter.Statuses, meta.Status)
}

// Clone copies a record so that the copy can be changed.
func Clone(record clinical.Record) clinical.Record {
	duplicate := record.Kind().Descriptor().New()
	reflect.ValueOf(duplicate).Elem().Set(reflect.ValueOf(record).Elem())
	code := &duplicate.About().Code
	code.Translations = slices.Clone(code.Translations)
	return duplicate
}

// keep clears all other fields of record.
func keep(record clinical.Record, fields clinical.FieldSet) {
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if !fields.Has(descriptor.Fields[i].Bit) {
			descriptor.Fields[i].Clear(record)
		}
	}
}

// size is the approximate size of a record's values in bytes.
func size(record clinical.Record) int {
	meta := record.About()
	bytes := len(meta.ID) + len(meta.Organisation.Code) + len(meta.Organisation.Name)
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		switch value := descriptor.Fields[i].In(record).Interface().(type) {
		case clinical.Text:
			bytes += len(value)
		case clinical.Decimal:
			bytes += len(value)
		case clinical.DateTime:
			bytes += len(value.String())
		case clinical.Concept:
			bytes += len(value.Code) + len(value.Display) + len(value.Text)
		}
	}
	return bytes
}

// People lists every registration with a valid number.
func (s *Source) People(ctx context.Context, yield func(sources.Membership) error) error {
	for _, person := range s.people {
		if err := ctx.Err(); err != nil {
			return err
		}
		if person.NHSNumber.IsZero() {
			continue
		}
		if err := yield(sources.Membership{Person: person.NHSNumber, Organisation: person.Organisation,
			Registered: person.Registered, Sensitive: person.Sensitive}); err != nil {
			return err
		}
	}
	return nil
}

// Watermark returns when the newest record was written.
func (s *Source) Watermark(ctx context.Context) (clinical.DateTime, error) {
	return s.newest, ctx.Err()
}

// Ping always succeeds.
func (s *Source) Ping(ctx context.Context) error { return ctx.Err() }

// Close does nothing.
func (s *Source) Close() error { return nil }
