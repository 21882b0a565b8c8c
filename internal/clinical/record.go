package clinical

import (
	"slices"
	"strings"
)

// SourceID names one configured source, such as "barts-millennium". It is chosen by whoever configures the server.
type SourceID string

// Organisation is a care organisation by its ODS code, with a name if one is known.
type Organisation struct {
	Code Text
	Name Text
}

// Label is a word that policy uses, such as "sealed". A source's mapping says when a record carries it.
type Label string

// The labels known to every mapping. A label is true, false or unknown.
const (
	LabelSealed       Label = "sealed"       // sealed or marked confidential at source; never leaves for another organisation
	LabelSensitive    Label = "sensitive"    // on a Registration: an S-flag, by which the person must not be found
	LabelThirdParty   Label = "third_party"  // about somebody other than the person
	LabelSafeguarding Label = "safeguarding" // about a child or an adult at risk; for clinicians, never for the own view
	// On an urgent care plan, where what is not known counts as no.
	LabelPlanShared    Label = "plan_shared"    // there is consent to share the plan
	LabelPrognosisTold Label = "prognosis_told" // the person knows the prognosis that the plan states
)

// The categories: labels that a record carries because of what it is about. A source may say so; otherwise a list of
// codes does. The first eight are those that Londoners worried about most (CS-5); the last three are restricted by law
// (DOMAIN.md 2.7).
const (
	LabelSelfHarm     Label = "self_harm"
	LabelAlcohol      Label = "alcohol"
	LabelMentalHealth Label = "mental_health"
	LabelSexualHealth Label = "sexual_health"
	LabelFertility    Label = "fertility"
	LabelAbortion     Label = "abortion"
	LabelDrugs        Label = "drugs"
	LabelHIV          Label = "hiv"

	LabelGenderRecognition  Label = "gender_recognition"  // Gender Recognition Act 2004, section 22
	LabelAssistedConception Label = "assisted_conception" // Human Fertilisation and Embryology Act 1990
	LabelVenerealDisease    Label = "venereal_disease"    // NHS (Venereal Diseases) Regulations 1974
)

// labels are all labels in the order of their bits in LabelSet; those from firstCategory on are the categories.
var labels = [...]Label{LabelSealed, LabelSensitive, LabelThirdParty, LabelSafeguarding,
	LabelPlanShared, LabelPrognosisTold, LabelSelfHarm, LabelAlcohol, LabelMentalHealth, LabelSexualHealth, LabelFertility, LabelAbortion, LabelDrugs, LabelHIV,
	LabelGenderRecognition, LabelAssistedConception, LabelVenerealDisease}

const firstCategory = 6

// Labels lists every label in the order of their bits in LabelSet.
func Labels() []Label { return slices.Clone(labels[:]) }

// Categories lists the labels that say what a record is about.
func Categories() []Label { return slices.Clone(labels[firstCategory:]) }

// LabelSet holds for each label whether it is known and whether it is set. In the zero value none is known.
type LabelSet struct{ known, set uint32 }

// Put records that label is known to be set, or known not to be.
func (s *LabelSet) Put(label Label, set bool) {
	bit := label.bit()
	s.known |= bit
	if set {
		s.set |= bit
	} else {
		s.set &^= bit
	}
}

// Value reports whether label is set, and whether that is known.
func (s LabelSet) Value(label Label) (set, known bool) {
	bit := label.bit()
	return s.set&bit != 0, s.known&bit != 0
}

// Join sets every label that other has set.
func (s *LabelSet) Join(other LabelSet) {
	s.known |= other.set
	s.set |= other.set
}

// Without returns the labels that are set in s and not in other.
func (s LabelSet) Without(other LabelSet) LabelSet {
	left := s.set &^ other.set
	return LabelSet{known: left, set: left}
}

// IsNone reports whether no label is set.
func (s LabelSet) IsNone() bool { return s.set == 0 }

func (l Label) bit() uint32 {
	for i := range labels {
		if labels[i] == l {
			return 1 << i
		}
	}
	return 0
}

// Meta is common to records of all kinds. Fields with a record tag are requested, masked and selected by that name;
// those without are identity and provenance, and always present.
type Meta struct {
	Source       SourceID     // the configured source that holds the record
	Below        SourceID     // the source behind the source, if that is another OneLondon: "barts", "nel/barts"
	ID           Text         // the source's own identifier of the record, unique within source and kind
	Organisation Organisation // the organisation whose record it is
	Labels       LabelSet

	Code      Concept  `record:"code"`        // what the record is about
	Date      DateTime `record:"date"`        // when it clinically happened or began; orders every list
	End       DateTime `record:"end"`         // when it ended
	Status    Status   `record:"status"`      // the record's status
	Note      Text     `record:"note"`        // free text
	Encounter Text     `record:"encounterId"` // identifier of the encounter in the same source
	Recorded  DateTime `record:"recorded"`    // when it was written into the source
	Author    Text     `record:"author"`      // who made the entry, as the source names them
	Publisher Text     `record:"publisher"`   // ODS code of the organisation that made the entry, where it differs

	// What the record hangs together with besides its encounter, each by its identifier in the same source.
	Problem     Text `record:"problemId"`     // the problem, a Condition, that it was recorded or prescribed for
	Appointment Text `record:"appointmentId"` // the appointment at which it was recorded
	Plan        Text `record:"planId"`        // the urgent care plan of which it is a part

	others []Record
}

// Record is one record of any kind.
type Record interface {
	// Kind is the kind of the record.
	Kind() Kind
	// About returns the part that all kinds share. It may be changed through the pointer.
	About() *Meta
}

// About returns m itself; embedding Meta makes a struct most of a Record.
func (m *Meta) About() *Meta { return m }

// Origin is the source as shown to people; for a record from another OneLondon "nel/barts".
func (m *Meta) Origin() SourceID { return m.Source.Beneath(m.Below) }

// Beneath names a source behind this source; the source itself if below is empty.
func (s SourceID) Beneath(below SourceID) SourceID {
	if below == "" {
		return s
	}
	return s + "/" + below
}

// Reference is the record's identity across all sources, "source/id". It is unique within a kind, and contains no NHS
// number.
func (m *Meta) Reference() string {
	var b strings.Builder
	b.Grow(len(m.Source) + 1 + len(m.ID))
	b.WriteString(string(m.Source))
	b.WriteByte('/')
	b.WriteString(string(m.ID))
	return b.String()
}

// Absorb merges other, which says the same, into this record.
func (m *Meta) Absorb(other Record) { m.others = append(m.others, other) }

// Keep drops the absorbed records for which keep returns false.
func (m *Meta) Keep(keep func(Record) bool) {
	kept := m.others[:0]
	for _, other := range m.others {
		if keep(other) {
			kept = append(kept, other)
		}
	}
	m.others = kept
}

// Others returns the absorbed records, in order of absorption.
func (m *Meta) Others() []Record { return m.others }

// contributors lists self and the records absorbed by it, all of the same kind.
func contributors[R Record](self R, others []Record) []R {
	all := make([]R, 1, 1+len(others))
	all[0] = self
	for _, other := range others {
		if same, ok := other.(R); ok {
			all = append(all, same)
		}
	}
	return all
}
