package sqlsource

import (
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// pseudonyms replaces NHS numbers by pseudonyms; nothing that is made from a row afterwards contains the number. Rows of
// one person are often close together, so the most recent people are cached for the duration of a question. The cache
// starts small, since a study asks many small sources.
type pseudonyms struct {
	stand  sources.Stand
	format mapping.NumberFormat
	known  []cachedPseudonym
	missed int // since the cache last grew
}

const (
	fewestCached = 1 << 4
	mostCached   = 1 << 13
)

// cachedPseudonym is one cached person, by the number as the system writes it.
type cachedPseudonym struct {
	text   [mostNumber]byte
	length uint8
	counts bool
	person clinical.Pseudonym
}

// mostNumber is the longest text that is cached: a number in its longest form has twelve characters.
const mostNumber = 14

func newPseudonyms(stand sources.Stand, format mapping.NumberFormat) *pseudonyms {
	return &pseudonyms{stand: stand, format: format, known: make([]cachedPseudonym, fewestCached)}
}

// of returns the pseudonym for a number, and whether the person is counted.
func (s *pseudonyms) of(text []byte) (clinical.Pseudonym, bool) {
	if len(text) == 0 {
		return 0, false
	}
	if len(text) > mostNumber {
		return s.ask(text)
	}
	at := &s.known[placeOf(text)%uint32(len(s.known))]
	if int(at.length) != len(text) || string(at.text[:at.length]) != string(text) {
		if s.missed++; s.missed > 8*len(s.known) && len(s.known) < mostCached {
			s.known, s.missed = make([]cachedPseudonym, 8*len(s.known)), 0
			at = &s.known[placeOf(text)%uint32(len(s.known))]
		}
		at.person, at.counts = s.ask(text)
		at.length = uint8(copy(at.text[:], text))
	}
	return at.person, at.counts
}

func (s *pseudonyms) ask(text []byte) (clinical.Pseudonym, bool) {
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
