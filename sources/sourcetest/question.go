package sourcetest

import (
	"math/rand/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// everything asks for all records of a kind.
func everything(person clinical.NHSNumber, kind clinical.Kind) sources.Part {
	return sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 1000}
}

// questioner draws random questions, with values some of which occur in [Sample].
type questioner struct {
	sampler
	people []clinical.NHSNumber
}

func newQuestioner(seed uint64, d Dataset) *questioner {
	return &questioner{sampler{rand.New(rand.NewPCG(seed, 2))}, append(d.Numbers(), nobody())}
}

// nobody is a valid number that occurs in no dataset.
func nobody() clinical.NHSNumber {
	number, _ := clinical.ParseNHSNumber("9990000077")
	return number
}

func (q *questioner) query() sources.Query {
	query := sources.Query{Caller: sources.Caller{ID: "id", Organisation: "R1H", Role: "R0260", Purpose: "TREAT", RequestID: "*/ --"}}
	for range 1 + q.random.IntN(4) {
		query.Parts = append(query.Parts, q.part())
	}
	return query
}

func (q *questioner) part() sources.Part {
	kind := pick(&q.sampler, clinical.Kinds()...)
	part := everything(pick(&q.sampler, q.people...), kind)
	part.Limit = pick(&q.sampler, 1, 2, 5, 100)
	if q.random.IntN(3) == 0 {
		part.Fields &= clinical.FieldSet(q.random.Uint64())
	}
	if q.random.IntN(2) == 0 {
		part.Filter = q.filter()
	}
	if q.random.IntN(2) == 0 {
		part.Condition = q.condition()
	}
	if q.random.IntN(3) == 0 {
		part.After = sources.Position{Date: q.date(), Source: pick(&q.sampler, "early", SampleSource, "zulu"),
			ID: pick(&q.sampler, awkwardIDs()...)}
		if part.After.Source == SampleSource {
			part.After.ID = "p" + part.After.ID
		}
	}
	return part
}

func (q *questioner) date() clinical.DateTime {
	return q.value(&clinical.Field{Type: clinical.TypeDateTime}).(clinical.DateTime)
}

func (q *questioner) filter() sources.Filter {
	var filter sources.Filter
	if q.random.IntN(2) == 0 {
		for range 1 + q.random.IntN(3) {
			filter.Codes = append(filter.Codes, sources.Code{System: pick(&q.sampler, "", clinical.SNOMED, clinical.CTV3, clinical.LocalCode),
				Code: pick[clinical.Text](&q.sampler, "73211009", "C10..", "c10..", "K'1", "none")})
		}
	}
	if q.random.IntN(3) == 0 {
		filter.From = q.date()
	}
	if q.random.IntN(3) == 0 {
		filter.Until = q.date()
	}
	if q.random.IntN(3) == 0 {
		filter.Statuses = []clinical.Status{clinical.StatusActive, clinical.StatusMissed}
	}
	filter.OfPlan = q.random.IntN(4) == 0
	return filter
}

func (q *questioner) condition() condition.Condition {
	var clauses []condition.Clause
	for range q.random.IntN(3) {
		var clause condition.Clause
		for range 1 + q.random.IntN(2) {
			clause = append(clause, q.atom())
		}
		if q.random.IntN(3) == 0 {
			clause = append(clause, q.free()...)
		}
		clauses = append(clauses, clause)
	}
	return condition.Where(clauses...)
}

// free demands that a record is free of several labels that depend on codes, as rules about categories do; a planner
// may combine them.
func (q *questioner) free() condition.Clause {
	var clause condition.Clause
	for range 2 + q.random.IntN(3) {
		clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(pick(&q.sampler, clinical.Labels()...)),
			Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}, Codes: pick(&q.sampler, codeLists()[1:]...)})
	}
	return clause
}

// attributes lists every attribute that a condition may mention, and one that no record has.
func attributes() []condition.Attribute {
	all := []condition.Attribute{condition.Source, condition.Organisation, condition.Publisher, condition.System, condition.Code,
		condition.Status, condition.Date, "unheard-of"}
	for _, label := range clinical.Labels() {
		all = append(all, condition.LabelAttribute(label))
	}
	return all
}

func operators() []condition.Op {
	return []condition.Op{condition.Equal, condition.NotEqual, condition.Less, condition.LessEqual, condition.Greater,
		condition.GreaterEqual, condition.In, condition.NotIn}
}

func (q *questioner) atom() condition.Atom {
	atom := condition.Atom{Attribute: pick(&q.sampler, attributes()...), Op: pick(&q.sampler, operators()...)}
	count := 1
	if atom.Op == condition.In || atom.Op == condition.NotIn {
		count = q.random.IntN(4)
	}
	for range count {
		atom.Values = append(atom.Values, q.constant(atom.Attribute))
	}
	if _, isLabel := atom.Attribute.Label(); isLabel {
		atom.Codes = pick(&q.sampler, codeLists()...)
	}
	return atom
}

// codeLists are lists of codes by which a record may carry a label: none, an empty one, some that list codes of
// [Sample] in several terminologies, and one that lists none of the codes in a terminology it covers.
func codeLists() []*condition.Codes {
	return []*condition.Codes{
		nil,
		condition.NewCodes(nil),
		condition.NewCodes(nil, clinical.SNOMED, clinical.CTV3),
		condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "73211009"}}),
		condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "73211009"}}).Presuming(condition.PresumesAll),
		condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "73211009"}, {System: clinical.ICD10, Code: "E10"}}).Presuming(condition.PresumesSilence),
		condition.NewCodes(nil).Presuming(condition.PresumesAll),
		condition.NewCodes([]clinical.Coding{{System: clinical.CTV3, Code: "C10.."}, {System: clinical.CTV3, Code: "K'1"}}, clinical.LocalCode),
		condition.NewCodes([]clinical.Coding{{System: clinical.LocalCode, Code: "C10.. "}, {System: clinical.DMD, Code: "c10.."},
			{System: clinical.ICD10, Code: "naïve 東京 ☕"}}),
	}
}

// constant is usually of the attribute's own type; if it is not, no record may equal it.
func (q *questioner) constant(of condition.Attribute) condition.Value {
	values := constants(of)
	if q.random.IntN(12) == 0 {
		values = constants(pick(&q.sampler, condition.Date, condition.Code, condition.LabelAttribute(clinical.LabelSealed)))
	}
	return pick(&q.sampler, values...)
}

// constants lists values to compare an attribute with.
func constants(of condition.Attribute) []condition.Value {
	var all []condition.Value
	switch _, isLabel := of.Label(); {
	case isLabel:
		return []condition.Value{condition.Bool(true), condition.Bool(false)}
	case of == condition.Date:
		for _, text := range []string{"2019", "2019-01-01", "2020-02-29T10:30", "2020-02-29T23:59:59", "1800-01-01"} {
			date, _ := clinical.ParseDateTime(text)
			all = append(all, condition.Moment(date))
		}
		return all
	}
	for _, text := range []string{"", "R1H", "r1h", "R1H ", "F84003", "ACTIVE", "active", "RESOLVED", "SNOMED_CT", "C10..", "c10..",
		"C10.. ", "K'1", "naïve 東京 ☕", "middle", "50% \\ `x`; --"} {
		all = append(all, condition.Text(text))
	}
	return all
}
