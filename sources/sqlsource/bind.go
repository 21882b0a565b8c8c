package sqlsource

import (
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// bind appends the values of a query to args, in the order of a statement's placeholders. All are text, except limits.
// A person's number occurs in every branch, so its text is reused while the person stays the same.
func (s *Source) bind(args []any, slots []slot, query *sources.Query) []any {
	var codes lists
	var person clinical.NHSNumber
	var number any
	for i := range slots {
		if slots[i].value == slotList {
			if codes == nil {
				codes = listsOf(query)
			}
			args = append(args, codes[slots[i].a].JSON())
			continue
		}
		if slots[i].value != slotPerson {
			args = append(args, s.value(&slots[i], query))
			continue
		}
		if who := query.Parts[slots[i].part].Person; number == nil || who != person {
			person, number = who, numberText(who, s.mapping.Person.Format)
		}
		args = append(args, number)
	}
	return args
}

func (s *Source) value(at *slot, query *sources.Query) any {
	if at.value == slotCaller {
		return s.caller(&query.Caller)
	}
	part := &query.Parts[at.part]
	switch at.value {
	case slotLimit:
		return int64(s.limit(part, query))
	case slotFrom:
		return moment(part.Filter.From)
	case slotUntil:
		return moment(part.Filter.Until)
	case slotCodes:
		return jsonOf(codesOf(part.Filter.Codes, part.Filter.Codes[at.a].System))
	case slotCode:
		return string(part.Filter.Codes[at.a].Code)
	case slotSystem:
		return string(part.Filter.Codes[at.a].System)
	case slotStatus:
		return string(part.Filter.Statuses[at.a])
	case slotAfterDate:
		return moment(part.After.Date)
	case slotAfterID:
		return string(part.After.ID)
	}
	return constantText(part.Condition.Clauses()[at.a][at.b].Values[at.c].Get())
}

// limit asks for one row more than the cap on rows, to detect when the cap is reached.
func (s *Source) limit(part *sources.Part, query *sources.Query) int {
	return min(max(part.Limit, 0), s.limits(query).Rows+1)
}

// constantText returns a string, in its original interface value if it already was one.
func constantText(value any) any {
	switch known := value.(type) {
	case clinical.DateTime:
		return moment(known)
	case bool:
		if known {
			return "1"
		}
		return "0"
	case string:
		return value
	}
	return ""
}

// numberText writes an NHS number in the system's format.
func numberText(person clinical.NHSNumber, format mapping.NumberFormat) string {
	digits := person.Reveal()
	if format == mapping.NumberSpaced && len(digits) == 10 {
		return digits[:3] + " " + digits[3:6] + " " + digits[6:]
	}
	return digits
}

// caller identifies the caller, padded with blanks if the dialect wants that.
func (s *Source) caller(caller *sources.Caller) string {
	text := callerText(caller)
	if width := s.dialect.CallerWidth; width > 0 {
		text += strings.Repeat(" ", (width-len(text)%width)%width)
	}
	return text
}

// codesOf lists the codes in a system.
func codesOf(codes []sources.Code, system clinical.CodeSystem) (texts []string) {
	for i := range codes {
		if codes[i].System == system {
			texts = append(texts, string(codes[i].Code))
		}
	}
	return texts
}

// callerText identifies the caller in text that consists only of letters, digits and - _ . : and separators.
func callerText(caller *sources.Caller) string {
	var b strings.Builder
	b.Grow(160)
	b.WriteString("onelondon")
	for _, pair := range [...]struct{ name, value string }{
		{"request", caller.RequestID}, {"id", caller.ID}, {"org", caller.Organisation}, {"role", caller.Role}, {"purpose", caller.Purpose},
	} {
		b.WriteByte(' ')
		b.WriteString(pair.name)
		b.WriteByte('=')
		writeAllowed(&b, pair.value)
	}
	return b.String()
}

const longestCallerValue = 64

func writeAllowed(b *strings.Builder, value string) {
	written := 0
	for i := 0; i < len(value) && written < longestCallerValue; i++ {
		c := value[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if letter || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' {
			b.WriteByte(c)
			written++
		}
	}
}
