package openehr_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/aql"
	"onelondon/sources/openehr/ehrstore"
)

// watched is a server that notes what it is asked, and may be told to answer otherwise.
type watched struct {
	store http.Handler

	mu      sync.Mutex
	asked   []string // queries
	params  []map[string]any
	headers []http.Header
	spoil   func(w http.ResponseWriter, query string) bool
}

func (s *watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var sent struct {
		Q          string         `json:"q"`
		Parameters map[string]any `json:"query_parameters"`
	}
	_ = json.Unmarshal(body, &sent)
	s.mu.Lock()
	s.asked, s.params, s.headers = append(s.asked, sent.Q), append(s.params, sent.Parameters), append(s.headers, r.Header.Clone())
	spoil := s.spoil
	s.mu.Unlock()
	if spoil != nil && spoil(w, sent.Q) {
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	s.store.ServeHTTP(w, r)
}

func (s *watched) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.params, s.headers = nil, nil, nil
}

const alertsYAML = `system: alerts
title: Alerts
person:
  from: EHR as e
  nhs_number: e/ehr_status/subject/external_ref/id/value
  organisation: {code: "'R1H'"}
records:
  Registration:
    - id: e/ehr_id/value
      labels: {sealed: false}
      fields: {practice: "'F84003'"}
  Alert:
    - from: COMPOSITION."openEHR-EHR-COMPOSITION.report.v1" as c
      join: [VERSION as v on true, EVALUATION."openEHR-EHR-EVALUATION.alert.v1" as a on true]
      person: true
      id: c/uid/value
      labels: {sealed: "a/data[at0001]/items[at0009]/value/value"}
      fields:
        date: {from: "a/data[at0001]/items[at0002]/value/value", type: iso}
        recorded: {from: v/commit_audit/time_committed/value, type: iso}
        code: {codings: [{system: LOCAL, code: "a/data[at0001]/items[at0003]/value/defining_code/code_string", display: "a/data[at0001]/items[at0003]/value/value"}]}
        note: a/data[at0001]/items[at0004]/value/value
        risk: a/data[at0001]/items[at0005]/value
  Observation:
    - from: COMPOSITION."openEHR-EHR-COMPOSITION.report.v1" as c
      join: [EVALUATION."openEHR-EHR-EVALUATION.value.v1" as a on true]
      person: true
      id: c/uid/value
      labels: {sealed: false}
      fields:
        date: {from: c/context/start_time/value, type: iso}
        value: a/data[at0001]/items[at0002]/value
        unit: a/data[at0001]/items[at0002]/value/units
watermark:
  - {from: VERSION as v, date: {from: v/commit_audit/time_committed/value, type: iso}}
`

func alert(notes []string, elements ...object) object {
	for _, note := range notes {
		elements = append(elements, ehrstore.Element("at0004", "note", ehrstore.Text(note)))
	}
	return entry("openEHR-EHR-EVALUATION.alert.v1", elements...)
}

func entry(archetype string, elements ...object) object {
	e := ehrstore.Entry{Class: "EVALUATION", Archetype: archetype, Name: "entry", DataNode: "at0001", Data: elements}
	return e.Object()
}

func report(content ...object) object {
	c := ehrstore.Composition{Archetype: reportArchetype, Template: "t", Name: "Report", Composer: "x", Start: "2026-07-01T11:00:00Z", Content: content}
	return c.Object()
}

// clinic is a server with one person, and whatever is committed for them.
type clinic struct {
	*watched
	store  *ehrstore.Store
	ehr    string
	source *openehr.Source
	base   string
}

const patient = "9990000018"

func newClinic(t *testing.T, options openehr.Options) *clinic {
	t.Helper()
	store := ehrstore.New("test", func() time.Time { return time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC) })
	ehr, err := store.CreateEHR(ehrstore.Status("nhs", patient, true))
	if err != nil {
		t.Fatal(err)
	}
	c := &clinic{watched: &watched{store: store}, store: store, ehr: ehr}
	c.base = serve(t, c.watched)
	c.source = open(t, c.base, alertsYAML, options)
	c.forget()
	return c
}

func (c *clinic) commit(t *testing.T, composition object) (uid string) {
	t.Helper()
	uid, err := c.store.Commit(c.ehr, composition)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func everything(kind clinical.Kind, digits string, fields ...string) sources.Part {
	number, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		panic(err)
	}
	part := sources.Part{Kind: kind, Person: number, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100}
	if fields != nil {
		part.Fields = kind.Descriptor().Set(fields...)
	}
	return part
}

func (c *clinic) fetch(t *testing.T, part sources.Part) sources.PartAnswer {
	t.Helper()
	answer, err := c.source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Parts[0]
}

func TestOnlyWhatIsAskedForIsSelected(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	part := everything(clinical.KindAlert, patient, "note")
	c.fetch(t, part)
	query := c.asked[0]
	if strings.Contains(query, "at0003") || strings.Contains(query, "at0005") || !strings.Contains(query, "at0004") || !strings.Contains(query, "at0009") {
		t.Errorf("fields that nobody asked for: %s", query)
	}
	// A code that a condition speaks of is needed to decide, and is not shown.
	part.Condition = condition.Where(condition.Clause{{Attribute: condition.Code, Op: condition.Equal, Values: []condition.Value{condition.Text("x")}}})
	c.commit(t, report(alert([]string{"n"}, ehrstore.Element("at0003", "code", ehrstore.Coded("local", "x", "X")))))
	records := c.fetch(t, part).Records
	if !strings.Contains(c.asked[1], "at0003") || len(records) != 1 || records[0].About().Code.Code != "" {
		t.Errorf("%s gave %+v", c.asked[1], records)
	}
	part.Condition = condition.Never()
	if c.fetch(t, part); len(c.asked) != 2 {
		t.Error("somebody was asked about for whom nothing is released")
	}
}

func TestAQueryHoldsNoValueAndIsOneThatTheGrammarKnows(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	query := sources.Query{Caller: sources.Caller{ID: "dr\r\nX: y", Organisation: "R1H", Role: "R0260", Purpose: "TREAT", RequestID: "r1"}}
	for _, digits := range []string{patient, "9990000026"} {
		for _, kind := range []clinical.Kind{clinical.KindAlert, clinical.KindObservation, clinical.KindRegistration} {
			query.Parts = append(query.Parts, everything(kind, digits))
		}
	}
	answer, err := c.source.Fetch(t.Context(), query)
	if err != nil || answer.RoundTrips != 3 || len(c.asked) != 3 {
		t.Errorf("%d round trips for three kinds of two people, %d requests, %v", answer.RoundTrips, len(c.asked), err)
	}
	for i, text := range c.asked {
		if _, err := aql.Parse(text); err != nil || strings.Contains(text, "999000") {
			t.Errorf("%s: %v", text, err)
		}
		if header := c.headers[i]; header.Get("X-OneLondon-Caller") != "dr??X: y" || header.Get("X-OneLondon-Purpose") != "TREAT" || header.Get("X-Request-ID") != "r1" {
			t.Errorf("headers %v", header)
		}
		if !slices.Contains([]string{"p0", "p1"}, keyOf(c.params[i], "9990000026")) {
			t.Errorf("parameters %v", len(c.params[i]))
		}
	}
}

func keyOf(parameters map[string]any, value string) string {
	for key, each := range parameters {
		if each == value {
			return key
		}
	}
	return ""
}

func TestTheNewestVersionCountsAndADeletedOneIsGone(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	first := c.commit(t, report(alert([]string{"first"})))
	second, err := c.store.Replace(c.ehr, first, report(alert([]string{"second"})))
	if err != nil {
		t.Fatal(err)
	}
	records := c.fetch(t, everything(clinical.KindAlert, patient)).Records
	if len(records) != 1 || string(records[0].About().ID) != second || records[0].About().Note != "second" ||
		records[0].About().Recorded.String() != "2026-07-02T10:00:00" { // London is an hour ahead in July
		t.Errorf("got %+v", records)
	}
	if err := c.store.Delete(c.ehr, first); !errors.Is(err, ehrstore.ErrConflict) {
		t.Errorf("a version that is not the newest was deleted: %v", err)
	}
	if err := c.store.Delete(c.ehr, second); err != nil {
		t.Fatal(err)
	}
	if records := c.fetch(t, everything(clinical.KindAlert, patient)).Records; len(records) != 0 {
		t.Errorf("got %+v", records)
	}
}

func TestRowsOfOneCompositionAreOneRecordUnlessTheyContradictEachOther(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	code := func(code string) object {
		return ehrstore.Element("at0003", "code", ehrstore.Coded("local", code, "T"))
	}
	sealed := func(yes bool) object { return ehrstore.Element("at0009", "sealed", ehrstore.Boolean(yes)) }
	uid := c.commit(t, report(alert([]string{"one", "two"}, code("x"), sealed(false)), alert([]string{"three"}, code("x"), sealed(true))))
	records := c.fetch(t, everything(clinical.KindAlert, patient)).Records
	if len(records) != 1 || records[0].About().Note != "one; two; three" || string(records[0].About().ID) != uid {
		t.Fatalf("got %+v", records)
	}
	if sealed, known := records[0].About().Labels.Value(clinical.LabelSealed); !sealed || !known {
		t.Error("what one row seals is not sealed")
	}
	second, err := c.store.Replace(c.ehr, uid, report(alert(nil, code("x"), sealed(true)), alert(nil, code("y"), sealed(false))))
	if err != nil {
		t.Fatal(err)
	}
	records = c.fetch(t, everything(clinical.KindAlert, patient)).Records
	if len(records) != 2 || records[0].About().ID == records[1].About().ID || records[0].About().Code.Code == records[1].About().Code.Code {
		t.Errorf("a contradiction is not shown as one: %+v", records)
	}
	for _, record := range records {
		if sealed, known := record.About().Labels.Value(clinical.LabelSealed); !sealed || !known {
			t.Error("half of a composition that is sealed is not")
		}
	}
	if ids := []clinical.Text{records[0].About().ID, records[1].About().ID}; !slices.Contains(ids, clinical.Text(second)) {
		t.Errorf("neither keeps the composition's id: %v", ids)
	}
}

func TestTheSameRowsInAnyOrderAreTheSameRecord(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	cells := []string{`["id", "9990000018", true, false, "c1", "2026", "b"]`, `["id", "9990000018", true, false, "c1", null, "c"]`, `["id", "9990000018", true, false, "c1", "2025", "a"]`}
	var want string
	for _, order := range [][3]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		c.spoil = func(w http.ResponseWriter, _ string) bool {
			fmt.Fprintf(w, `{"rows": [%s, %s, %s]}`, cells[order[0]], cells[order[1]], cells[order[2]])
			return true
		}
		var got strings.Builder
		for _, record := range c.fetch(t, everything(clinical.KindAlert, patient, "note")).Records {
			fmt.Fprintln(&got, record.About().ID, record.About().Note)
		}
		if want == "" {
			want = got.String()
		}
		if got.String() != want || strings.Count(want, "\n") != 2 {
			t.Errorf("order %v gave\n%swant\n%s", order, got.String(), want)
		}
	}
}

func TestValuesOfTheReferenceModelAreRead(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	quantity := object{"_type": "DV_QUANTITY", "magnitude": json.Number("5.10"), "units": "mmol/L"}
	c.commit(t, report(entry("openEHR-EHR-EVALUATION.value.v1", ehrstore.Element("at0002", "value", quantity))))
	c.commit(t, report(entry("openEHR-EHR-EVALUATION.value.v1", ehrstore.Element("at0002", "value", object{"_type": "DV_COUNT", "magnitude": json.Number("1.0E3")}))))
	c.commit(t, report(entry("openEHR-EHR-EVALUATION.value.v1", ehrstore.Element("at0002", "value", ehrstore.Text("high")))))
	answer := c.fetch(t, everything(clinical.KindObservation, patient))
	var values []string
	for _, record := range answer.Records {
		observation := record.(*clinical.Observation)
		values = append(values, string(observation.Value)+" "+string(observation.Unit))
		if observation.Date.String() != "2026-07-01T12:00:00" {
			t.Errorf("date %v is not London's", observation.Date)
		}
	}
	slices.Sort(values)
	if fmt.Sprint(values) != "[1000  5.10 mmol/L]" || answer.Rejected != 1 {
		t.Errorf("%q, %d rejected", values, answer.Rejected)
	}
	for value, want := range map[*object]string{
		{"_type": "DV_IDENTIFIER", "id": "i1"}: "i1", {"_type": "PARTY_IDENTIFIED", "name": "n"}: "n", {"_type": "DV_URI", "value": "urn:x"}: "urn:x",
		{"_type": "DV_BOOLEAN", "value": true}: "true", {"_type": "DV_QUANTITY", "magnitude": json.Number("2")}: "2",
		{"_type": "DV_PROPORTION", "numerator": json.Number("97"), "denominator": json.Number("100"), "type": json.Number("2")}:                                   "97",
		{"_type": "DV_PROPORTION", "numerator": json.Number("0.4"), "denominator": json.Number("1.0"), "type": json.Number("1"), "magnitude": json.Number("0.4")}: "0.4",
		{"_type": "DV_PROPORTION", "numerator": json.Number("1"), "denominator": json.Number("3"), "type": json.Number("3")}:                                      "",
		{"_type": "DV_MULTIMEDIA", "data": "secret"}: "", {"_type": "DV_ORDINAL", "value": json.Number("3")}: "3",
	} {
		uid := c.commit(t, report(alert(nil, ehrstore.Element("at0005", "risk", *value))))
		record := c.fetch(t, everything(clinical.KindAlert, patient)).Records[0].(*clinical.Alert)
		if string(record.Risk) != want {
			t.Errorf("%v gave %q", *value, record.Risk)
		}
		if err := c.store.Delete(c.ehr, uid); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARowWithADateThatIsNoneIsCountedAndLeftOut(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	for _, date := range []string{"yesterday", "2026-13", "2026-02", "2026-07-01T10:00:00,5Z", "2026-07-01T10:00+01:00"} {
		c.commit(t, report(alert(nil, ehrstore.Element("at0002", "date", ehrstore.DateTime(date)))))
	}
	answer := c.fetch(t, everything(clinical.KindAlert, patient))
	var dates []string
	for _, record := range answer.Records {
		dates = append(dates, record.About().Date.String())
	}
	if fmt.Sprint(dates) != "[2026-07-01T11:00:00 2026-07-01T10:00 2026-02]" || answer.Rejected != 2 {
		t.Errorf("%v, %d rejected", dates, answer.Rejected)
	}
}

func TestAnEHRThatIsNotToBeQueriedIsNotSeen(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	hidden, err := c.store.CreateEHR(ehrstore.Status("nhs", "9990000026", false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.store.Commit(hidden, report(alert([]string{"x"}))); err != nil {
		t.Fatal(err)
	}
	if records := c.fetch(t, everything(clinical.KindAlert, "9990000026")).Records; len(records) != 0 {
		t.Errorf("got %+v", records)
	}
	err = c.source.People(t.Context(), func(m sources.Membership) error {
		if m.Person.Reveal() != patient {
			t.Error("somebody is listed who is not to be seen")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEverybodyIsListedPageByPageWhileEHRsCome(t *testing.T) {
	c := newClinic(t, openehr.Options{Page: 3})
	want := map[string]bool{patient: true}
	for i := 1; len(want) < 25; i++ {
		for check := range 10 {
			digits := fmt.Sprintf("999%06d%d", i, check)
			if _, err := clinical.ParseNHSNumber(digits); err != nil {
				continue
			}
			want[digits] = true
			if _, err := c.store.CreateEHR(ehrstore.Status("nhs", digits, true)); err != nil && digits != patient {
				t.Fatal(err)
			}
		}
	}
	pages := 0
	c.spoil = func(http.ResponseWriter, string) bool {
		pages++ // an EHR that is made meanwhile moves all that follow it
		_, _ = c.store.CreateEHR(ehrstore.Status("other", fmt.Sprint("x", pages), true))
		return pages > 300
	}
	listed := map[string]bool{}
	if err := c.source.People(t.Context(), func(m sources.Membership) error { listed[m.Person.Reveal()] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	for digits := range want {
		if !listed[digits] {
			t.Errorf("%s is missing", digits)
		}
	}
	if pages < 8 {
		t.Errorf("only %d pages", pages)
	}
}

// TestAServerThatPaysNoHeedToOffsetIsNotListedForEver: its first page comes again and again.
func TestAServerThatPaysNoHeedToOffsetIsNotListedForEver(t *testing.T) {
	c := newClinic(t, openehr.Options{Page: 3})
	for i := range 9 {
		if _, err := c.store.CreateEHR(ehrstore.Status("other", fmt.Sprint("x", i), true)); err != nil {
			t.Fatal(err)
		}
	}
	offset := regexp.MustCompile(`OFFSET \d+`)
	c.spoil = func(w http.ResponseWriter, query string) bool {
		body, _ := json.Marshal(map[string]any{"q": offset.ReplaceAllString(query, "OFFSET 0")})
		c.store.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v1/query/aql", bytes.NewReader(body)))
		return true
	}
	err := c.source.People(t.Context(), func(sources.Membership) error { return nil })
	if !errors.Is(err, sources.ErrSchema) || len(c.asked) < 2 || len(c.asked) > 30 {
		t.Errorf("%v after %d questions", err, len(c.asked))
	}
}

func TestACheckSaysWhatIsThereAndWhatIsNot(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	c.commit(t, report(alert([]string{"x"}, ehrstore.Element("at0002", "date", ehrstore.DateTime("2026")))))
	var said []string
	for _, finding := range c.source.Check(t.Context(), sources.CheckOptions{}) {
		said = append(said, string(finding.Severity)+": "+finding.Message)
	}
	want := "note: Registration: 1 records of 1 people, 0 of them with a date\nwarning: Observation: none of 1 people has one\n" +
		"note: Alert: 1 records of 1 people, 1 of them with a date\nnote: the server finds what is asked for: Alert by dates\nnote: the newest entry is of 2026-07-02"
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	c.spoil = func(w http.ResponseWriter, query string) bool {
		if strings.Contains(query, "alert.v1") {
			w.WriteHeader(http.StatusBadRequest)
			return true
		}
		return false
	}
	c.faults(t, 1, "cannot be asked for")
}

func TestACheckFindsAServerThatLosesWhatItIsAskedFor(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	c.commit(t, report(alert([]string{"x"}, withCode("c1"))))
	c.spoil = func(w http.ResponseWriter, query string) bool {
		if strings.Contains(query, "SELECT c/uid/value FROM") {
			_, _ = w.Write([]byte(`{"rows": []}`))
			return true
		}
		return false
	}
	c.faults(t, 1, "a record that was just read is not found by codes")
}

// faults holds a check to so many faults, each with a line of the mapping and of these words.
func (c *clinic) faults(t *testing.T, want int, words string) {
	t.Helper()
	faults := 0
	for _, finding := range c.source.Check(t.Context(), sources.CheckOptions{}) {
		if finding.Severity == sources.Fault && finding.Line > 0 && strings.Contains(finding.Message, words) {
			faults++
		}
	}
	if faults != want {
		t.Errorf("%d faults", faults)
	}
}

func TestTheCallersEndEndsTheQuestion(t *testing.T) {
	c := newClinic(t, openehr.Options{})
	slow := make(chan struct{})
	defer close(slow)
	c.spoil = func(http.ResponseWriter, string) bool { <-slow; return true }
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := c.source.Fetch(ctx, sources.Query{Parts: []sources.Part{everything(clinical.KindAlert, patient)}})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 2*time.Second {
		t.Errorf("got %v after %v", err, time.Since(begun))
	}
}

func TestAServerThatIsNotThereOrSpeaksOtherwiseIsNotOpened(t *testing.T) {
	stopped := httptest.NewServer(http.NotFoundHandler())
	stopped.Close()
	wrong := httptest.NewServer(http.NotFoundHandler())
	defer wrong.Close()
	c := newClinic(t, openehr.Options{})
	for _, base := range []string{stopped.URL, wrong.URL, "ftp://x", "https://u:p@x/", "https://x/?a=b", ":", ""} {
		options := openehr.Options{ID: "x", Base: base, Mapping: mappingOf(t, alertsYAML)}
		if source, err := openehr.Open(t.Context(), options); err == nil {
			t.Errorf("%s was opened: %v", base, source.Holds())
		}
	}
	if held := c.source.Holds(); fmt.Sprint(held) != "[Registration Observation Alert]" {
		t.Errorf("holds %v", held)
	}
}
