package sourcetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Manner names the ways in which a kind of source deliberately differs from a record system. The zero value means none.
type Manner struct {
	// CannotCount says that the source is not a [sources.Counter]; it fails if it is one.
	CannotCount bool
	// HidesFlagged says that nothing is shown of people with an S-flag. They are still listed, since others must hide
	// them too.
	HidesFlagged bool
	// Names translates the ids of records in a system behind the source to the source's own; nil if they are the same.
	Names func(id clinical.Text) clinical.Text
	// ManyRoundTrips says that questions cannot be sent together, so that each kind needs a request of its own, however
	// many people it is about.
	ManyRoundTrips bool
}

// Run loads [Sample] through open and checks the source against all requirements.
func Run(t *testing.T, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	RunOver(t, Sample(), open)
}

// RunOver is Run with another dataset, derived from the sample, for a system that cannot hold all of it.
func RunOver(t *testing.T, data Dataset, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	run(t, data, Manner{}, open)
}

// RunAs is Run for a kind of source that deliberately differs from record systems.
func RunAs(t *testing.T, manner Manner, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	run(t, Sample(), manner, open)
}

// RunOverAs combines RunOver and RunAs.
func RunOverAs(t *testing.T, data Dataset, manner Manner, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	run(t, data, manner, open)
}

// RunBriefly asks a hundredth of the questions of RunOverAs: every kind of everybody, shown and counted, and who is
// known. It is for slow servers.
func RunBriefly(t *testing.T, data Dataset, manner Manner, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	s := &suite{data: data, source: open(t, data), reference: data.Memory(), manner: manner}
	for _, check := range []check{
		{"answers every kind for every person at once", (*suite).everybody},
		{"counts the events of every kind at once", (*suite).countTogether},
		{"leaves out whom the study leaves out", (*suite).standIns},
		{"lists whom it knows", (*suite).people},
		{"knows how fresh it is", (*suite).watermark},
		{"is there", (*suite).ping},
	} {
		t.Run(check.name, func(t *testing.T) { check.run(s, t) })
	}
}

func run(t *testing.T, data Dataset, manner Manner, open func(t *testing.T, data Dataset) sources.Source) {
	t.Helper()
	source := open(t, data)
	if manner.Names != nil {
		data = data.named(manner.Names)
	}
	s := &suite{data: data, source: source, reference: data.Memory(), manner: manner}
	if manner.HidesFlagged {
		s.reference = data.unflagged().Memory()
	}
	counting := s.counting()
	if manner.CannotCount {
		counting = []check{{"plainly cannot count", (*suite).cannotCount}}
	}
	for _, check := range slices.Concat(s.answering(), counting, s.powers()) {
		t.Run(check.name, func(t *testing.T) { check.run(s, t) })
	}
}

// check is one requirement.
type check struct {
	name string
	run  func(*suite, *testing.T)
}

func (s *suite) answering() []check {
	return []check{
		{"answers every kind for every person", (*suite).everyKind},
		{"fills only the fields asked for", (*suite).fields},
		{"finds codes in any coding, exactly", (*suite).codes},
		{"keeps to a range of dates", (*suite).ranges},
		{"keeps to statuses", (*suite).statuses},
		{"keeps to what is part of a plan", (*suite).ofPlan},
		{"releases what every condition releases", (*suite).conditions},
		{"knows a label by the code", (*suite).codeLists},
		{"names what records hang together by", (*suite).ties},
		{"releases nothing to the condition that never holds", (*suite).never},
		{"walks pages of any size to the same list", (*suite).pages},
		{"goes on after another source's position", (*suite).positions},
		{"answers many questions in one round trip", (*suite).together},
		{"cuts at the caps and says so", (*suite).caps},
		{"agrees on questions drawn at random", (*suite).drawn},
	}
}

func (s *suite) counting() []check {
	return []check{
		{"counts the events of every kind", (*suite).countKinds},
		{"counts what every field and reduction wants", (*suite).countFields},
		{"counts sets drawn at random", (*suite).countDrawn},
		{"gives facts of everybody", (*suite).facts},
		{"leaves out whom the study leaves out", (*suite).standIns},
		{"stops counting when told to", (*suite).stopCounting},
	}
}

func (s *suite) powers() []check {
	return []check{
		{"serves many at once", (*suite).atOnce},
		{"returns when the caller has gone", (*suite).cancelled},
		{"lists whom it knows", (*suite).people},
		{"stops listing when told to", (*suite).stopListing},
		{"knows how fresh it is", (*suite).watermark},
		{"is there", (*suite).ping},
	}
}

// cannotCount requires that the source cannot count, so that nobody mistakes a partial count for a complete one.
func (s *suite) cannotCount(t *testing.T) {
	if _, counts := s.source.(sources.Counter); counts {
		t.Error("the source counts after all; hold it to how it does")
	}
}

// suite compares one source with the reference.
type suite struct {
	data      Dataset
	source    sources.Source
	reference sources.Source
	manner    Manner
}

// same asks both the same and fails the test if the answers differ.
func (s *suite) same(t *testing.T, parts ...sources.Part) sources.Answer {
	t.Helper()
	query := sources.Query{Caller: sources.Caller{ID: "u", Organisation: "R1H", Role: "R0260", Purpose: "TREAT", RequestID: "r"}, Parts: parts}
	got, err := s.source.Fetch(t.Context(), query)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	want, _ := s.reference.Fetch(t.Context(), query)
	if diff := difference(want, got); diff != "" {
		t.Fatalf("(-want +got) %+v\n%s", parts, diff)
	}
	return got
}

func difference(want, got sources.Answer) string {
	if len(got.Parts) != len(want.Parts) {
		return "another number of parts"
	}
	for i := range want.Parts {
		if diff := cmp.Diff(showPart(want.Parts[i]), showPart(got.Parts[i])); diff != "" {
			return diff
		}
	}
	return ""
}

func (s *suite) everyKind(t *testing.T) {
	records := 0
	for _, person := range append(s.data.Numbers(), nobody()) {
		for _, kind := range clinical.Kinds() {
			answer := s.same(t, everything(person, kind))
			records += len(answer.Parts[0].Records)
		}
	}
	if records < 100 {
		t.Errorf("only %d records: the sample was not loaded", records)
	}
}

// everybody asks for everything about everybody at once.
func (s *suite) everybody(t *testing.T) {
	var parts []sources.Part
	for _, person := range append(s.data.Numbers(), nobody()) {
		for _, kind := range clinical.Kinds() {
			parts = append(parts, everything(person, kind))
		}
	}
	records := 0
	answer := s.same(t, parts...)
	for i := range answer.Parts {
		records += len(answer.Parts[i].Records)
	}
	if answer.RoundTrips != s.trips() || records < 100 {
		t.Errorf("%d round trips, want %d; %d records", answer.RoundTrips, s.trips(), records)
	}
}

// trips is how many round trips a question for every kind takes.
func (s *suite) trips() int {
	if s.manner.ManyRoundTrips {
		return len(clinical.Kinds())
	}
	return 1
}

func (s *suite) fields(t *testing.T) {
	for _, kind := range clinical.Kinds() {
		descriptor := kind.Descriptor()
		part := everything(s.data.Numbers()[0], kind)
		for i := range descriptor.Fields {
			part.Fields = descriptor.Fields[i].Bit
			s.same(t, part)
		}
		part.Fields = 0
		s.same(t, part)
	}
}

func (s *suite) codes(t *testing.T) {
	for _, code := range []clinical.Text{"73211009", "C10..", "c10..", "C10.. ", "K'1", "c10", "%", ""} {
		for _, system := range append(clinical.CodeSystems(), "") {
			part := everything(s.data.Numbers()[0], clinical.KindCondition)
			part.Filter.Codes = []sources.Code{{System: system, Code: code}}
			s.same(t, part)
			part.Filter.Codes = append(part.Filter.Codes, sources.Code{Code: "X40J4"})
			s.same(t, part)
		}
	}
}

func (s *suite) ranges(t *testing.T) {
	for _, from := range []string{"", "1900", "2019-01-01", "2019-01-01T00:00:01", "2020-02-29", "2021"} {
		for _, until := range []string{"", "2019", "2019-01-01T00:00:01", "2020-02-29T10:30", "2030"} {
			part := everything(s.data.Numbers()[0], clinical.KindObservation)
			part.Filter.From, _ = clinical.ParseDateTime(from)
			part.Filter.Until, _ = clinical.ParseDateTime(until)
			s.same(t, part)
		}
	}
}

func (s *suite) statuses(t *testing.T) {
	for _, status := range clinical.Statuses() {
		part := everything(s.data.Numbers()[0], clinical.KindMedication)
		part.Filter.Statuses = []clinical.Status{status}
		s.same(t, part)
		part.Filter.Statuses = append(part.Filter.Statuses, clinical.StatusResolved)
		s.same(t, part)
	}
}

func (s *suite) ofPlan(t *testing.T) {
	found := 0
	for _, kind := range clinical.Kinds() {
		part := everything(s.data.Numbers()[0], kind)
		part.Filter.OfPlan = true
		found += len(s.same(t, part).Parts[0].Records)
		part.Fields &^= kind.Descriptor().Set("planId")
		part.Filter.Statuses = []clinical.Status{clinical.StatusActive}
		s.same(t, part)
	}
	if found == 0 {
		t.Error("the sample has nothing that is part of a plan")
	}
}

// conditions tries every attribute, operator and constant, alone and combined with another.
func (s *suite) conditions(t *testing.T) {
	other := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}}
	for _, attribute := range attributes() {
		var parts []sources.Part
		for _, op := range operators() {
			for _, value := range constants(attribute) {
				atom := condition.Atom{Attribute: attribute, Op: op, Values: []condition.Value{value}}
				for _, released := range []condition.Condition{condition.Where(condition.Clause{atom}),
					condition.Where(condition.Clause{atom, other}), condition.Where(condition.Clause{atom}, condition.Clause{other})} {
					part := everything(s.data.Numbers()[0], clinical.KindCondition)
					part.Condition = released
					parts = append(parts, part)
				}
			}
		}
		for chunk := range slices.Chunk(parts, 20) {
			s.same(t, chunk...)
		}
	}
}

// codeLists tries every list, for a label stored with the record, one stored with the person, and one that is not
// stored.
func (s *suite) codeLists(t *testing.T) {
	never := 0
	for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelSensitive, clinical.LabelHIV} {
		for _, codes := range codeLists() {
			for _, op := range operators() {
				var parts []sources.Part
				for _, value := range []bool{true, false} {
					part := everything(s.data.Numbers()[0], clinical.KindObservation)
					part.Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(label), Op: op,
						Values: []condition.Value{condition.Bool(value)}, Codes: codes}})
					parts = append(parts, part)
				}
				for _, part := range s.same(t, parts...).Parts {
					if codes != nil && op == condition.Equal && label == clinical.LabelHIV && len(part.Records) == 0 {
						never++
					}
				}
			}
		}
	}
	if never > 7 {
		t.Errorf("%d of 14 questions about a label that goes by codes find nothing: the sample has too few codes", never)
	}
}

func (s *suite) never(t *testing.T) {
	for _, kind := range clinical.Kinds() {
		part := everything(s.data.Numbers()[0], kind)
		part.Condition = condition.Never()
		if answer := s.same(t, part, everything(s.data.Numbers()[0], kind)); len(answer.Parts[0].Records) != 0 {
			t.Error("something was released")
		}
	}
}

func (s *suite) pages(t *testing.T) {
	whole := everything(s.data.Numbers()[0], clinical.KindObservation)
	want := showPart(s.same(t, whole).Parts[0])
	for limit := 1; limit <= len(want)+1; limit++ {
		part := whole
		part.Limit = limit
		var got []string
		for {
			page := s.same(t, part).Parts[0]
			got = append(got, showPart(page)...)
			if len(page.Records) < limit {
				break
			}
			part.After = sources.PositionOf(page.Records[limit-1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("pages of %d:\n%s", limit, diff)
		}
	}
}

func (s *suite) positions(t *testing.T) {
	part := everything(s.data.Numbers()[0], clinical.KindProcedure)
	for _, record := range s.same(t, part).Parts[0].Records {
		for _, source := range []clinical.SourceID{"early", "middl", SampleSource, "Middle", "middle2", "zulu"} {
			part.After = sources.PositionOf(record)
			part.After.Source = source
			s.same(t, part)
		}
	}
}

// together asks twice, because a driver may prepare a statement the first time.
func (s *suite) together(t *testing.T) {
	var parts []sources.Part
	for _, person := range s.data.Numbers()[:2] {
		for _, kind := range clinical.Kinds() {
			parts = append(parts, everything(person, kind))
		}
	}
	s.same(t, parts...)
	if answer := s.same(t, parts...); answer.RoundTrips != s.trips() || answer.Bytes == 0 {
		t.Errorf("%d round trips and %d bytes, want %d and some", answer.RoundTrips, answer.Bytes, s.trips())
	}
	if answer := s.same(t); answer.RoundTrips > 1 {
		t.Errorf("%d round trips for no question", answer.RoundTrips)
	}
}

// caps does not prescribe which records remain under a cap, only that each part is a beginning of the complete one and
// says when it is cut.
func (s *suite) caps(t *testing.T) {
	parts := []sources.Part{everything(s.data.Numbers()[0], clinical.KindObservation), everything(s.data.Numbers()[0], clinical.KindContact)}
	whole := s.same(t, parts...)
	total := len(whole.Parts[0].Records) + len(whole.Parts[1].Records)
	for _, limits := range []sources.Limits{{Rows: 1}, {Rows: 3}, {Rows: total - 1}, {Rows: total}, {Rows: total + 1}, {Bytes: 300}, {Bytes: 1 << 20}} {
		answer, err := s.source.Fetch(t.Context(), sources.Query{Parts: parts, Limits: limits})
		if err != nil {
			t.Fatal(err)
		}
		rows, cut := 0, false
		for i, part := range answer.Parts {
			rows += len(part.Records)
			want := whole.Parts[i].Records
			short := len(part.Records) < len(want)
			cut = cut || short
			if diff := cmp.Diff(showPart(sources.PartAnswer{Records: want[:len(part.Records)], Truncated: short}), showPart(part)); diff != "" {
				t.Errorf("%+v part %d:\n%s", limits, i, diff)
			}
		}
		if limits.Rows > 0 && (rows > limits.Rows || cut != (total > limits.Rows)) || limits.Bytes == 300 && !cut || limits.Bytes == 1<<20 && cut {
			t.Errorf("%+v: %d of %d rows", limits, rows, total)
		}
	}
}

func (s *suite) drawn(t *testing.T) {
	q := newQuestioner(1, s.data)
	for range 400 {
		s.same(t, q.query().Parts...)
	}
}
