package wire

import (
	"crypto/sha256"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Question is a query with what is said beside it.
type Question struct {
	Path   []string          // the OneLondons that it passed, the one that sends it last
	To     string            // the one that it is meant for; empty where that is not known
	As     clinical.SourceID // what the sender calls that one, as conditions have it
	Nonce  [16]byte          // no two questions have the same
	At     time.Time         // when it was sent, to the millisecond
	Within time.Duration     // how long an answer is waited for, to the millisecond
	Query  sources.Query
}

// Digest stands for a list of codes.
type Digest = [sha256.Size]byte

// AppendQuestion appends a question. A list of codes that the other end knows is its digest alone; its whole content where known
// says no.
func AppendQuestion(b []byte, q *Question, known func(Digest) bool) []byte {
	w := newWriter(b)
	w.list(q.Path)
	w.text(q.To)
	w.text(string(q.As))
	w.b = append(w.b, q.Nonce[:]...)
	w.uint(uint64(q.At.UnixMilli()))
	w.uint(uint64(max(q.Within, 0).Milliseconds()))
	w.caller(&q.Query.Caller)
	w.uint(q.Query.Consent)
	w.count(q.Query.Limits.Rows)
	w.count(q.Query.Limits.Bytes)
	w.count(len(q.Query.People))
	for i := range q.Query.People {
		w.standing(&q.Query.People[i])
	}
	conditions := w.conditions(q.Query.Parts, known)
	w.count(len(q.Query.Parts))
	for i := range q.Query.Parts {
		w.part(&q.Query.Parts[i], conditions)
	}
	return w.b
}

func (w *writer) caller(c *sources.Caller) {
	for _, text := range []string{c.ID, c.Name, c.Organisation, c.Role, c.Purpose, c.RequestID} {
		w.text(text)
	}
	w.list(c.Activities)
	w.bool(c.Citizen)
	w.number(c.Person)
	w.bool(c.Automated)
}

func (w *writer) standing(s *sources.Standing) {
	w.count(len(s.Numbers))
	for _, number := range s.Numbers {
		w.number(number)
	}
	w.text(s.Relationship)
	w.text(s.Claimed)
	w.bool(s.Emergency)
}

// conditions writes each condition of the parts once, and returns them in the order of their numbers.
func (w *writer) conditions(parts []sources.Part, known func(Digest) bool) []condition.Condition {
	var all []condition.Condition
	var lists []*condition.Codes
	for i := range parts {
		if at := slices.IndexFunc(all, parts[i].Condition.Is); at >= 0 {
			continue
		}
		all = append(all, parts[i].Condition)
		for _, clause := range parts[i].Condition.Clauses() {
			for j := range clause {
				if codes := clause[j].Codes; codes != nil && !slices.Contains(lists, codes) {
					lists = append(lists, codes)
				}
			}
		}
	}
	w.count(len(lists))
	for _, codes := range lists {
		w.codes(codes, known(codes.Digest()))
	}
	w.count(len(all))
	for i := range all {
		w.condition(all[i], lists)
	}
	return all
}

func (w *writer) codes(codes *condition.Codes, known bool) {
	digest := codes.Digest()
	w.b = append(w.b, digest[:]...)
	w.bool(!known)
	if known {
		return
	}
	w.text(codes.JSON())
	w.count(len(codes.Covers()))
	for _, system := range codes.Covers() {
		w.text(string(system))
	}
	w.b = append(w.b, byte(codes.Presumes()))
}

// The forms of a condition.
const (
	never byte = iota
	always
	where
)

// The types of a constant.
const (
	textConstant byte = iota
	dateConstant
	boolConstant
)

func (w *writer) condition(c condition.Condition, lists []*condition.Codes) {
	switch {
	case c.IsAlways():
		w.b = append(w.b, always)
		return
	case c.IsNever():
		w.b = append(w.b, never)
		return
	}
	w.b = append(w.b, where)
	w.count(len(c.Clauses()))
	for _, clause := range c.Clauses() {
		w.count(len(clause))
		for i := range clause {
			w.atom(&clause[i], lists)
		}
	}
}

func (w *writer) atom(atom *condition.Atom, lists []*condition.Codes) {
	w.text(string(atom.Attribute))
	w.b = append(w.b, byte(atom.Op))
	w.count(slices.Index(lists, atom.Codes) + 1)
	w.count(len(atom.Values))
	for _, value := range atom.Values {
		switch value := value.Get().(type) {
		case string:
			w.b = append(w.b, textConstant)
			w.text(value)
		case clinical.DateTime:
			w.b = append(w.b, dateConstant)
			w.date(value)
		case bool:
			w.b = append(w.b, boolConstant)
			w.bool(value)
		}
	}
}

func (w *writer) part(part *sources.Part, conditions []condition.Condition) {
	descriptor := part.Kind.Descriptor()
	w.text(descriptor.Name)
	w.number(part.Person)
	w.fields(descriptor, part.Fields)
	w.count(slices.IndexFunc(conditions, part.Condition.Is))
	w.count(len(part.Filter.Codes))
	for _, code := range part.Filter.Codes {
		w.text(string(code.System))
		w.text(string(code.Code))
	}
	w.date(part.Filter.From)
	w.date(part.Filter.Until)
	w.count(len(part.Filter.Statuses))
	for _, status := range part.Filter.Statuses {
		w.text(string(status))
	}
	w.bool(part.Filter.OfPlan)
	w.date(part.After.Date)
	w.text(string(part.After.Source))
	w.text(string(part.After.ID))
	w.count(part.Limit)
	w.bool(part.Ties)
}

// fields writes the names of fields, in the order of the descriptor.
func (w *writer) fields(descriptor *clinical.Descriptor, fields clinical.FieldSet) {
	names := make([]string, 0, len(descriptor.Fields))
	for i := range descriptor.Fields {
		if fields.Has(descriptor.Fields[i].Bit) {
			names = append(names, descriptor.Fields[i].Name)
		}
	}
	w.list(names)
}
