package gate

import (
	"cmp"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// place is a position in a list that may hold several kinds: the sources' order, and within one source the kind before the id.
type place struct {
	sources.Position
	Kind clinical.Kind
}

func placeOf(record clinical.Record) place {
	return place{sources.PositionOf(record), record.Kind()}
}

func (p *place) compare(other *place) int {
	if p.IsStart() || other.IsStart() || p.Date.Compare(other.Date) != 0 || p.Source != other.Source || p.Kind == other.Kind {
		return p.Position.Compare(other.Position)
	}
	return cmp.Compare(p.Kind, other.Kind)
}

// after translates a place in the whole list into the position that one source is asked to go on from for one kind.
func (p *place) after(source clinical.SourceID, kind clinical.Kind) sources.Position {
	if p.IsStart() || source != p.Source || kind == p.Kind {
		return p.Position
	}
	// Records of the same source and date come in the order of their kinds: of an earlier kind none of them follows, of a
	// later kind all do. A source id above or below every other says just that.
	if kind < p.Kind {
		return sources.Position{Date: p.Date, Source: "\U0010FFFF", ID: p.ID}
	}
	return sources.Position{Date: p.Date, Source: "", ID: p.ID}
}

// stream is one source's records of one kind for one list, fetched piece by piece in order.
type stream struct {
	source    clinical.SourceID
	person    clinical.NHSNumber // under which number the source holds the person
	single    bool               // the source holds one organisation only, so its records never merge with each other
	kind      clinical.Kind
	fields    clinical.FieldSet
	condition condition.Condition // what the decision releases
	asked     condition.Condition // what the source is asked for
	apart     *Apart              // of a list for another OneLondon
	heeds     bool                // the probe of its source before it is asked itself, see heed
	judged    bool                // by the labels that spread to its records

	after  sources.Position // where the next piece begins
	limit  int              // how many records a piece holds
	buffer []clinical.Record
	first  place // of the buffer's first record
	done   bool  // no more to fetch

	given, rejected int
	truncated       bool
	below           []below // of a source that is a OneLondon: how its own did
}

// head returns the next record, nil where none is at hand.
func (s *stream) head() clinical.Record {
	if len(s.buffer) == 0 {
		return nil
	}
	return s.buffer[0]
}

func (s *stream) pop() {
	s.buffer = s.buffer[1:]
	s.mark()
}

// mark notes where the first record stands, so that comparing heads reads no record.
func (s *stream) mark() {
	if len(s.buffer) > 0 {
		s.first = placeOf(s.buffer[0])
	}
}

// forget makes the stream one that gave nothing and will give nothing.
func (s *stream) forget() {
	s.buffer, s.done, s.given, s.rejected, s.truncated, s.below = nil, true, 0, 0, false, nil
}

// keepOnly drops of the records that are still to come those that are not released, and counts no others as given.
func (s *stream) keepOnly(released func(clinical.Record) bool) {
	s.buffer = slices.DeleteFunc(s.buffer, func(record clinical.Record) bool { return !released(record) })
	s.given = len(s.buffer)
	for i := range s.below {
		s.below[i].given = 0
	}
	for _, record := range s.buffer {
		s.credit(record)
	}
	s.mark()
}

// starved reports whether the next record is not known yet.
func (s *stream) starved() bool { return len(s.buffer) == 0 && !s.done }

// longestPiece is how long a piece grows where nothing of the ones before it could be shown.
const longestPiece = 1000

// take adds a piece. A piece that is shorter than its limit and was not cut is the last.
func (s *stream) take(piece sources.PartAnswer, keep func(clinical.Record) bool) {
	received := len(piece.Records)
	s.rejected += piece.Rejected
	s.truncated = s.truncated || piece.Truncated
	s.hear(piece.Below)
	if received > 0 {
		s.after = sources.PositionOf(piece.Records[received-1])
	}
	s.done = received == 0 || received+piece.Rejected < s.limit && !piece.Truncated
	s.buffer = slices.Grow(s.buffer, received)
	for _, record := range piece.Records {
		if keep(record) {
			s.buffer = append(s.buffer, record)
			s.given++
			s.credit(record)
		}
	}
	if len(s.buffer) == 0 {
		s.limit = max(s.limit, min(2*s.limit, longestPiece)) // a long run of what may not be shown takes few rounds
	}
	s.mark()
}
