package mappings_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/careplans"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/openehr/ehrstore"
)

// The people whose plans the tests keep: a plan and a later one that contradicts it; a plan whose second version counts; one that was
// deleted; one whose consent is withheld; one with everything on it; one of
// advance intervention decisions; nobody's.
const (
	contradicted, revised, deleted, dissenting, complete, decided, unknown = "9991000011", "9991000038", "9991000046", "9991000054", "9991000062", "9991000089", "9991000070"
)

func plansMapping(t *testing.T) *mapping.Mapping {
	t.Helper()
	data, err := os.ReadFile("openehr-care-plans.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.LoadPaths("openehr-care-plans.yaml", data, map[string]string{"organisation": "QWE", "organisation_name": "South West London ICB",
		"namespace": "nhs-number"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ehrServer fills an openEHR server over its REST API.
type ehrServer struct {
	t    *testing.T
	base string
}

func (s *ehrServer) send(method, path, contentType string, body []byte, header ...string) string {
	s.t.Helper()
	sent, err := http.NewRequestWithContext(s.t.Context(), method, s.base+"/v1/"+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	sent.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		sent.Header.Set(header[i], header[i+1])
	}
	reply, err := http.DefaultClient.Do(sent)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 2000))
		s.t.Fatalf("%s %s: status %d: %s", method, path, reply.StatusCode, said)
	}
	return strings.Trim(reply.Header.Get("ETag"), `"`)
}

func (s *ehrServer) object(method, path string, body careplans.Object, header ...string) string {
	s.t.Helper()
	written, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(method, path, "application/json", written, header...)
}

func (s *ehrServer) ehr(number string) string {
	s.t.Helper()
	return s.object(http.MethodPost, "ehr", ehrstore.Status("nhs-number", number, true))
}

func (s *ehrServer) commit(ehr string, composition careplans.Object) string {
	s.t.Helper()
	return s.object(http.MethodPost, "ehr/"+ehr+"/composition", composition)
}

// fill makes the people and their plans, and returns the uid of the version that counts of the revised one.
func (s *ehrServer) fill() (second string) {
	s.t.Helper()
	first := s.ehr(contradicted)
	s.commit(first, careplans.Plan{Made: "2025-11-02T09:00:00Z", Composer: "Dr Ann Other", CPR: careplans.NotForCPR(), CPRDate: "2025-11",
		Consent: careplans.Shared(), ConsentDate: "2025-11-02T09:00:00Z"}.EndOfLife())
	s.commit(first, careplans.Plan{Made: "2026-06-01T16:30:00+01:00", Composer: "Sr Bea Last", CPR: careplans.ForCPR(), CPRDate: "2026-06-01T16:00:00+01:00",
		Wishes: []string{"To see my dog", "No needles"}, ADRT: "Advance decision to refuse treatment", ADRTLocation: "In the kitchen drawer",
		Attorney: "Daughter", HasCapacity: true, Recommendation: "Hospital for reversible illness"}.ReSPECT())

	ehr := s.ehr(revised)
	plan := careplans.Plan{Made: "2026-01-01T10:00:00Z", Composer: "Dr Ann Other", CPR: careplans.ForCPR(), Consent: careplans.Shared()}
	uid := s.commit(ehr, plan.EndOfLife())
	plan.CPR = careplans.NotForCPR()
	id, _, _ := strings.Cut(uid, "::")
	second = s.object(http.MethodPut, "ehr/"+ehr+"/composition/"+id, plan.EndOfLife(), "If-Match", uid)

	ehr = s.ehr(deleted)
	s.send(http.MethodDelete, "ehr/"+ehr+"/composition/"+s.commit(ehr, plan.EndOfLife()), "application/json", nil)

	ehr = s.ehr(dissenting)
	plan.Consent = careplans.NotShared()
	s.commit(ehr, plan.EndOfLife())
	s.commit(ehr, careplans.Plan{Made: "2024-01-01T10:00:00Z", Composer: "Sr Bea Last", CPR: careplans.ForCPR()}.ReSPECT())

	ehr = s.ehr(complete)
	care, death := careplans.Home()
	hospice, inHospice := careplans.Hospice()
	s.commit(ehr, careplans.Plan{Made: "2026-02-03T04:05:06Z", Composer: "Dr Ann Other", Organisation: "RYX", OrganisationName: "Central London Community",
		CPR: careplans.NotForCPR(), CPRDate: "2026-02", CPRReview: "2026-08-01T00:00:00Z", Discussed: true, FormLocation: "By the front door",
		Recommendation: "Comfort at home", Care: care, CareSecond: hospice, Death: death, DeathSecond: inHospice, Wishes: []string{"Windows open"},
		Medicines: []careplans.Medicine{{Name: "Morphine sulfate 10mg/1ml injection", Location: "Fridge"}, {Name: "Midazolam 10mg/2ml injection", Location: "Fridge"}},
		Consent:   careplans.Shared(), ConsentDate: "2026-02-03T04:00:00Z"}.EndOfLife())

	ehr = s.ehr(decided)
	recommended, not := careplans.Coded{Code: "at0035", Term: "Recommended"}, careplans.Coded{Code: "at0037", Term: "Not recommended"}
	s.commit(ehr, careplans.Plan{Made: "2026-05-01T10:00:00Z", Composer: "Dr Ann Other", CPR: careplans.NotForCPR(), CPRDate: "2026-04-30", CPRReview: "2026-10-01T09:00:00Z",
		Recommendation: "Ward care"}.Interventions(careplans.Coded{Code: "at0005", Term: "Supportive"},
		careplans.Intervention{What: careplans.Coded{Code: "at0032", Term: "Transfer to hospital"}, Decision: recommended},
		careplans.Intervention{What: careplans.Coded{Code: "at0033", Term: "Transfer to Intensive Care"}, Decision: not}))
	return second
}

// onEachServer runs a test against the strict server and against EHRbase.
func onEachServer(t *testing.T, test func(t *testing.T, source *openehr.Source, second string)) {
	open := func(t *testing.T, base string) *openehr.Source {
		t.Helper()
		source, err := openehr.Open(t.Context(), openehr.Options{ID: "plans", Base: base, Mapping: plansMapping(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = source.Close() })
		return source
	}
	t.Run("strict server", func(t *testing.T) {
		served := httptest.NewServer(ehrstore.New("test", time.Now))
		t.Cleanup(served.Close)
		second := (&ehrServer{t, served.URL}).fill()
		test(t, open(t, served.URL), second)
	})
	t.Run("EHRbase", func(t *testing.T) {
		into := &ehrServer{t, testkit.EHRbase(t)}
		shared := testkit.Shared(t, "data/openehr-acp")
		for _, name := range []string{"EA_-_End_of_life_Care.v0", "EA_-_ReSPECT-3.v0"} {
			_, opt, err := adl.Design(filepath.Join(shared, "templates", name+".t.json"), filepath.Join(shared, "archetypes"))
			if err != nil {
				t.Fatal(err)
			}
			into.send(http.MethodPost, "definition/template/adl1.4", "application/xml", opt)
		}
		archetype := func(id string) *adl.Archetype {
			read, err := adl.ReadArchetype(filepath.Join(shared, "archetypes", id+".adl"))
			if err != nil {
				t.Fatal(err)
			}
			return read
		}
		into.send(http.MethodPost, "definition/template/adl1.4", "application/xml", adl.OperationalTemplate("Advance intervention decisions",
			archetype("openEHR-EHR-COMPOSITION.advance_care.v0"), adl.Filled(archetype("openEHR-EHR-EVALUATION.advance_intervention_decisions.v1"))))
		second := into.fill()
		test(t, open(t, into.base), second)
	})
}

func number(t *testing.T, digits string) clinical.NHSNumber {
	t.Helper()
	read, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func plansOf(t *testing.T, source *openehr.Source, people ...string) [][]clinical.Record {
	t.Helper()
	return recordsOf(t, source, clinical.KindUrgentCarePlan, people...)
}

func recordsOf(t *testing.T, source *openehr.Source, kind clinical.Kind, people ...string) [][]clinical.Record {
	t.Helper()
	var query sources.Query
	for _, digits := range people {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: number(t, digits), Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100})
	}
	answer, err := source.Fetch(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all := make([][]clinical.Record, len(people))
	for i := range answer.Parts {
		if answer.Parts[i].Rejected != 0 || answer.Parts[i].Truncated {
			t.Errorf("part %d: %d rejected, truncated %t", i, answer.Parts[i].Rejected, answer.Parts[i].Truncated)
		}
		all[i] = answer.Parts[i].Records
	}
	return all
}

func TestPlansAreReadFromTheRealTemplates(t *testing.T) {
	onEachServer(t, func(t *testing.T, source *openehr.Source, second string) {
		found := plansOf(t, source, contradicted, revised, deleted, dissenting, complete, unknown, decided)
		var counts []int
		for _, plans := range found {
			counts = append(counts, len(plans))
		}
		if diff := cmp.Diff([]int{2, 1, 0, 2, 1, 0, 1}, counts); diff != "" {
			t.Fatalf("plans of each person (-want +got) %s", diff)
		}
		respect, earlier := found[0][0].(*clinical.UrgentCarePlan), found[0][1].(*clinical.UrgentCarePlan)
		if respect.CPRDecision.Code != "450475007" || earlier.CPRDecision.Code != "450476008" {
			t.Errorf("CPR decisions %v and %v", respect.CPRDecision, earlier.CPRDecision)
		}
		if got := found[1][0].About().ID; string(got) != second || !strings.HasSuffix(second, "::2") {
			t.Errorf("version %s, want %s", got, second)
		}
		shared := func(record clinical.Record) string {
			set, known := record.About().Labels.Value(clinical.LabelPlanShared)
			return fmt.Sprint(set, known)
		}
		if shared(earlier) != "true true" || shared(found[3][0]) != "false true" || shared(found[3][1]) != "false true" || shared(respect) != "false false" {
			t.Errorf("shared: %s, %s, %s, %s", shared(earlier), shared(found[3][0]), shared(found[3][1]), shared(respect))
		}
		if diff := cmp.Diff(wantComplete(), says(found[4][0])); diff != "" {
			t.Errorf("(-want +got) %s", diff)
		}
		if diff := cmp.Diff(wantRespect(), says(respect)); diff != "" {
			t.Errorf("(-want +got) %s", diff)
		}
		if diff := cmp.Diff(wantDecided(), says(found[6][0])); diff != "" {
			t.Errorf("(-want +got) %s", diff)
		}
		medicines := recordsOf(t, source, clinical.KindMedication, complete)[0]
		if len(medicines) != 2 || medicines[0].About().Plan != found[4][0].About().ID || medicines[0].About().Code.Text == medicines[1].About().Code.Text {
			t.Errorf("medicines %+v", medicines)
		}
		for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
			if finding.Severity == sources.Fault || finding.Severity == sources.Warning {
				t.Errorf("%+v", finding)
			}
		}
	})
}

// Consent is to the record of somebody's plans, so a refusal in one composition holds for the older ones, as it does in Coordinate My Care.
func TestARefusalInOneCompositionHoldsForTheOthers(t *testing.T) {
	served := httptest.NewServer(ehrstore.New("test", time.Now))
	t.Cleanup(served.Close)
	into := &ehrServer{t, served.URL}
	yes, no := careplans.Shared(), careplans.NotShared()
	cases := []struct {
		number string
		plans  []careplans.Plan
		shared string // of each, newest first
	}{
		{"9991000100", []careplans.Plan{{Made: "2024-01-01T10:00:00Z", Consent: yes}, {Made: "2025-01-01T10:00:00Z", Consent: no}}, "no no"},
		{"9991000119", []careplans.Plan{{Made: "2024-01-01T10:00:00Z", Consent: no}, {Made: "2025-01-01T10:00:00Z", Consent: yes}}, "yes no"},
		{"9991000127", []careplans.Plan{{Made: "2024-01-01T10:00:00Z", Consent: yes}, {Made: "2025-01-01T10:00:00Z", Consent: yes}}, "yes yes"},
		{"9991000135", []careplans.Plan{{Made: "2024-01-01T10:00:00Z", Consent: yes, ConsentDate: "2025-06-01T10:00:00Z"}, {Made: "2025-01-01T10:00:00Z", Consent: no}}, "no yes"},
		{"9991000143", []careplans.Plan{{Made: "2024-01-01T10:00:00Z", Consent: yes}, {Made: "2025-01-01T10:00:00Z", Consent: no, ConsentDate: "2023"}}, "no yes"},
		{"9991000151", []careplans.Plan{{Made: "2024-01-01T10:00:00Z"}, {Made: "2025-01-01T10:00:00Z", Consent: no}}, "no no"},
	}
	for _, one := range cases {
		ehr := into.ehr(one.number)
		for _, plan := range one.plans {
			plan.Composer, plan.CPR = "Dr Ann Other", careplans.ForCPR()
			into.commit(ehr, plan.EndOfLife())
		}
	}
	source, err := openehr.Open(t.Context(), openehr.Options{ID: "plans", Base: served.URL, Mapping: plansMapping(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	narrow, err := openehr.Open(t.Context(), openehr.Options{ID: "plans", Base: served.URL, Mapping: plansMapping(t), Read: sources.Limits{Rows: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = narrow.Close() })
	kind := clinical.KindUrgentCarePlan
	before, _ := clinical.ParseDateTime("2024-06-01")
	for _, one := range cases {
		part := sources.Part{Kind: kind, Person: number(t, one.number), Fields: kind.Descriptor().Set("date", "cprDecision"), Condition: condition.Always(), Limit: 10}
		older := part
		older.Filter.Until = before // the refusal may stand in what is not asked for
		answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part, older}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, record := range answer.Parts[0].Records {
			got = append(got, sharing(record))
		}
		if strings.Join(got, " ") != one.shared {
			t.Errorf("%s: got %v, want %s", one.number, got, one.shared)
		}
		if cut, err := narrow.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}}); err != nil || !cut.Parts[0].Truncated || sharing(cut.Parts[0].Records[0]) == "yes" {
			t.Errorf("%s: where not all is read, a plan is shared: %v", one.number, err)
		}
		if alone := answer.Parts[1].Records; len(alone) != 1 || sharing(alone[0]) != got[1] {
			t.Errorf("%s: asked for the older alone, it is %v, want %s", one.number, alone, got[1])
		}
	}
}

func sharing(plan clinical.Record) string {
	shared, known := plan.About().Labels.Value(clinical.LabelPlanShared)
	switch {
	case !known:
		return "unknown"
	case shared:
		return "yes"
	}
	return "no"
}

// says is what a record says, by field, without when it was written down.
func says(record clinical.Record) map[string]string {
	all := map[string]string{}
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		if value := field.In(record); !value.IsZero() && field.Name != "recorded" {
			all[field.Name] = fmt.Sprint(value.Interface())
		}
	}
	return all
}

func wantComplete() map[string]string {
	return map[string]string{
		"code": "{{SNOMED_CT 736373009 End of life care plan}  []}", "date": "2026-02-03T04:05:06", "status": "ACTIVE", "author": "Dr Ann Other",
		"publisher": "RYX", "reviewDate": "2026-08-01T01:00:00",
		"cprDecision": "{{SNOMED_CT 450476008 Not for attempted cardiopulmonary resuscitation}  [{LOCAL at0005 CPR attempts not recommended adult or child.}]}",
		"cprDate":     "2026-02", "cprReviewDate": "2026-08-01T01:00:00", "cprPersonInvolved": "Resuscitation discussed with patient",
		"cprFormLocation": "By the front door", "ceilingOfTreatmentDetail": "Comfort at home",
		"preferredPlaceOfCareFirst":  "{{LOCAL at0006 Preferred place of care - home}  []}",
		"preferredPlaceOfCareSecond": "{{LOCAL at0007 Preferred place of care - hospice}  []}",
		"preferredPlaceOfDeathFirst": "{{SNOMED_CT 110481000000108 Preferred place of death: home}  [{LOCAL at0016 Preferred place of death: home}]}",
		"preferredPlaceOfDeathSecond": "{{SNOMED_CT 108401000000102 Preferred place of death: hospice}  " +
			"[{LOCAL at0017 Preferred place of death: hospice}]}",
		"anticipatoryMedicinesStatus":   "{{LOCAL at0005 Anticipatory medication in place}  []}",
		"anticipatoryMedicinesLocation": "Fridge", "whatMattersToMe": "Windows open",
		"consentDecision": "{{SNOMED_CT 882921000000109 Consent for electronic palliative care upload}  " +
			"[{LOCAL at0014 Consent for electronic palliative care upload}]}",
		"consentDate": "2026-02-03T04:00:00",
	}
}

func wantRespect() map[string]string {
	return map[string]string{
		"code": "{{SNOMED_CT 1382601000000107 ReSPECT (Recommended Summary Plan for Emergency Care and Treatment) form}  []}",
		"date": "2026-06-01T16:30:00", "status": "ACTIVE", "author": "Sr Bea Last", "cprDate": "2026-06-01T16:00:00",
		"cprDecision":              "{{SNOMED_CT 450475007 For attempted cardiopulmonary resuscitation}  [{LOCAL at0004 CPR attempts recommended adult or child}]}",
		"ceilingOfTreatmentDetail": "Hospital for reversible illness", "adrtDecision": "{{  } Advance decision to refuse treatment: Present []}",
		"adrtLocation": "In the kitchen drawer", "whatMattersToMe": "No needles; To see my dog",
		"capacityFinding": "{{LOCAL at0003 Has capacity}  []}", "legalAuthorityRepresentative": "Daughter",
		"legalAuthorityFinding": "{{  } Lasting power of attorney for health and welfare: Present []}",
	}
}

func wantDecided() map[string]string {
	return map[string]string{
		"code": "{{SNOMED_CT 735324008 Treatment escalation plan}  []}", "date": "2026-04-30", "status": "ACTIVE", "author": "Dr Ann Other",
		"reviewDate":                 "2026-10-01T10:00:00",
		"cprDecision":                "{{SNOMED_CT 450476008 Not for attempted cardiopulmonary resuscitation}  [{LOCAL at0012 No CPR}]}",
		"ceilingOfTreatmentDecision": "{{LOCAL at0005 Supportive}  []}", "ceilingOfTreatmentDetail": "Ward care",
		"note": "Transfer to Intensive Care: Not recommended; Transfer to hospital: Recommended",
	}
}
