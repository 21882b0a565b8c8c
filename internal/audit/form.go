package audit

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// An entry is written for every question, so its form is written out by hand: what encoding/json makes of a stored entry, byte for byte,
// at a fraction of the cost. A test holds the two against each other. What is rare, a study, a broken glass or somebody else's word, is
// left to encoding/json.

// plain reports whether appendTo has room for everything that the entry says.
func (e *Entry) plain() bool {
	return e.Until.IsZero() && e.Study == nil && e.OnWordOf == "" && e.Evidence == "" && !e.Opens &&
		(e.Decided == nil || len(e.Decided.Preferences) == 0) && e.Time.Year() >= 0 && e.Time.Year() <= 9999
}

func (e *Entry) appendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"form":`...), form, 10)
	b = appendText(b, `,"event":`, string(e.Event))
	b = append(e.Time.AppendFormat(append(b, `,"time":"`...), time.RFC3339Nano), '"')
	b = appendQuoted(append(b, `,"requestId":`...), e.RequestID)
	b = e.Caller.appendTo(append(b, `,"caller":{`...))
	b = appendText(b, `,"purpose":`, e.Purpose)
	b = appendQuoted(append(b, `,"outcome":`...), string(e.Outcome))
	b = appendTexts(b, `,"kinds":[`, e.Kinds)
	b = appendTexts(b, `,"withheld":[`, e.Withheld)
	b = appendTexts(b, `,"reasons":[`, e.Reasons)
	b = appendText(b, `,"relationship":`, e.Relationship)
	b = appendText(b, `,"claimedReason":`, e.ClaimedReason)
	b = appendOutcomes(b, e.Sources)
	b = appendText(b, `,"policyRevision":`, e.PolicyRevision)
	b = appendNumber(b, `,"consentRevision":`, e.ConsentRevision)
	if len(e.AnswerDigest) > 0 {
		b = append(base64.StdEncoding.AppendEncode(append(b, `,"answerDigest":"`...), e.AnswerDigest), '"')
	}
	b = appendTrue(b, `,"alert":true`, e.Alert)
	b = appendTrue(b, `,"notify":true`, e.Notify)
	b = appendTrue(b, `,"automated":true`, e.Automated)
	b = appendTrue(b, `,"emergency":true`, e.Emergency)
	b = appendText(b, `,"action":`, e.Action)
	b = appendNumber(b, `,"reviewed":`, e.Reviewed)
	b = appendText(b, `,"finding":`, e.Finding)
	if e.Decided != nil {
		b = e.Decided.appendTo(append(b, `,"decided":{`...))
	}
	return append(b, '}')
}

func (c *Caller) appendTo(b []byte) []byte {
	from := len(b)
	b = appendText(b, `,"id":`, c.ID)
	b = appendText(b, `,"name":`, c.Name)
	b = appendText(b, `,"role":`, c.Role)
	b = appendText(b, `,"organisation":`, c.Organisation)
	return ended(appendText(b, `,"via":`, c.Via), from)
}

func (d *Decided) appendTo(b []byte) []byte {
	from := len(b)
	b = appendTexts(b, `,"activities":[`, d.Activities)
	b = appendText(b, `,"objection":`, d.Objection)
	b = appendTrue(b, `,"flagged":true`, d.Flagged)
	b = appendTrue(b, `,"deceased":true`, d.Deceased)
	b = appendText(b, `,"age":`, d.Age)
	b = appendText(b, `,"capacity":`, d.Capacity)
	return ended(appendText(b, `,"authority":`, d.Authority), from)
}

func appendOutcomes(b []byte, outcomes []SourceOutcome) []byte {
	for i := range outcomes {
		before := `,{"source":`
		if i == 0 {
			before = `,"sources":[{"source":`
		}
		b = appendQuoted(append(b, before...), outcomes[i].Source)
		b = appendQuoted(append(b, `,"outcome":`...), outcomes[i].Outcome)
		b = append(strconv.AppendInt(append(b, `,"records":`...), int64(outcomes[i].Records), 10), '}')
	}
	if len(outcomes) > 0 {
		b = append(b, ']')
	}
	return b
}

// ended ends an object whose members, each behind a comma, begin at from.
func ended(b []byte, from int) []byte {
	if len(b) > from {
		b = slices.Delete(b, from, from+1)
	}
	return append(b, '}')
}

func appendText(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendQuoted(append(b, name...), text)
}

func appendTexts(b []byte, name string, texts []string) []byte {
	for i, text := range texts {
		if i == 0 {
			b = append(b, name...)
		} else {
			b = append(b, ',')
		}
		b = appendQuoted(b, text)
	}
	if len(texts) > 0 {
		b = append(b, ']')
	}
	return b
}

func appendNumber(b []byte, name string, number uint64) []byte {
	if number == 0 {
		return b
	}
	return strconv.AppendUint(append(b, name...), number, 10)
}

func appendTrue(b []byte, member string, is bool) []byte {
	if is {
		b = append(b, member...)
	}
	return b
}

// appendQuoted leaves to encoding/json what it would escape, or might.
func appendQuoted(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // texts always can be
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
