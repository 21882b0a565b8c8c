package sources

import (
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// check is what stands between a driver and belief. It removes from the answer every record that the question did not ask
// for or that cannot be true of it, counts them as rejected, clears fields that were not asked for, and fails an answer
// whose parts are not the question's, or that mixes up people. The condition is the gate's to check: it alone knows what was
// decided.
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

// mixed reports whether a registration of somebody else than the person asked for is in the answer: nothing else of it can be
// believed then either. Of records only registrations say whose they are.
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

// cut empties the parts that a cap on bytes left no room for.
func cut(parts []PartAnswer) {
	for i := range parts {
		parts[i].Records, parts[i].Truncated = nil, true
	}
}

// checker goes through one answer.
type checker struct {
	source clinical.SourceID
	rows   int // how many more records the answer may hold
	guard  guard
	ids    map[clinical.Text]struct{} // made for the first long part, used again for others
}

// few is how many records are searched for a duplicate id one by one; beyond it a map is cheaper.
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

// believable reports whether record can be the source's own record of the person asked for. It clears fields not asked for.
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

// IsPath reports whether a text is what a path to a source of another OneLondon looks like: ids of sources, with slashes between.
func IsPath(text clinical.SourceID) bool {
	if text == "" || len(text) > maxPath {
		return false
	}
	inside := false // an id
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

// believableBelow reports whether lines about the sources of another OneLondon can be shown.
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
