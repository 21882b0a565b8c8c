package sources

import (
	"math"
	"strconv"

	"onelondon/internal/clinical"
)

// Saying is the content of one record, as far as it tells apart events of one person on one day. Every driver computes
// its marks from it, so that an event has the same mark wherever it is stored. Text is a string, or bytes that must not
// be retained.
type Saying[Text ~string | ~[]byte] struct {
	Source       clinical.SourceID
	System, Code Text    // the most widely shared coding, see [Shared]; empty without a code
	Value        float64 // NaN without a number
	Unit         Text
	// For visits only, see [IsVisit].
	Organisation Text
	Start, End   clinical.DateTime
}

// IsVisit reports whether each record of the kind is an act of its own, so that two with the same content on one day
// are two events if organisation or time differ.
func IsVisit(kind clinical.Kind) bool {
	switch kind {
	case clinical.KindEncounter, clinical.KindAppointment, clinical.KindReferral, clinical.KindDocument:
		return true
	}
	return false
}

// Shared reports whether a terminology is used by most systems. A mark uses a record's first coding in such a
// terminology, or else its first coding: a practice that keeps Read codes beside SNOMED CT then agrees with a trust.
func Shared[Text ~string | ~[]byte](system Text) bool {
	return string(system) == string(clinical.SNOMED) || string(system) == string(clinical.DMD)
}

// Mark is a 64-bit digest: different contents get the same mark only by chance. A local code, or none, is distinct for
// each source; SNOMED CT and dm+d share their codes; units compare without regard to case.
func (s *Saying[Text]) Mark() uint64 {
	d := digest(offset)
	switch {
	case len(s.Code) == 0 || string(s.System) == string(clinical.LocalCode):
		d = add(d, s.Source)
	case Shared(s.System):
		d = add(d, clinical.SNOMED)
	default:
		d = add(d, s.System)
	}
	d = add(d, s.Code)
	if s.Value == s.Value {
		d = d.number(math.Float64bits(s.Value + 0)) // turns negative zero into zero
	}
	d = folded(d, s.Unit)
	if !s.Start.IsZero() || !s.End.IsZero() || len(s.Organisation) > 0 {
		d = add(d, s.Organisation)
		d = d.number(uint64(s.Start.At().Unix())).number(uint64(s.End.At().Unix()))
	}
	return uint64(d.mixed())
}

// digest is FNV-1a with the finalizer of MurmurHash3: texts are short, and every row needs a mark.
type digest uint64

const (
	offset digest = 14695981039346656037
	prime  digest = 1099511628211
)

func add[Text ~string | ~[]byte](d digest, text Text) digest {
	for i := range len(text) {
		d = (d ^ digest(text[i])) * prime
	}
	return (d ^ 0xff) * prime // a terminator that occurs in no valid text
}

func folded[Text ~string | ~[]byte](d digest, text Text) digest {
	for i := range len(text) {
		d = (d ^ digest(lower(text[i]))) * prime
	}
	return (d ^ 0xff) * prime
}

func (d digest) number(n uint64) digest {
	for range 8 {
		d = (d ^ digest(n&0xff)) * prime
		n >>= 8
	}
	return (d ^ 0xfe) * prime
}

func (d digest) mixed() digest {
	d = (d ^ d>>33) * 0xff51afd7ed558ccd
	d = (d ^ d>>33) * 0xc4ceb9fe1a85ec53
	return d ^ d>>33
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// SameUnit compares units ignoring the case of A to Z, which every database can do as well.
func SameUnit[A, B ~string | ~[]byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// Number returns a decimal as a number, or NaN if it is missing.
func Number(decimal clinical.Decimal) float64 {
	number, err := strconv.ParseFloat(string(decimal), 64)
	if err != nil {
		return math.NaN()
	}
	return number
}

// IsZero reports whether there are no bounds.
func (v *ValueBounds) IsZero() bool {
	return v.Over == nil && v.AtLeast == nil && v.Below == nil && v.AtMost == nil && len(v.Units) == 0
}

// Within reports whether a number (NaN for none) and its unit are within the bounds.
func Within[Text ~string | ~[]byte](v *ValueBounds, number float64, unit Text) bool {
	if v.IsZero() {
		return true
	}
	return number == number && (v.Over == nil || number > *v.Over) && (v.AtLeast == nil || number >= *v.AtLeast) &&
		(v.Below == nil || number < *v.Below) && (v.AtMost == nil || number <= *v.AtMost) && anyUnit(v.Units, unit)
}

func anyUnit[Text ~string | ~[]byte](units []clinical.Text, unit Text) bool {
	for _, one := range units {
		if SameUnit(one, unit) {
			return true
		}
	}
	return len(units) == 0
}
