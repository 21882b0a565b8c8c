package cohort

import "onelondon/internal/clinical"

// Definition is one question about many people. It is complete: with the same data it has one answer.
type Definition struct {
	Name      string       `json:"name"`    // lower case words joined by hyphens
	Version   int          `json:"version"` // from 1; a changed definition has another
	Title     string       `json:"title"`
	AsAt      clinical.Day `json:"asAt"` // the day of the question: ages are told on it, and nothing after it counts
	Codelists []Codelist   `json:"codelists,omitempty"`
	Events    []EventSet   `json:"events,omitempty"` // each may use those before it
	People    *Criterion   `json:"people,omitempty"` // nil for everybody
	Measures  []Measure    `json:"measures"`         // at least one
	By        []Dimension  `json:"by,omitempty"`     // none for one row
}

// Codelist names codes. Without codes it is a list that the site has registered under From, or under its own name.
type Codelist struct {
	Name  string          `json:"name"`
	From  string          `json:"from,omitempty"`
	Codes []CodelistEntry `json:"codes,omitempty"`
}

// CodelistEntry is one code of a list. A code without a system is looked for in every terminology.
type CodelistEntry struct {
	System clinical.CodeSystem `json:"system,omitempty"`
	Code   clinical.Text       `json:"code"`
}

// EventSet is a set of dated events. It has a Kind and is recorded, or names others in Of and is made of their events.
// Either way, first Run or Value chooses among the events, then From and Until, then Where, then Pick.
type EventSet struct {
	Name string `json:"name"`

	// Of a recorded set. A record counts if it has any of the codes, and is of any of the classes, statuses and organisations;
	// an empty list leaves open.
	Kind          *clinical.Kind            `json:"kind,omitempty"`
	Codes         []string                  `json:"codes,omitempty"` // names of code lists
	Classes       []clinical.EncounterClass `json:"classes,omitempty"`
	Statuses      []clinical.Status         `json:"statuses,omitempty"`
	Organisations []clinical.Text           `json:"organisations,omitempty"` // ODS codes of who holds the record

	// Of a set that is made: the names of sets before this one. Several are taken together.
	Of []string `json:"of,omitempty"`
	// Run keeps events at which a run of so many in a row, in order of day, has satisfied Value. Of events on one day the one
	// with the highest value comes last. 0 for no such condition.
	Run int `json:"run,omitempty"`

	Value *ValueTest `json:"value,omitempty"`
	From  *Moment    `json:"from,omitempty"`  // first day that counts
	Until *Moment    `json:"until,omitempty"` // last day that counts
	Where *Criterion `json:"where,omitempty"` // told of each event, on its day
	Pick  Pick       `json:"pick,omitempty"`
}

// Pick chooses among a person's events of a set.
type Pick string

// The picks. Of several events on the day that is picked, the one with the highest value is taken, one without a number only
// where none has one; of those the one that ends last; of those any, but always the same.
const (
	PickAll    Pick = "ALL"
	PickFirst  Pick = "FIRST"
	PickLatest Pick = "LATEST"
)

// Picks lists every pick, in the order of the GraphQL enum.
func Picks() []Pick { return []Pick{PickAll, PickFirst, PickLatest} }

// ValueTest compares an event's number. An event without a number satisfies none, nor does one whose unit is not listed where
// units are. The units are compared without regard to case. At least one bound or unit is given.
type ValueTest struct {
	Over    *float64        `json:"over,omitempty"`
	AtLeast *float64        `json:"atLeast,omitempty"`
	Below   *float64        `json:"below,omitempty"`
	AtMost  *float64        `json:"atMost,omitempty"`
	Units   []clinical.Text `json:"units,omitempty"`
}

// Criterion is what may be said of a person on a day: the day of the question, or the day of an event. Exactly one part is set.
type Criterion struct {
	All        []Criterion       `json:"all,omitempty"`
	Any        []Criterion       `json:"any,omitempty"`
	Not        *Criterion        `json:"not,omitempty"`
	Some       *Some             `json:"some,omitempty"`
	Has        *Has              `json:"has,omitempty"`
	Age        *Range            `json:"age,omitempty"`        // whole years on the day; nobody is of any age before birth, or whose birth date is not known
	Sex        []clinical.Gender `json:"sex,omitempty"`        // UNKNOWN for those of whom it is not known
	Borough    []string          `json:"borough,omitempty"`    // of the practice where the person is registered on the day of the question
	Practice   []clinical.Text   `json:"practice,omitempty"`   // where the person is registered on the day of the question; ODS codes
	Registered *bool             `json:"registered,omitempty"` // with a practice on the day, by a registration that has not ended since
	Alive      *bool             `json:"alive,omitempty"`      // on the day, that of death excluded; nobody is known to have died whose death nobody recorded
}

// Some is true where at least so many of the criteria are.
type Some struct {
	AtLeast int         `json:"atLeast"`
	Of      []Criterion `json:"of"`
}

// Has is true where the person has so many events of a set in a window of days around the day spoken of: negative before it,
// 0 on it. Both ends are included, and an end that is not given is open.
type Has struct {
	Events  string `json:"events"`
	AtLeast *int   `json:"atLeast,omitempty"` // 1 when not given, or 0 where AtMost is
	AtMost  *int   `json:"atMost,omitempty"`  // 0 for none
	From    *int   `json:"from,omitempty"`    // days
	Until   *int   `json:"until,omitempty"`   // days
	Anchor  Anchor `json:"anchor,omitempty"`  // of an event in whose Where this stands
	Ending  *Range `json:"ending,omitempty"`  // days around the same day, in which the events also end
}

// Anchor says from which end of an event days are counted. An event without an end ends on its day.
type Anchor string

// The anchors.
const (
	AnchorStart Anchor = "START"
	AnchorEnd   Anchor = "END"
)

// Anchors lists every anchor, in the order of the GraphQL enum.
func Anchors() []Anchor { return []Anchor{AnchorStart, AnchorEnd} }

// Range is whole numbers with both ends included; an end that is not given is open.
type Range struct {
	From  *int `json:"from,omitempty"`
	Until *int `json:"until,omitempty"`
}

// Measure is what is counted in each cell. An event lies in a cell that goes by events where its own organisation, year and month
// are the cell's, whatever its set.
type Measure struct {
	Kind   MeasureKind `json:"kind"`
	Events string      `json:"events,omitempty"` // for all but PEOPLE
	Per    int         `json:"per,omitempty"`    // for RATE: events per so many people; 1000 when 0
}

// PerPeople is for how many people a rate is told.
func (m *Measure) PerPeople() int {
	if m.Per == 0 {
		return 1000
	}
	return m.Per
}

// MeasureKind says what a measure counts.
type MeasureKind string

// The measures. People are the cell's people; of events, those that lie in the cell; of a median and quartiles, the values of
// those events.
const (
	MeasurePeople    MeasureKind = "PEOPLE"
	MeasureEvents    MeasureKind = "EVENTS"
	MeasureRate      MeasureKind = "RATE"
	MeasureMedian    MeasureKind = "MEDIAN"
	MeasureQuartiles MeasureKind = "QUARTILES"
)

// MeasureKinds lists every measure, in the order of the GraphQL enum.
func MeasureKinds() []MeasureKind {
	return []MeasureKind{MeasurePeople, MeasureEvents, MeasureRate, MeasureMedian, MeasureQuartiles}
}

// Dimension is by what the people are broken down. Those of ORGANISATION, YEAR and MONTH go by events: a person is in every cell
// in which they have an event of the set, and all such dimensions of a definition name the same set. Those of GROUP are in every
// group whose criterion they satisfy.
type Dimension struct {
	Kind   DimensionKind `json:"kind"`
	Bands  []int         `json:"bands,omitempty"`  // for AGE_BAND and PRACTICE_SIZE_BAND: where each band begins, rising
	Events string        `json:"events,omitempty"` // for ORGANISATION, YEAR and MONTH
	Groups []Group       `json:"groups,omitempty"` // for GROUP
}

// Group is a named part of the people; parts may overlap.
type Group struct {
	Name  string    `json:"name"`
	Where Criterion `json:"where"`
}

// DimensionKind says by what people are broken down.
type DimensionKind string

// The dimensions.
const (
	ByAgeBand          DimensionKind = "AGE_BAND"
	BySex              DimensionKind = "SEX"
	ByBorough          DimensionKind = "BOROUGH"
	ByPractice         DimensionKind = "PRACTICE"
	ByPracticeSizeBand DimensionKind = "PRACTICE_SIZE_BAND"
	ByOrganisation     DimensionKind = "ORGANISATION"
	ByYear             DimensionKind = "YEAR"
	ByMonth            DimensionKind = "MONTH"
	ByGroup            DimensionKind = "GROUP"
)

// DimensionKinds lists every dimension, in the order of the GraphQL enum.
func DimensionKinds() []DimensionKind {
	return []DimensionKind{ByAgeBand, BySex, ByBorough, ByPractice, ByPracticeSizeBand, ByOrganisation, ByYear, ByMonth, ByGroup}
}
