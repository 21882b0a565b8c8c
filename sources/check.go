package sources

import "onelondon/internal/clinical"

// check is what stands between a driver and belief. It removes from the answer every record that the question did not ask
// for or that cannot be true of it, counts them as rejected, clears fields that were not asked for, and fails an answer
// whose parts are not the question's, or that mixes up people. The condition is the gate's to check: it alone knows what was
// decided.
func check(source clinical.SourceID, query *Query, answer *Answer) error {
	if len(answer.Parts) != len(query.Parts) {
		return errMalformed
	}
	if mixed(query, answer) {
		return errMixed
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
	return c.guard.record(record, part.Fields)
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
