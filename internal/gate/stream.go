package gate

import (
	"cmp"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// place is a position in a list that may hold several kinds. Order is that of the sources and, within one source, kind
// before id.
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

// after translates a place in the whole list into the position from which one source continues for one kind.
func (p *place) after(source clinical.SourceID, kind clinical.Kind) sources.Position {
	if p.IsStart() || source != p.Source || kind == p.Kind {
		return p.Position
	}
	// Records of the same source and date are ordered by kind: none of an earlier kind follows, all of a later kind do.
	// A source id below or above every other expresses exactly that.
	if kind < p.Kind {
		return sources.Position{Date: p.Date, Source: "\U0010FFFF", ID: p.ID}
	}
	return sources.Position{Date: p.Date, Source: "", ID: p.ID}
}

// stream is one source's records of one kind for one list, fetched piece by piece in order.
type stream struct {
	source    clinical.SourceID
	person    clinical.NHSNumber // the number under which the source holds the person
	single    bool               // the source holds one organisation only, so its records never merge with each other
	kind      clinical.Kind
	fields    clinical.FieldSet
	condition condition.Condition // what the decision releases
	asked     condition.Condition // what the source is asked for
	apart     *Apart              // of a list for another OneLondon
	heeds     bool                // wait for the probe of its source, see heed
	judged    bool                // spreading labels can apply to its records

	after  sources.Position // where the next piece begins
	limit  int              // size of a piece
	buffer []clinical.Record
	first  place // of the buffer's first record
	done   bool  // nothing left to fetch

	given, rejected int
	truncated       bool
	below           []below // how the sources behind another OneLondon did
}

// head returns the next record, or nil if none has been fetched.
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

// mark notes the place of the first record, so that comparing heads need not read the records.
func (s *stream) mark() {
	if len(s.buffer) > 0 {
		s.first = placeOf(s.buffer[0])
	}
}

// forget empties the stream and ends it, as if it had never given anything.
func (s *stream) forget() {
	s.buffer, s.done, s.given, s.rejected, s.truncated, s.below = nil, true, 0, 0, false, nil
}

// keepOnly drops buffered records that are not released, and does not count them as given.
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

// longestPiece is the size up to which pieces grow while nothing in them can be shown.
const longestPiece = 1000

// take adds a piece. A piece that is shorter than its limit and not truncated is the last.
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
		s.limit = max(s.limit, min(2*s.limit, longestPiece)) // so that a long run of withheld records takes few rounds
	}
	s.mark()
}
