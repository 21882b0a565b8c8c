package sqlsource

import (
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// standing gives stand-ins for numbers. It is where a number ends: what comes of a row knows nothing of it. Rows of one person
// often come close together, so the last few thousand people are remembered while one question lasts; where few are asked about,
// fewer, since a study asks many small sources.
type standing struct {
	stand  sources.Stand
	format mapping.NumberFormat
	known  []stood
	missed int // since there was more room
}

const (
	standingLeast = 1 << 4
	standingMost  = 1 << 13
)

// stood is one person, by the number as the system writes it.
type stood struct {
	text   [mostNumber]byte
	length uint8
	counts bool
	person clinical.Pseudonym
}

// mostNumber is the longest text that is remembered: a number in its longest form has twelve characters.
const mostNumber = 14

func newStanding(stand sources.Stand, format mapping.NumberFormat) *standing {
	return &standing{stand: stand, format: format, known: make([]stood, standingLeast)}
}

// of gives the stand-in of whoever has the number, and whether they count.
func (s *standing) of(text []byte) (clinical.Pseudonym, bool) {
	if len(text) == 0 {
		return 0, false
	}
	if len(text) > mostNumber {
		return s.ask(text)
	}
	at := &s.known[placeOf(text)%uint32(len(s.known))]
	if int(at.length) != len(text) || string(at.text[:at.length]) != string(text) {
		if s.missed++; s.missed > 8*len(s.known) && len(s.known) < standingMost {
			s.known, s.missed = make([]stood, 8*len(s.known)), 0
			at = &s.known[placeOf(text)%uint32(len(s.known))]
		}
		at.person, at.counts = s.ask(text)
		at.length = uint8(copy(at.text[:], text))
	}
	return at.person, at.counts
}

func (s *standing) ask(text []byte) (clinical.Pseudonym, bool) {
	number, ok := readNumber(string(text), s.format)
	if !ok {
		return 0, false
	}
	return s.stand(number)
}

func placeOf(text []byte) uint32 {
	hash := uint32(2166136261) // FNV-1a
	for _, c := range text {
		hash = (hash ^ uint32(c)) * 16777619
	}
	return hash ^ hash>>15
}
