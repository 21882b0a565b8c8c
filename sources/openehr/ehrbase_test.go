package openehr_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/sourcetest"
)

// server is a running openEHR server, as whoever fills it sees it.
type server struct{ base string }

var asking = &http.Client{Timeout: time.Minute}

// send sends a request and returns the id that the reply names.
func (s *server) send(method, path, contentType string, body []byte, header ...string) (id string, err error) {
	sent, err := http.NewRequest(method, s.base+"/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	sent.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		sent.Header.Set(header[i], header[i+1])
	}
	reply, err := asking.Do(sent)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if reply.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 2000))
		return "", fmt.Errorf("%s %s: status %d: %s", method, path, reply.StatusCode, said)
	}
	return strings.Trim(reply.Header.Get("ETag"), `"`), nil
}

func (s *server) sendJSON(method, path string, body object, header ...string) (string, error) {
	written, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	return s.send(method, path, "application/json", written, header...)
}

// CreateEHR makes an EHR.
func (s *server) CreateEHR(status object) (string, error) {
	return s.sendJSON(http.MethodPost, "ehr", status)
}

// Commit stores a composition.
func (s *server) Commit(ehr string, composition object) (string, error) {
	return s.sendJSON(http.MethodPost, "ehr/"+ehr+"/composition", composition)
}

// suiteOPT is the template of the suite's compositions, which lets anything through.
func suiteOPT() []byte {
	category := adl.Object{Type: "DV_CODED_TEXT", Occurs: adl.Interval{Low: 1, High: 1}}
	report := &adl.Archetype{ID: reportArchetype, Terms: map[string]adl.Term{"at0000": {Text: "Report", Description: "Report"}},
		Definition: adl.Object{Type: "COMPOSITION", Node: "at0000", Occurs: adl.Interval{Low: 1, High: 1},
			Attributes: []adl.Attribute{{Name: "category", Children: []adl.Object{category}}}}}
	var entries []adl.Object
	for _, kind := range clinical.Kinds() {
		entries = append(entries, adl.Open(entryArchetype(kind)))
	}
	return adl.OperationalTemplate(suiteTemplate, report, entries...)
}

// seconds is the sample with times to the second: EHRbase writes 10:30 as 10:30:00.
func seconds() sourcetest.Dataset {
	data := sourcetest.Sample()
	for _, person := range data.People {
		for _, record := range person.Records {
			descriptor := record.Kind().Descriptor()
			for i := range descriptor.Fields {
				date, ok := descriptor.Fields[i].In(record).Addr().Interface().(*clinical.DateTime)
				if ok && date.Precision() == clinical.PrecisionMinute {
					*date = clinical.NewDateTime(date.At(), clinical.PrecisionSecond)
				}
			}
		}
	}
	return data
}

func TestEHRbasePassesTheConformanceSuite(t *testing.T) {
	run := sourcetest.RunBriefly
	if testkit.Proving() {
		run = sourcetest.RunOverAs
	}
	data := seconds()
	base := ""
	run(t, data, sourcetest.Manner{ManyRoundTrips: true}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		into := &server{testkit.EHRbase(t)}
		if _, err := into.send(http.MethodPost, "definition/template/adl1.4", "application/xml", suiteOPT()); err != nil {
			t.Fatal(err)
		}
		if err := load(into, data); err != nil {
			t.Fatal(err)
		}
		base = into.base
		return open(t, into.base, mappingYAML(), openehr.Options{})
	})
	t.Run("finds what it is told", func(t *testing.T) { findsWhatItIsTold(t, base, data) })
	t.Run("knows of each kind how fresh it is", func(t *testing.T) { knowsHowFreshEachKindIs(t, base, data) })
}

// findsWhatItIsTold asks by codes, statuses and dates, which the server is told of however few rows there are, and holds what comes to the
// reference.
func findsWhatItIsTold(t *testing.T, base string, data sourcetest.Dataset) {
	source, reference, records := open(t, base, mappingYAML(), openehr.Options{Whole: 1}), data.Memory(), 0
	kinds := []clinical.Kind{clinical.KindCondition}
	if testkit.Proving() {
		kinds = clinical.Kinds()
	}
	from, _ := clinical.ParseDateTime("2019-01-01")
	until, _ := clinical.ParseDateTime("2020-03-01")
	for name, filter := range map[string]sources.Filter{
		"codes":    {Codes: []sources.Code{{System: clinical.SNOMED, Code: "73211009"}, {Code: "X40J4"}}},
		"statuses": {Statuses: []clinical.Status{clinical.Statuses()[0], clinical.Statuses()[1]}},
		"from":     {From: from},
		"until":    {Until: until},
		"a range":  {From: from, Until: until},
	} {
		for _, kind := range kinds {
			var query sources.Query
			for _, person := range data.Numbers() {
				query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Filter: filter, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 1000})
			}
			got, err := source.Fetch(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := reference.Fetch(t.Context(), query)
			for i := range want.Parts {
				records += len(want.Parts[i].Records)
				if diff := cmp.Diff(idsOf(want.Parts[i].Records), idsOf(got.Parts[i].Records)); diff != "" {
					t.Errorf("%s by %s (-want +got): %s", kind, name, diff)
				}
			}
		}
	}
	if records < 50 {
		t.Errorf("only %d records were asked for", records)
	}
	if !testkit.Proving() {
		return
	}
	for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
		if finding.Matter == sources.MatterAbility && (finding.Severity != sources.Note || strings.Contains(finding.Message, "cannot be told")) {
			t.Errorf("%s: %s", finding.Severity, finding.Message)
		}
	}
}

// knowsHowFreshEachKindIs asks for the watermark of one kind alone, of each, and holds it to what the strict server says of the same people.
func knowsHowFreshEachKindIs(t *testing.T, base string, data sourcetest.Dataset) {
	store := ehrstore.New("test", time.Now)
	if err := load(store, data); err != nil {
		t.Fatal(err)
	}
	strict := serve(t, store)
	for kind, yaml := range watermarks() {
		want, wrong := open(t, strict, yaml, openehr.Options{}).Watermark(t.Context())
		got, err := open(t, base, yaml, openehr.Options{}).Watermark(t.Context())
		if err != nil || wrong != nil || got != want || got.IsZero() {
			t.Errorf("%s is as fresh as %v, want %v (%v, %v)", kind, got, want, err, wrong)
		}
	}
}

func TestEHRbaseListsTheTemplatesThatItHas(t *testing.T) {
	into := &server{testkit.EHRbase(t)}
	id, opt := planTemplate(t)
	if _, err := into.send(http.MethodPost, "definition/template/adl1.4", "application/xml", opt); err != nil {
		t.Fatal(err)
	}
	store := ehrstore.New("test", time.Now)
	if err := store.PutTemplate(opt); err != nil {
		t.Fatal(err)
	}
	_, want, err := openehr.Templates(t.Context(), openehr.Options{ID: "x", Base: serve(t, store)})
	if err != nil || len(want) < 5 {
		t.Fatalf("%d entries, %v", len(want), err)
	}
	listed, got, err := openehr.Templates(t.Context(), openehr.Options{ID: "x", Base: into.base})
	if err != nil || !slices.ContainsFunc(listed, func(one openehr.Template) bool { return one.ID == id }) {
		t.Fatalf("%v, %v", listed, err)
	}
	for _, entry := range want {
		at := slices.IndexFunc(got, func(other openehr.Entry) bool { return other.Archetype == entry.Archetype })
		if at < 0 {
			t.Errorf("%s is not listed", entry.Archetype)
			continue
		}
		if diff := cmp.Diff(entry, got[at]); diff != "" {
			t.Errorf("(-strict server +EHRbase) %s", diff)
		}
	}
}
