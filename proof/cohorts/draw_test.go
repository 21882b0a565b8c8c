package cohorts_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// drawing is a definition while it is drawn.
type drawing struct {
	*rapid.T
	definition cohort.Definition
	numbered   map[string]bool // sets whose events may have numbers
}

func pickOf[V any](d *drawing, what string, of ...V) V { return rapid.SampledFrom(of).Draw(d.T, what) }

// chance is true once in so many times.
func (d *drawing) chance(what string, of int) bool {
	return rapid.IntRange(1, of).Draw(d.T, what) == of
}

func (d *drawing) maybe(what string, of ...int) *int {
	if d.chance(what+"?", 2) {
		return nil
	}
	drawn := pickOf(d, what, of...)
	return &drawn
}

// drawDefinition draws a definition that Check finds nothing wrong with.
func drawDefinition(t *rapid.T) cohort.Definition {
	d := &drawing{T: t, numbered: map[string]bool{}}
	d.definition = cohort.Definition{Name: "drawn", Version: 1, Title: "drawn", AsAt: asAt()}
	d.definition.Codelists = []cohort.Codelist{{Name: "any-terminology", Codes: []cohort.CodelistEntry{{Code: "73211009"}, {Code: "C10.."}}},
		{Name: "snomed", Codes: []cohort.CodelistEntry{{System: clinical.SNOMED, Code: "73211009"}, {System: clinical.SNOMED, Code: "44054006"}}},
		{Name: "read", Codes: []cohort.CodelistEntry{{System: clinical.Read2, Code: "c10.."}}}}
	for i := range rapid.IntRange(1, 6).Draw(t, "sets") {
		d.set(fmt.Sprintf("set-%d", i))
	}
	if !d.chance("everybody", 6) {
		people := d.criterion("people", 3, false)
		d.definition.People = &people
	}
	d.dimensions()
	d.measures()
	if err := d.definition.Check(); err != nil {
		t.Fatalf("the definition drawn is none: %v\n%s", err, show(&d.definition))
	}
	return d.definition
}

func (d *drawing) names() (names []string) {
	for _, set := range d.definition.Events {
		names = append(names, set.Name)
	}
	return names
}

func (d *drawing) set(name string) {
	set := cohort.EventSet{Name: name}
	if len(d.definition.Events) == 0 || d.chance("recorded", 2) {
		d.recorded(&set)
	} else {
		set.Of = d.some("of", d.names(), 3)
		for _, of := range set.Of {
			d.numbered[name] = d.numbered[name] || d.numbered[of]
		}
	}
	if d.numbered[name] && d.chance("value", 3) {
		set.Value = d.value()
		if set.Of != nil && d.chance("run", 2) {
			set.Run = rapid.IntRange(2, 3).Draw(d.T, "run length")
		}
	}
	set.From, set.Until = d.moment("from", -900, -400, -31, -1), d.moment("until", -365, -30, 0, 30)
	if set.From != nil && set.Until != nil && set.From.In(asAt()) > set.Until.In(asAt()) {
		set.From, set.Until = nil, set.From
	}
	if len(d.definition.Events) > 0 && d.chance("where", 3) {
		where := d.criterion("where", 2, true)
		set.Where = &where
	}
	set.Pick = pickOf(d, "pick", "", "", cohort.PickAll, cohort.PickFirst, cohort.PickLatest)
	d.definition.Events = append(d.definition.Events, set)
}

func (d *drawing) recorded(set *cohort.EventSet) {
	kind := pickOf(d, "kind", clinical.KindCondition, clinical.KindObservation, clinical.KindObservation, clinical.KindEncounter, clinical.KindMedication)
	set.Kind = &kind
	d.numbered[set.Name] = kind == clinical.KindObservation
	if d.chance("codes", 2) {
		set.Codes = d.some("lists", []string{"any-terminology", "snomed", "read"}, 2)
	}
	if kind == clinical.KindEncounter && d.chance("classes", 2) {
		set.Classes = d.classes()
	}
	if d.chance("statuses", 5) {
		set.Statuses = clinical.Statuses()[:2]
	}
	if d.chance("organisations", 5) {
		set.Organisations = []clinical.Text{"R1H", "F84001"}
	}
}

func (d *drawing) classes() []clinical.EncounterClass {
	if d.chance("two classes", 2) {
		return clinical.EncounterClasses()[:2]
	}
	return clinical.EncounterClasses()[1:2]
}

// some draws a few of names, each once.
func (d *drawing) some(what string, names []string, most int) []string {
	drawn := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, min(most, len(names)), rapid.ID[string]).Draw(d.T, what)
	return slices.Clone(drawn)
}

func (d *drawing) value() *cohort.ValueTest {
	test := &cohort.ValueTest{}
	low, high := pickOf(d, "low", 0.0, 5, 7.25, 80), pickOf(d, "high", 80.0, 140, 150)
	if d.chance("units", 2) {
		test.Units = [][]clinical.Text{{"MMHG"}, {"kg", "mmHg"}}[rapid.IntRange(0, 1).Draw(d.T, "which units")]
	}
	switch bound := rapid.IntRange(0, 4).Draw(d.T, "bounds"); {
	case bound == 0:
		test.Over = &low
	case bound == 1:
		test.AtLeast = &low
	case bound == 2:
		test.Below = &high
	case bound == 3 || test.Units == nil:
		test.AtMost = &high
	}
	return test
}

func (d *drawing) moment(what string, of ...int) *cohort.Moment {
	if !d.chance(what, 3) {
		return nil
	}
	moment := cohort.Days(pickOf(d, what+" days", of...))
	if d.chance(what+" as a day", 3) {
		moment = cohort.On(moment.In(asAt()))
	}
	return &moment
}

func (d *drawing) criterion(what string, depth int, event bool) cohort.Criterion {
	if depth > 0 && d.chance(what+" of parts", 2) {
		parts := make([]cohort.Criterion, rapid.IntRange(1, 3).Draw(d.T, what+" parts"))
		for i := range parts {
			parts[i] = d.criterion(what, depth-1, event)
		}
		switch rapid.IntRange(0, 3).Draw(d.T, what+" joined") {
		case 0:
			return cohort.Criterion{All: parts}
		case 1:
			return cohort.Criterion{Any: parts}
		case 2:
			return cohort.Criterion{Not: &parts[0]}
		}
		return cohort.Criterion{Some: &cohort.Some{AtLeast: rapid.IntRange(1, len(parts)).Draw(d.T, "at least"), Of: parts}}
	}
	if !d.chance(what+" fact", 3) {
		return cohort.Criterion{Has: d.has(event)}
	}
	return d.fact()
}

func (d *drawing) has(event bool) *cohort.Has {
	has := &cohort.Has{Events: pickOf(d, "set", d.names()...)}
	switch rapid.IntRange(0, 4).Draw(d.T, "count") {
	case 0:
		has.AtLeast = ptr(2)
	case 1:
		has.AtMost = ptr(0)
	case 2:
		has.AtMost = ptr(2)
	}
	has.From, has.Until = d.maybe("window from", -900, -365, -30, -1, 0), d.maybe("window until", -365, -30, -1, 0, 28)
	if has.From != nil && has.Until != nil && *has.From > *has.Until {
		has.From, has.Until = has.Until, has.From
	}
	if !event && has.From != nil && *has.From > 0 {
		has.From = nil
	}
	if event && d.chance("anchored", 3) {
		has.Anchor = pickOf(d, "anchor", cohort.Anchors()...)
	}
	if d.chance("ending", 5) {
		has.Ending = &cohort.Range{From: d.maybe("ending from", -30, 0, 28), Until: ptr(pickOf(d, "ending until", 28, 400))}
	}
	return has
}

func ptr[V any](value V) *V { return &value }

func (d *drawing) fact() cohort.Criterion {
	yes := d.chance("yes", 2)
	switch rapid.IntRange(0, 5).Draw(d.T, "fact") {
	case 0:
		age := &cohort.Range{From: d.maybe("age from", 0, 18, 65), Until: d.maybe("age until", 65, 80)}
		if age.From == nil && age.Until == nil {
			age.From = ptr(18)
		}
		return cohort.Criterion{Age: age}
	case 1:
		return cohort.Criterion{Sex: []clinical.Gender{pickOf(d, "sex", clinical.Genders()...)}}
	case 2:
		return cohort.Criterion{Borough: []string{pickOf(d, "borough", "Newham", "Tower Hamlets")}}
	case 3:
		return cohort.Criterion{Practice: []clinical.Text{pickOf[clinical.Text](d, "practice", "F84001", "F84003")}}
	case 4:
		return cohort.Criterion{Registered: &yes}
	}
	return cohort.Criterion{Alive: &yes}
}

func (d *drawing) measures() {
	d.definition.Measures = []cohort.Measure{{Kind: cohort.MeasurePeople}}
	for range rapid.IntRange(0, 3).Draw(d.T, "measures") {
		measure := cohort.Measure{Kind: pickOf(d, "measure", cohort.MeasureKinds()[1:]...), Events: pickOf(d, "measured", d.names()...)}
		if quantile := measure.Kind == cohort.MeasureMedian || measure.Kind == cohort.MeasureQuartiles; quantile && !d.numbered[measure.Events] {
			measure.Kind = cohort.MeasureEvents
		}
		if measure.Kind == cohort.MeasureRate && d.chance("per", 2) {
			measure.Per = 100
		}
		if !slices.Contains(d.definition.Measures, measure) {
			d.definition.Measures = append(d.definition.Measures, measure)
		}
	}
}

func (d *drawing) dimensions() {
	events := pickOf(d, "by events", d.names()...)
	for range rapid.IntRange(0, 3).Draw(d.T, "dimensions") {
		by := cohort.Dimension{Kind: pickOf(d, "by", cohort.DimensionKinds()...)}
		if slices.ContainsFunc(d.definition.By, func(other cohort.Dimension) bool { return other.Kind == by.Kind }) {
			continue
		}
		switch by.Kind {
		case cohort.ByAgeBand:
			by.Bands = pickOf(d, "bands", []int{0, 18, 65}, []int{17, 18, 40})
		case cohort.ByPracticeSizeBand:
			by.Bands = pickOf(d, "sizes", []int{2, 3, 10}, []int{5})
		case cohort.ByOrganisation, cohort.ByYear, cohort.ByMonth:
			by.Events = events
		case cohort.ByGroup:
			for i := range rapid.IntRange(1, 3).Draw(d.T, "groups") {
				by.Groups = append(by.Groups, cohort.Group{Name: fmt.Sprintf("group-%d", i), Where: d.criterion("group", 1, false)})
			}
		}
		d.definition.By = append(d.definition.By, by)
	}
}
