package sources

import (
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// check validates a driver's answer before it is believed. It removes every record that the question did not ask for or
// that cannot be a true answer to it, counts those as rejected, and clears fields that were not asked for. It fails an
// answer whose parts do not match the question's, or that mixes up people. Whether a record satisfies the policy's
// condition is checked by the gate, which alone knows the decision.
func check(source clinical.SourceID, query *Query, answer *Answer) error {
	if len(answer.Parts) != len(query.Parts) {
		return ErrMalformed
	}
	if mixed(query, answer) {
		return errMixed
	}
	for i := range answer.Parts {
		if !believableBelow(answer.Parts[i].Below) {
			return ErrMalformed
		}
	}
	c := checker{source: source, rows: query.Limits.Rows, guard: newGuard()}
	for i := range query.Parts {
		c.part(&query.Parts[i], &answer.Parts[i])
		if over := c.guard.bytes > query.Limits.Bytes; over && query.Limits.Bytes > 0 {
			cut(answer.Parts[i:])
			break
		}
	}
	return nil
}

// mixed reports whether the answer contains a registration of somebody else than the person asked for, in which case
// nothing else in it can be believed either. Registrations are the only records that say whose they are.
func mixed(query *Query, answer *Answer) bool {
	for i := range answer.Parts {
		for _, record := range answer.Parts[i].Records {
			registration, ok := record.(*clinical.Registration)
			if ok && registration != nil && !registration.NHSNumber.IsZero() && registration.NHSNumber != query.Parts[i].Person {
				return true
			}
		}
	}
	return false
}

// cut empties the parts for which a cap on bytes left no room.
func cut(parts []PartAnswer) {
	for i := range parts {
		parts[i].Records, parts[i].Truncated = nil, true
	}
}

// checker holds the state of checking one answer.
type checker struct {
	source clinical.SourceID
	rows   int // how many more records the answer may hold
	guard  guard
	ids    map[clinical.Text]struct{} // allocated for the first long part, reused for others
}

// few is up to how many records a duplicate id is looked for by linear search; beyond it a map is cheaper.
const few = 24

func (c *checker) part(part *Part, answer *PartAnswer) {
	descriptor := part.Kind.Descriptor()
	dated := part.Fields.Has(descriptor.Set("date"))
	kept := answer.Records[:0]
	previous := part.After
	clear(c.ids)
	for _, record := range answer.Records {
		if len(kept) == part.Limit || !descriptor.Describes(record) {
			answer.Rejected++
			continue
		}
		position := PositionOf(record)
		if !c.believable(part, record) || dated && previous.Compare(position) >= 0 || c.repeats(kept, position.ID) {
			answer.Rejected++
			continue
		}
		if len(kept) == c.rows {
			answer.Truncated = true
			break
		}
		previous = position
		kept = append(kept, record)
	}
	clear(answer.Records[len(kept):])
	answer.Records = kept
	c.rows -= len(kept)
}

// believable reports whether record can be the source's own record of the person asked for. It clears fields not asked
// for.
func (c *checker) believable(part *Part, record clinical.Record) bool {
	meta := record.About()
	if meta.Source != c.source || meta.ID == "" || len(meta.ID) > maxID || len(meta.Others()) > 0 {
		return false
	}
	return (meta.Below == "" || IsPath(meta.Below)) && c.guard.record(record, part.Fields)
}

const (
	maxPath  = 200 // bytes
	maxBelow = 1000
	maxName  = 200 // bytes
)

// IsPath reports whether a text has the form of a path to a source behind another OneLondon: source ids separated by
// slashes.
func IsPath(text clinical.SourceID) bool {
	if text == "" || len(text) > maxPath {
		return false
	}
	inside := false // within an id
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', inside && c == '-':
			inside = true
		case inside && c == '/':
			inside = false
		default:
			return false
		}
	}
	return inside
}

// believableBelow reports whether lines about the sources behind another OneLondon are fit to be shown.
func believableBelow(lines []Below) bool {
	for i := range lines {
		line := &lines[i]
		if !IsPath(line.Source) || !line.Outcome.Known() || line.Rejected < 0 || line.Elapsed < 0 ||
			len(line.Name) > maxName || !utf8.ValidString(line.Name) {
			return false
		}
	}
	return len(lines) <= maxBelow
}

// repeats reports whether id is among the kept records, and remembers it.
func (c *checker) repeats(kept []clinical.Record, id clinical.Text) bool {
	if len(kept) < few {
		for _, other := range kept {
			if other.About().ID == id {
				return true
			}
		}
		return false
	}
	if c.ids == nil {
		c.ids = make(map[clinical.Text]struct{}, 4*few)
	}
	if len(c.ids) == 0 {
		for _, other := range kept {
			c.ids[other.About().ID] = struct{}{}
		}
	}
	_, repeated := c.ids[id]
	c.ids[id] = struct{}{}
	return repeated
}
