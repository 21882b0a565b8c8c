package clinical

import (
	"slices"
	"strings"
)

// SourceID names one configured source, such as "barts-millennium". It is chosen by whoever configures the server.
type SourceID string

// Organisation is a care organisation by its ODS code, with a name where one is known.
type Organisation struct {
	Code Text
	Name Text
}

// Label is a word that policy speaks of, such as "sealed". A source's mapping says when a record carries it.
type Label string

// The labels known to every mapping. A label's value is three-valued: yes, no, or not known.
const (
	LabelSealed       Label = "sealed"       // sealed or marked confidential at source; never leaves for another organisation
	LabelSensitive    Label = "sensitive"    // on a Registration: an S-flag, the person must not be found
	LabelThirdParty   Label = "third_party"  // speaks of somebody other than the person
	LabelSafeguarding Label = "safeguarding" // speaks of a child or an adult at risk; for clinicians, never for the own view
	// On an urgent care plan, where what is not known counts as no.
	LabelPlanShared    Label = "plan_shared"    // there is consent to share the plan
	LabelPrognosisTold Label = "prognosis_told" // the person knows the prognosis that the plan states
)

// The categories: labels that a record carries because of what it is about. A source may say so; otherwise a list of codes
// does. The first eight are what Londoners worried about most (CS-5); the last three are restricted by law (DOMAIN.md 2.7).
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

// labels are all labels in the order of their bits in LabelSet; the categories are those from firstCategory on.
var labels = [...]Label{LabelSealed, LabelSensitive, LabelThirdParty, LabelSafeguarding,
	LabelPlanShared, LabelPrognosisTold, LabelSelfHarm, LabelAlcohol, LabelMentalHealth, LabelSexualHealth, LabelFertility, LabelAbortion, LabelDrugs, LabelHIV,
	LabelGenderRecognition, LabelAssistedConception, LabelVenerealDisease}

const firstCategory = 6

// Labels lists every label in the order of their bits in LabelSet.
func Labels() []Label { return slices.Clone(labels[:]) }

// Categories lists the labels that say what a record is about.
func Categories() []Label { return slices.Clone(labels[firstCategory:]) }

// LabelSet holds for each label whether it is known and whether it is set. The zero value knows nothing.
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

// Value reports whether label is set, and whether the source said so at all.
func (s LabelSet) Value(label Label) (set, known bool) {
	bit := label.bit()
	return s.set&bit != 0, s.known&bit != 0
}

// Join sets every label that other has set.
func (s *LabelSet) Join(other LabelSet) {
	s.known |= other.set
	s.set |= other.set
}

// Without returns the labels that s has set and other has not.
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

// Meta is what every record carries, whatever its kind. Fields with a record tag are asked for, masked and selected by
// that name; those without are identity and provenance and always present.
type Meta struct {
	Source       SourceID     // the configured source that holds the record
	Below        SourceID     // which source of that source, another OneLondon: "barts", "nel/barts"; empty where it is a record system
	ID           Text         // the source's own identifier of the record, unique within source and kind
	Organisation Organisation // the organisation whose record it is
	Labels       LabelSet

	Code      Concept  `record:"code"`        // what the record is about
	Date      DateTime `record:"date"`        // when it clinically happened or began; the order of every list
	End       DateTime `record:"end"`         // when it ended
	Status    Status   `record:"status"`      // where it stands
	Note      Text     `record:"note"`        // free text
	Encounter Text     `record:"encounterId"` // identifier of the encounter in the same source
	Recorded  DateTime `record:"recorded"`    // when it was written into the source
	Author    Text     `record:"author"`      // who made the entry, as the source names them
	Publisher Text     `record:"publisher"`   // ODS code of the organisation that made the entry, where it differs

	// What the record hangs together with besides its encounter, each by its identifier in the same source.
	Problem     Text `record:"problemId"`     // the problem, a Condition, that it was recorded or prescribed for
	Appointment Text `record:"appointmentId"` // the appointment at which it was recorded
	Plan        Text `record:"planId"`        // the urgent care plan that it is a part of

	others []Record
}

// Record is one record of any kind.
type Record interface {
	// Kind says what kind of record this is.
	Kind() Kind
	// About returns the part that all kinds share. It may be changed through the pointer.
	About() *Meta
}

// About returns m itself; embedding Meta makes a struct most of a Record.
func (m *Meta) About() *Meta { return m }

// Origin is the source as people are told it: of a record that came from another OneLondon, "nel/barts".
func (m *Meta) Origin() SourceID { return m.Source.Beneath(m.Below) }

// Beneath names a source of this source; itself where there is none.
func (s SourceID) Beneath(below SourceID) SourceID {
	if below == "" {
		return s
	}
	return s + "/" + below
}

// Reference is the record's identity across all sources, "source/id". Unique within a kind, and it holds no NHS number.
func (m *Meta) Reference() string {
	var b strings.Builder
	b.Grow(len(m.Source) + 1 + len(m.ID))
	b.WriteString(string(m.Source))
	b.WriteByte('/')
	b.WriteString(string(m.ID))
	return b.String()
}

// Absorb notes that other says the same as this record and is shown with it.
func (m *Meta) Absorb(other Record) { m.others = append(m.others, other) }

// Keep drops the absorbed records that keep does not hold of.
func (m *Meta) Keep(keep func(Record) bool) {
	kept := m.others[:0]
	for _, other := range m.others {
		if keep(other) {
			kept = append(kept, other)
		}
	}
	m.others = kept
}

// Others returns the records absorbed, in the order they were.
func (m *Meta) Others() []Record { return m.others }

// contributors lists self and the records it absorbed, all of the same kind.
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
