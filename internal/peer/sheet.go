package peer

import (
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// sheet is a query as questions of the gate: one for each number of a person, with a list for each part.
type sheet struct {
	questions []gate.Question
	at        []spot // of each part
}

// spot is which list of which question answers a part.
type spot struct{ question, list int }

func newSheet(d *desk, q *wire.Question) *sheet {
	s := &sheet{at: make([]spot, len(q.Query.Parts))}
	for i := range q.Query.Parts {
		part := &q.Query.Parts[i]
		at := slices.IndexFunc(s.questions, func(other gate.Question) bool { return other.Person == part.Person })
		if at < 0 {
			at = len(s.questions)
			s.questions = append(s.questions, asked(d, q, part.Person))
		}
		question := &s.questions[at]
		s.at[i] = spot{at, len(question.Lists)}
		question.Lists = append(question.Lists, listOf(part, q.As))
	}
	return s
}

// asked is the question about one number, with what the peer may say of how the caller stands to the person.
func asked(d *desk, q *wire.Question, person clinical.NHSNumber) gate.Question {
	question := gate.Question{Person: person, Handed: &gate.Handed{}}
	if !d.OwnRegister {
		question.MinConsentRevision = q.Query.Consent
	}
	at := slices.IndexFunc(q.Query.People, func(each sources.Standing) bool { return slices.Contains(each.Numbers, person) })
	if at < 0 {
		return question
	}
	standing := &q.Query.People[at]
	question.ClaimedRelationship = standing.Claimed
	question.Handed.Relationship, question.Handed.Emergency = d.mayVouch(standing.Relationship), d.Emergency && standing.Emergency
	question.Handed.Under = under(standing.Numbers, person)
	return question
}

// under says which records belong to the question about one of a person's numbers, where the peer asks about several: those held
// under that very number, and with the first those under numbers that the peer does not know. So none comes twice.
func under(asked []clinical.NHSNumber, number clinical.NHSNumber) func(clinical.NHSNumber) bool {
	first := asked[0] == number
	return func(held clinical.NHSNumber) bool { return held == number || first && !slices.Contains(asked, held) }
}

func listOf(part *sources.Part, as clinical.SourceID) gate.List {
	list := gate.List{Kinds: []clinical.Kind{part.Kind}, Fields: map[clinical.Kind]clinical.FieldSet{part.Kind: part.Fields},
		First: max(1, min(part.Limit, mostRows)), Filter: filterOf(&part.Filter), OfPlan: part.Filter.OfPlan,
		Apart: &gate.Apart{After: part.After, Source: as, Condition: part.Condition, Sought: part.Ties && !speaksOfSources(part.Condition)}}
	return list
}

// filterOf turns a source's filter into the gate's, whose end is the last moment that counts.
func filterOf(filter *sources.Filter) gate.Filter {
	asked := gate.Filter{From: filter.From, Statuses: filter.Statuses}
	if !filter.Until.IsZero() {
		asked.Until = clinical.NewDateTime(filter.Until.At().Add(-time.Second), clinical.PrecisionSecond)
	}
	for _, code := range filter.Codes {
		asked.Codes = append(asked.Codes, gate.Code{System: code.System, Code: code.Code})
	}
	return asked
}

// speaksOfSources reports whether a condition compares what a record's source is called, which is not the same here and there.
func speaksOfSources(c condition.Condition) bool {
	for _, clause := range c.Clauses() {
		for i := range clause {
			if clause[i].Attribute == condition.Source {
				return true
			}
		}
	}
	return false
}

// answer is the gate's answers as the answer to the query, within its limits.
func (s *sheet) answer(query *sources.Query, answers []gate.Answer) sources.Answer {
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	left := budget{most: query.Limits}
	for i := range query.Parts {
		person := answers[s.at[i].question].Person
		if person == nil {
			continue // nobody, or nobody to this caller
		}
		answer.Parts[i] = partOf(&query.Parts[i], &person.Pages[s.at[i].list], &left)
	}
	return answer
}

// budget is what an answer may hold, and what it holds.
type budget struct {
	most, used sources.Limits
}

// fits takes a record's share, and reports whether there was room.
func (b *budget) fits(size int) bool {
	b.used.Rows, b.used.Bytes = b.used.Rows+1, b.used.Bytes+size
	return (b.most.Rows <= 0 || b.used.Rows <= b.most.Rows) && (b.most.Bytes <= 0 || b.used.Bytes <= b.most.Bytes)
}

func partOf(part *sources.Part, page *gate.Page, left *budget) sources.PartAnswer {
	answer := sources.PartAnswer{Below: make([]sources.Below, len(page.Sources))}
	for i := range page.Sources {
		line := &page.Sources[i]
		answer.Below[i] = sources.Below{Source: line.Source, Name: line.Name, Outcome: sources.Outcome(line.Outcome),
			Rejected: line.Rejected, Elapsed: line.Elapsed}
		answer.Truncated = answer.Truncated || line.Outcome == gate.Truncated
	}
	answer.Truncated = answer.Truncated || page.HasNext && len(page.Records) < part.Limit
	for i, record := range page.Records {
		if !left.fits(sizeOf(record)) {
			answer.Truncated = true
			break
		}
		name(record, part.Person)
		answer.Records = page.Records[:i+1]
	}
	return answer
}

// name gives a record, and what it names, the identifiers by which the peer knows them.
func name(record clinical.Record, person clinical.NHSNumber) {
	meta := record.About()
	prefix := clinical.Text(meta.Source) + "!"
	meta.Below, meta.ID, meta.Source = meta.Origin(), prefix+meta.ID, ""
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; field.Refers() {
			if text, ok := field.In(record).Addr().Interface().(*clinical.Text); ok && *text != "" {
				*text = prefix + *text
			}
		}
	}
	if registration, ok := record.(*clinical.Registration); ok && !registration.NHSNumber.IsZero() {
		registration.NHSNumber = person // under whichever of their numbers it is held here
	}
}

// sizeOf is about how many bytes of values a record holds.
func sizeOf(record clinical.Record) int {
	meta := record.About()
	size := len(meta.ID) + len(meta.Organisation.Code) + len(meta.Organisation.Name)
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		switch value := descriptor.Fields[i].In(record).Addr().Interface().(type) {
		case *clinical.Text:
			size += len(*value)
		case *clinical.Concept:
			size += len(value.Code) + len(value.Display) + len(value.Text)
		default:
			size += 8
		}
	}
	return size
}
