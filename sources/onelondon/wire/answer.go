package wire

import (
	"math/bits"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// AppendAnswer appends the answer to a query, whose parts say which fields of records are told. A record's source is not told: it
// is the sender, and what lies below it.
func AppendAnswer(b []byte, query *sources.Query, answer *sources.Answer) []byte {
	w := newWriter(b)
	labels := clinical.Labels()
	w.count(len(labels))
	for _, label := range labels {
		w.text(string(label))
	}
	w.count(len(answer.Parts))
	for i := range answer.Parts {
		w.answer(&query.Parts[i], &answer.Parts[i], labels)
	}
	return w.b
}

func (w *writer) answer(part *sources.Part, answer *sources.PartAnswer, labels []clinical.Label) {
	descriptor := part.Kind.Descriptor()
	w.text(descriptor.Name)
	w.fields(descriptor, part.Fields)
	w.count(answer.Rejected)
	w.bool(answer.Truncated)
	w.count(len(answer.Below))
	for i := range answer.Below {
		line := &answer.Below[i]
		w.text(string(line.Source))
		w.text(line.Name)
		w.text(string(line.Outcome))
		w.count(line.Rejected)
		w.uint(uint64(max(line.Elapsed, 0).Microseconds()))
	}
	fields := make([]*clinical.Field, 0, len(descriptor.Fields))
	for i := range descriptor.Fields {
		if part.Fields.Has(descriptor.Fields[i].Bit) {
			fields = append(fields, &descriptor.Fields[i])
		}
	}
	w.count(len(answer.Records))
	for _, record := range answer.Records {
		w.record(record, fields, labels)
	}
}

func (w *writer) record(record clinical.Record, fields []*clinical.Field, labels []clinical.Label) {
	meta := record.About()
	w.text(string(meta.ID))
	w.text(string(meta.Below))
	w.text(string(meta.Organisation.Code))
	w.text(string(meta.Organisation.Name))
	var known, set uint64
	for i, label := range labels {
		yes, told := meta.Labels.Value(label)
		if told {
			known |= 1 << i
		}
		if told && yes {
			set |= 1 << i
		}
	}
	w.uint(known)
	w.uint(set)
	if registration, ok := record.(*clinical.Registration); ok {
		w.number(registration.NHSNumber)
	}
	w.values(record, fields)
}

// values writes which fields are not missing, and then those.
func (w *writer) values(record clinical.Record, fields []*clinical.Field) {
	var there uint64
	for i, field := range fields {
		if !field.In(record).IsZero() {
			there |= 1 << i
		}
	}
	w.uint(there)
	for there != 0 {
		i := bits.TrailingZeros64(there)
		there &^= 1 << i
		switch value := fields[i].In(record).Addr().Interface().(type) {
		case *clinical.Text:
			w.text(string(*value))
		case *clinical.Decimal:
			w.text(string(*value))
		case *clinical.Status:
			w.text(string(*value))
		case *clinical.EncounterClass:
			w.text(string(*value))
		case *clinical.Gender:
			w.text(string(*value))
		case *clinical.DateTime:
			w.date(*value)
		case *clinical.Concept:
			w.concept(value)
		}
	}
}

func (w *writer) concept(c *clinical.Concept) {
	w.coding(&c.Coding)
	w.count(len(c.Translations))
	for i := range c.Translations {
		w.coding(&c.Translations[i])
	}
	w.text(string(c.Text))
}

func (w *writer) coding(c *clinical.Coding) {
	w.text(string(c.System))
	w.text(string(c.Code))
	w.text(string(c.Display))
}

// ReadAnswer reads the answer to a query, of which every record is the source's. The error is [ErrMalformed] or [ErrUnsupported];
// an answer to another query is malformed, and so is one that tells what was not asked for.
func ReadAnswer(body []byte, query *sources.Query, source clinical.SourceID) (sources.Answer, error) {
	r := newReader(body)
	labels := r.labels()
	count := r.count()
	if count != len(query.Parts) {
		r.fail(ErrMalformed)
		return sources.Answer{}, r.end()
	}
	answer, rows := sources.Answer{Parts: make([]sources.PartAnswer, count), Bytes: len(body)}, query.Limits.Rows
	for i := range answer.Parts {
		r.answer(&query.Parts[i], &answer.Parts[i], source, labels)
		rows -= len(answer.Parts[i].Records)
		if query.Limits.Rows > 0 && rows < 0 {
			r.fail(ErrMalformed)
		}
	}
	if err := r.end(); err != nil {
		return sources.Answer{}, err
	}
	return answer, nil
}

// labels reads which labels the other end knows. Of one that this end does not know no policy here speaks; it is passed over.
func (r *reader) labels() []clinical.Label {
	var labels []clinical.Label
	for range r.bounded(mostLabels) {
		labels = append(labels, clinical.Label(r.text()))
	}
	for i, label := range labels {
		if !slices.Contains(clinical.Labels(), label) {
			labels[i] = ""
		}
	}
	return labels
}

// What an answer may hold. A record of seven bytes takes some thousands here: whoever answers decides how many bytes come, and
// must not decide with them how much memory they take.
const (
	mostLabels       = 64
	mostLines        = 1000
	mostTranslations = 32
)

func (r *reader) answer(part *sources.Part, answer *sources.PartAnswer, source clinical.SourceID, labels []clinical.Label) {
	descriptor := r.descriptor()
	fields := r.fields(descriptor)
	var told clinical.FieldSet
	for _, field := range fields {
		told |= field.Bit
	}
	if r.fault == nil && (descriptor.Kind != part.Kind || told&^part.Fields != 0) {
		r.fail(ErrMalformed)
	}
	answer.Rejected, answer.Truncated = r.amount(), r.bool()
	for range r.bounded(mostLines) {
		line := sources.Below{Source: clinical.SourceID(r.text()), Name: r.text(), Outcome: sources.Outcome(r.text()), Rejected: r.amount()}
		line.Elapsed = time.Duration(r.amount()) * time.Microsecond
		if !line.Outcome.Known() && r.fault == nil {
			r.fail(ErrUnsupported)
		}
		answer.Below = append(answer.Below, line)
	}
	count := r.bounded(max(part.Limit, 1))
	if count > 0 {
		answer.Records = make([]clinical.Record, 0, count)
	}
	for range count {
		record := descriptor.New()
		record.About().Source = source
		r.record(record, fields, labels)
		if r.fault != nil {
			return
		}
		answer.Records = append(answer.Records, record)
	}
}

func (r *reader) record(record clinical.Record, fields []*clinical.Field, labels []clinical.Label) {
	meta := record.About()
	meta.ID, meta.Below = clinical.Text(r.text()), clinical.SourceID(r.text())
	meta.Organisation = clinical.Organisation{Code: clinical.Text(r.text()), Name: clinical.Text(r.text())}
	known, set := r.uint(), r.uint()
	if known>>len(labels) != 0 || set&^known != 0 {
		r.fail(ErrMalformed)
		return
	}
	for i, label := range labels {
		if known&(1<<i) != 0 && label != "" {
			meta.Labels.Put(label, set&(1<<i) != 0)
		}
	}
	if registration, ok := record.(*clinical.Registration); ok {
		registration.NHSNumber = r.number()
	}
	r.values(record, fields)
}

func (r *reader) values(record clinical.Record, fields []*clinical.Field) {
	there := r.uint()
	if there>>len(fields) != 0 {
		r.fail(ErrMalformed)
		return
	}
	for there != 0 {
		i := bits.TrailingZeros64(there)
		there &^= 1 << i
		switch value := fields[i].In(record).Addr().Interface().(type) {
		case *clinical.Text:
			*value = clinical.Text(r.text())
		case *clinical.Decimal:
			*value = clinical.Decimal(r.text())
		case *clinical.Status:
			*value = clinical.Status(r.text())
		case *clinical.EncounterClass:
			*value = clinical.EncounterClass(r.text())
		case *clinical.Gender:
			*value = clinical.Gender(r.text())
		case *clinical.DateTime:
			*value = r.date()
		case *clinical.Concept:
			r.concept(value)
		}
	}
}

func (r *reader) concept(c *clinical.Concept) {
	r.coding(&c.Coding)
	for range r.bounded(mostTranslations) {
		var coding clinical.Coding
		r.coding(&coding)
		c.Translations = append(c.Translations, coding)
	}
	c.Text = clinical.Text(r.text())
}

func (r *reader) coding(c *clinical.Coding) {
	c.System, c.Code, c.Display = clinical.CodeSystem(r.text()), clinical.Text(r.text()), clinical.Text(r.text())
}
