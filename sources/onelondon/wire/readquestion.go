package wire

import (
	"errors"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// ErrLists reports a question that names lists of codes which this end does not know, by their digests alone.
var ErrLists = errors.New("names lists of codes that are not known here")

// Lists keeps lists of codes that came with questions. Codes returns nil where it does not know a digest.
type Lists interface {
	Codes(Digest) *condition.Codes
	Keep(*condition.Codes)
}

// mostParts is how many parts are read of a question. Whoever answers may take fewer.
const mostParts = 10_000

// ReadQuestion reads a question. The error is [ErrMalformed], [ErrUnsupported] or [ErrLists].
func ReadQuestion(body []byte, lists Lists) (*Question, error) {
	r := newReader(body)
	q := &Question{Path: r.list(), To: r.text(), As: clinical.SourceID(r.text())}
	for i := range q.Nonce {
		q.Nonce[i] = r.byte()
	}
	q.At = time.UnixMilli(int64(r.amount()))
	within := r.amount()
	if within > int(time.Hour.Milliseconds()) {
		r.fail(ErrMalformed)
	}
	q.Within = time.Duration(within) * time.Millisecond
	r.caller(&q.Query.Caller)
	q.Query.Consent = r.uint()
	q.Query.Limits = sources.Limits{Rows: r.amount(), Bytes: r.amount()}
	for range r.count() {
		q.Query.People = append(q.Query.People, r.standing())
	}
	conditions := r.conditions(lists)
	for range r.bounded(mostParts) {
		q.Query.Parts = append(q.Query.Parts, r.part(conditions))
	}
	return q, r.end()
}

func (r *reader) caller(c *sources.Caller) {
	for _, into := range []*string{&c.ID, &c.Name, &c.Organisation, &c.Role, &c.Purpose, &c.RequestID} {
		*into = r.text()
	}
	c.Activities, c.Citizen, c.Person, c.Automated = r.list(), r.bool(), r.number(), r.bool()
}

func (r *reader) standing() sources.Standing {
	var s sources.Standing
	for range r.count() {
		s.Numbers = append(s.Numbers, r.number())
	}
	s.Relationship, s.Claimed, s.Emergency = r.text(), r.text(), r.bool()
	return s
}

func (r *reader) conditions(known Lists) []condition.Condition {
	var lists []*condition.Codes
	missing := false
	for range r.count() {
		codes := r.codes(known)
		missing = missing || codes == nil
		lists = append(lists, codes)
	}
	if missing && r.fault == nil {
		r.fail(ErrLists)
	}
	var all []condition.Condition
	for range r.count() {
		all = append(all, r.condition(lists))
	}
	return all
}

// codes reads a list, or finds the one that is meant; nil where it is not known.
func (r *reader) codes(known Lists) *condition.Codes {
	var digest Digest
	for i := range digest {
		digest[i] = r.byte()
	}
	if !r.bool() {
		return known.Codes(digest)
	}
	text := r.text()
	var covers []clinical.CodeSystem
	for range r.count() {
		covers = append(covers, clinical.CodeSystem(r.text()))
	}
	presumes := condition.Presumption(r.byte())
	if r.fault != nil {
		return nil
	}
	if already := known.Codes(digest); already != nil {
		return already
	}
	codes, err := condition.ReadCodes(text, covers, presumes)
	if err != nil || codes.Digest() != digest {
		r.fail(ErrMalformed)
		return nil
	}
	known.Keep(codes)
	return codes
}

func (r *reader) condition(lists []*condition.Codes) condition.Condition {
	switch r.byte() {
	case never:
		return condition.Never()
	case always:
		return condition.Always()
	case where:
	default:
		r.fail(ErrMalformed)
		return condition.Never()
	}
	var clauses []condition.Clause
	for range r.count() {
		var clause condition.Clause
		for range r.count() {
			clause = append(clause, r.atom(lists))
		}
		if len(clause) == 0 {
			r.fail(ErrMalformed) // it would release everything
		}
		clauses = append(clauses, clause)
	}
	if r.fault != nil || len(clauses) == 0 {
		r.fail(ErrMalformed)
		return condition.Never()
	}
	return condition.Where(clauses...)
}

func (r *reader) atom(lists []*condition.Codes) condition.Atom {
	atom := condition.Atom{Attribute: condition.Attribute(r.text()), Op: condition.Op(r.byte())}
	if atom.Op > condition.NotIn {
		r.fail(ErrMalformed)
	}
	at := r.amount()
	if at > len(lists) {
		r.fail(ErrMalformed)
	} else if at > 0 {
		atom.Codes = lists[at-1]
	}
	for range r.count() {
		switch r.byte() {
		case textConstant:
			atom.Values = append(atom.Values, condition.Text(r.text()))
		case dateConstant:
			atom.Values = append(atom.Values, condition.Moment(r.date()))
		case boolConstant:
			atom.Values = append(atom.Values, condition.Bool(r.bool()))
		default:
			r.fail(ErrMalformed)
		}
	}
	return atom
}

func (r *reader) part(conditions []condition.Condition) sources.Part {
	var part sources.Part
	descriptor := r.descriptor()
	part.Kind, part.Person = descriptor.Kind, r.number()
	for _, field := range r.fields(descriptor) {
		part.Fields |= field.Bit
	}
	at := r.amount()
	if at >= len(conditions) {
		r.fail(ErrMalformed)
		return part
	}
	part.Condition = conditions[at]
	for range r.count() {
		part.Filter.Codes = append(part.Filter.Codes, sources.Code{System: clinical.CodeSystem(r.text()), Code: clinical.Text(r.text())})
	}
	part.Filter.From, part.Filter.Until = r.date(), r.date()
	for range r.count() {
		part.Filter.Statuses = append(part.Filter.Statuses, clinical.Status(r.text()))
	}
	part.Filter.OfPlan = r.bool()
	part.After = sources.Position{Date: r.date(), Source: clinical.SourceID(r.text()), ID: clinical.Text(r.text())}
	part.Limit, part.Ties = r.amount(), r.bool()
	return part
}

// descriptor reads the name of a kind. After a fault it is that of any.
func (r *reader) descriptor() *clinical.Descriptor {
	kind, known := clinical.ParseKind(r.text())
	if !known && r.fault == nil {
		r.fail(ErrUnsupported)
	}
	return kind.Descriptor()
}

// fields reads names of fields, each once and in the order of the descriptor.
func (r *reader) fields(descriptor *clinical.Descriptor) []*clinical.Field {
	names := r.list()
	fields := make([]*clinical.Field, 0, len(names))
	for _, name := range names {
		field, known := descriptor.Field(name)
		if !known {
			r.fail(ErrUnsupported)
			return nil
		}
		fields = append(fields, field)
	}
	for i := 1; i < len(fields); i++ {
		if fields[i].Bit == fields[i-1].Bit {
			r.fail(ErrMalformed)
			return nil
		}
	}
	return fields
}
