package sources

import (
	"math"
	"strconv"

	"onelondon/internal/clinical"
)

// Saying is what one record says, as far as it tells events of one person and day apart. Every driver makes its marks of it, so
// that the same event has the same mark wherever it is kept. Text is a string or bytes that are only lent.
type Saying[Text ~string | ~[]byte] struct {
	Source       clinical.SourceID
	System, Code Text    // the coding that is shared most widely, see [Shared]; empty where there is no code
	Value        float64 // NaN where there is no number
	Unit         Text
	// Of a visit only, see [IsVisit].
	Organisation Text
	Start, End   clinical.DateTime
}

// IsVisit reports whether records of the kind are each an act of their own, so that two that say the same on one day are two
// where they differ in who did it and when.
func IsVisit(kind clinical.Kind) bool {
	switch kind {
	case clinical.KindEncounter, clinical.KindAppointment, clinical.KindReferral, clinical.KindDocument:
		return true
	}
	return false
}

// Shared reports whether a terminology is shared by most systems. Of a record's codings the mark goes by the first of such a
// terminology, failing that by the first: a practice that keeps Read codes beside SNOMED CT then says what a trust says.
func Shared[Text ~string | ~[]byte](system Text) bool {
	return string(system) == string(clinical.SNOMED) || string(system) == string(clinical.DMD)
}

// Mark is a digest of 64 bits, never the same for what differs save by chance. A code of a source's own, and no code at all, mean
// nothing beyond the source; SNOMED CT and dm+d share their codes; a unit is the same in any case.
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
		d = d.number(math.Float64bits(s.Value + 0)) // a negative zero is a zero
	}
	d = folded(d, s.Unit)
	if !s.Start.IsZero() || !s.End.IsZero() || len(s.Organisation) > 0 {
		d = add(d, s.Organisation)
		d = d.number(uint64(s.Start.At().Unix())).number(uint64(s.End.At().Unix()))
	}
	return uint64(d.mixed())
}

// digest is the hash FNV-1a, whose last step is that of MurmurHash3: texts are short, and a mark is made of every row.
type digest uint64

const (
	offset digest = 14695981039346656037
	prime  digest = 1099511628211
)

func add[Text ~string | ~[]byte](d digest, text Text) digest {
	for i := range len(text) {
		d = (d ^ digest(text[i])) * prime
	}
	return (d ^ 0xff) * prime // ends a text, and is no byte of one
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

// SameUnit compares units without regard to the case of the letters A to Z, as every database can.
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

// Number is the number that a decimal writes, NaN where it is missing.
func Number(decimal clinical.Decimal) float64 {
	number, err := strconv.ParseFloat(string(decimal), 64)
	if err != nil {
		return math.NaN()
	}
	return number
}

// IsZero reports whether nothing is narrowed.
func (v *ValueBounds) IsZero() bool {
	return v.Over == nil && v.AtLeast == nil && v.Below == nil && v.AtMost == nil && len(v.Units) == 0
}

// Within reports whether a number, NaN for none, and its unit are within the bounds.
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
