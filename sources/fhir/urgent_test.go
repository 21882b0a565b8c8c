package fhir_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/sourcetest"
)

// unit is a resource of somebody with a code of SNOMED CT, more of it as JSON.
func unit(t *testing.T, name, id, code, more string) object {
	t.Helper()
	one := parsed(t, "{"+more+"}")
	one["resourceType"], one["id"], one["meta"] = name, id, object{"security": []any{object{"system": confidential, "code": "N"}}}
	concept := object{"coding": []any{object{"system": "http://snomed.info/sct", "code": code}}}
	switch name {
	case "CarePlan", "Consent":
		one["category"] = []any{concept}
	case "RelatedPerson":
		one["relationship"] = []any{concept}
	default:
		one["code"] = concept
	}
	switch name {
	case "Consent", "RelatedPerson":
		one["patient"] = object{"reference": "Patient/p1"}
	default:
		one["subject"] = object{"reference": "Patient/p1"}
	}
	if name == "Consent" {
		one["scope"] = object{"coding": []any{object{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}}}
	}
	return one
}

const (
	forResuscitation     = "450475007"
	againstResuscitation = "450476008"
	givenConsent         = "882921000000109"
	withdrawnConsent     = "882941000000102"
)

// wholePlan is a person's plan as NHS England's End of Life API has it, in R4: the CarePlan at the head and every atomic unit.
func wholePlan(t *testing.T) []object {
	t.Helper()
	return patient(
		unit(t, "CarePlan", "plan", "1107891000000106", `"status": "active", "intent": "plan", "period": {"start": "2026-05-01", "end": "2027-05-01"}, "author": {"display": "Dr Ade"}`),
		unit(t, "Flag", "cpr", againstResuscitation, `"status": "active", "period": {"start": "2026-05-01", "end": "2026-11-01"}, "author": {"display": "Dr Ade"}`),
		unit(t, "Flag", "adrt", "816321000000109", `"status": "active", "period": {"start": "2026-04-01"}`),
		unit(t, "Flag", "lpa", "816381000000105", `"status": "active"`),
		unit(t, "Flag", "register", "1403151000000103", `"status": "active"`),
		unit(t, "Flag", "falls", "129839007", `"status": "active"`),
		unit(t, "RelatedPerson", "daughter", "816381000000105", `"active": true, "name": [{"text": "Ama Boateng"}], "telecom": [{"system": "phone", "value": "020 7946 0001"}]`),
		unit(t, "RelatedPerson", "late-husband", "816381000000105", `"name": [{"text": "Not Any More"}], "period": {"end": "2020-01-01"}`),
		unit(t, "RelatedPerson", "neighbour", "75226009", `"active": true, "name": [{"text": "Not Asked"}]`),
		unit(t, "Observation", "prognosis", "968211000000101", `"status": "final", "effectiveDateTime": "2026-04-20"`),
		unit(t, "Observation", "home", "110481000000108", `"status": "final", "effectiveDateTime": "2026-05-01"`),
		unit(t, "Observation", "hospice", "395091006", `"status": "final", "effectiveDateTime": "2026-04-01", "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "108401000000102"}]}`),
		unit(t, "Observation", "talked", "713079002", `"status": "final", "effectiveDateTime": "2026-05-01", "note": [{"text": "Discussed at home"}]`),
		unit(t, "Observation", "family", "713656002", `"status": "final", "effectiveDateTime": "2026-05-01", "valueString": "With her daughter"`),
		unit(t, "Observation", "box", "376201000000102", `"status": "final", "effectiveDateTime": "2026-05-02", "note": [{"text": "Fridge, blue box"}]`),
		unit(t, "Observation", "wish", "816281000000101", `"status": "final", "effectiveDateTime": "2026-05-01", "valueString": "My garden"`),
		unit(t, "Observation", "pulse", "364075005", `"status": "final", "effectiveDateTime": "2026-05-01"`),
		unit(t, "Consent", "consent", givenConsent, `"status": "active", "dateTime": "2026-05-01", "performer": [{"display": "Dr Ade"}], "provision": {"type": "permit"}`))
}

func plansOf(t *testing.T, source sources.Source, fields ...string) sources.PartAnswer {
	t.Helper()
	person, _ := clinical.ParseNHSNumber(somebody)
	part := sources.Part{Kind: clinical.KindUrgentCarePlan, Person: person, Fields: clinical.KindUrgentCarePlan.Descriptor().All(), Condition: condition.Always(), Limit: 50}
	if len(fields) > 0 {
		part.Fields = clinical.KindUrgentCarePlan.Descriptor().Set(fields...)
	}
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Parts[0]
}

func TestAPlanIsPutTogetherFromItsAtomicUnits(t *testing.T) {
	base := testkit.HAPI(t)
	for _, resource := range wholePlan(t) {
		written, _ := json.Marshal(resource)
		load(t, base, parsed(t, strings.NewReplacer(`"p1"`, `"planned"`, `Patient/p1`, `Patient/planned`).Replace(string(written))))
	}
	for name, source := range map[string]sources.Source{"batch": open(t, serve(t, wholePlan(t)...), fhir.Options{}),
		"one by one": open(t, serve(t, wholePlan(t)...), fhir.Options{NoBatch: true}), "HAPI": openAt(t, base, fhir.Options{})} {
		found := plansOf(t, source)
		if len(found.Records) != 1 || found.Rejected != 0 {
			t.Fatalf("%s: %d plans, %d rejected", name, len(found.Records), found.Rejected)
		}
		p := found.Records[0].(*clinical.UrgentCarePlan)
		got := []string{string(p.ID), string(p.Code.Code), p.Date.String(), p.End.String(), string(p.Status), string(p.Author),
			string(p.CPRDecision.Code), p.CPRDate.String(), p.CPRReviewDate.String(), string(p.CPRResponsible), string(p.CPRPersonInvolved), string(p.CPROthersInvolved),
			string(p.ADRTDecision.Code), p.ADRTDate.String(), string(p.LegalFinding.Code), string(p.LegalRepresentative), string(p.LegalContact),
			string(p.RegisterFinding.Code), string(p.PrognosisEstimate.Code), p.PrognosisDate.String(), string(p.DeathFirst.Code), string(p.DeathSecond.Code),
			string(p.MedicinesStatus.Code), string(p.MedicinesLocation), string(p.AdvanceStatement), string(p.ConsentDecision.Code), p.ConsentDate.String(),
			string(p.ConsentObtainedBy), labelsShown(p)}
		want := []string{"plan", "1107891000000106", "2026-05-01", "2027-05-01", "ACTIVE", "Dr Ade",
			againstResuscitation, "2026-05-01", "2026-11-01", "Dr Ade", "Discussed at home", "With her daughter",
			"816321000000109", "2026-04-01", "816381000000105", "Ama Boateng", "020 7946 0001",
			"1403151000000103", "968211000000101", "2026-04-20", "110481000000108", "108401000000102",
			"376201000000102", "Fridge, blue box", "My garden", givenConsent, "2026-05-01", "Dr Ade", "plan_shared=true sealed=false"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
	}
}

func TestAPlanIsSharedOnlyByItsOwnConsent(t *testing.T) {
	const active = `"status": "active", `
	for name, test := range map[string]struct {
		consents [][2]string // code, and the rest
		want     string
	}{
		"none":                    {nil, ""},
		"given":                   {[][2]string{{givenConsent, active + `"dateTime": "2026"`}}, "true"},
		"by an attorney":          {[][2]string{{"883001000000106", active + `"dateTime": "2026"`}}, "true"},
		"best interests":          {[][2]string{{"882961000000101", active + `"dateTime": "2026"`}}, "true"},
		"withdrawn":               {[][2]string{{withdrawnConsent, active + `"dateTime": "2026"`}}, "false"},
		"not active":              {[][2]string{{givenConsent, `"status": "inactive"`}}, "false"},
		"refused":                 {[][2]string{{givenConsent, `"status": "rejected"`}}, "false"},
		"denied":                  {[][2]string{{givenConsent, active + `"provision": {"type": "deny"}`}}, "false"},
		"with exceptions":         {[][2]string{{givenConsent, active + `"provision": {"type": "permit", "provision": [{"type": "deny"}]}`}}, "false"},
		"for somebody alone":      {[][2]string{{givenConsent, active + `"provision": {"type": "permit", "actor": [{"reference": {"reference": "Organization/1"}}]}`}}, "false"},
		"for research":            {[][2]string{{givenConsent, active + `"provision": {"type": "permit", "purpose": [{"code": "HRESCH"}]}`}}, "false"},
		"for treatment":           {[][2]string{{givenConsent, active + `"provision": {"type": "permit", "purpose": [{"code": "HRESCH"}, {"code": "TREAT"}]}`}}, "true"},
		"of some of it":           {[][2]string{{givenConsent, active + `"provision": {"type": "permit", "class": [{"code": "x"}]}`}}, "false"},
		"from some day on":        {[][2]string{{givenConsent, active + `"provision": {"period": {"start": "2120-01-01"}}`}}, "false"},
		"from some day that was":  {[][2]string{{givenConsent, active + `"provision": {"period": {"start": "2020-01-01"}}`}}, "true"},
		"ended":                   {[][2]string{{givenConsent, active + `"provision": {"period": {"end": "2020-01-01"}}`}}, "false"},
		"ends some day":           {[][2]string{{givenConsent, active + `"provision": {"period": {"end": "2120-01-01"}}`}}, "true"},
		"ends when nobody knows":  {[][2]string{{givenConsent, active + `"provision": {"period": {"end": "soon"}}`}}, "false"},
		"to research":             {[][2]string{{"129125009", active + `"dateTime": "2026"`}}, ""},
		"a draft":                 {[][2]string{{givenConsent, `"status": "draft"`}}, ""},
		"in error":                {[][2]string{{givenConsent, `"status": "entered-in-error"`}}, ""},
		"modified":                {[][2]string{{givenConsent, active + `"modifierExtension": [{"url": "urn:not"}]`}}, ""},
		"given, then withdrawn":   {[][2]string{{givenConsent, active + `"dateTime": "2025"`}, {withdrawnConsent, active + `"dateTime": "2026"`}}, "false"},
		"withdrawn, then given":   {[][2]string{{withdrawnConsent, active + `"dateTime": "2025"`}, {givenConsent, active + `"dateTime": "2026"`}}, "true"},
		"both on one day":         {[][2]string{{givenConsent, active + `"dateTime": "2026-01-01"`}, {withdrawnConsent, active + `"dateTime": "2026-01-01"`}}, "false"},
		"both, nobody knows when": {[][2]string{{givenConsent, active}, {withdrawnConsent, active}}, "false"},

		"given, and withdrawn nobody knows when":  {[][2]string{{givenConsent, active + `"dateTime": "2026"`}, {withdrawnConsent, active}}, "false"},
		"given, and withdrawn in that month":      {[][2]string{{givenConsent, active + `"dateTime": "2026-01-09"`}, {withdrawnConsent, active + `"dateTime": "2026-01"`}}, "false"},
		"withdrawn in a month, given in the next": {[][2]string{{withdrawnConsent, active + `"dateTime": "2026-01"`}, {givenConsent, active + `"dateTime": "2026-02"`}}, "true"},
		"withdrawn in the morning, given again":   {[][2]string{{withdrawnConsent, active + `"dateTime": "2026-01-09T09:00:00Z"`}, {givenConsent, active + `"dateTime": "2026-01-09T10:00:00Z"`}}, "true"},
		"ended, and given anew":                   {[][2]string{{givenConsent, active + `"provision": {"period": {"end": "2020-01-01"}}`}, {givenConsent, active + `"dateTime": "2026"`}}, "true"},
		"replaced, and given anew":                {[][2]string{{givenConsent, `"status": "inactive"`}, {givenConsent, active + `"dateTime": "2026"`}}, "true"},
		"given, then no longer active":            {[][2]string{{givenConsent, active + `"dateTime": "2025"`}, {givenConsent, `"status": "inactive", "dateTime": "2026"`}}, "false"},
	} {
		resources := patient(unit(t, "CarePlan", "plan", "714748000", `"status": "active"`))
		for i, consent := range test.consents {
			resources = append(resources, unit(t, "Consent", fmt.Sprint("c", i), consent[0], strings.TrimSuffix(consent[1], ", ")))
		}
		found := plansOf(t, open(t, serve(t, resources...), fhir.Options{}))
		if len(found.Records) != 1 {
			t.Fatalf("%s: %d plans", name, len(found.Records))
		}
		got := ""
		if shared, known := found.Records[0].About().Labels.Value(clinical.LabelPlanShared); known {
			got = fmt.Sprint(shared)
		}
		if got != test.want {
			t.Errorf("%s: shared %q, want %q", name, got, test.want)
		}
		if modified := name == "modified"; modified != (found.Rejected == 1) {
			t.Errorf("%s: %d rejected", name, found.Rejected)
		}
	}
}

// summary tells the plans of an answer apart: id, decision about resuscitation, whether shared, whether sealed.
func summary(found sources.PartAnswer) []string {
	var all []string
	for _, record := range found.Records {
		p := record.(*clinical.UrgentCarePlan)
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.ID, p.CPRDecision.Code, labelsShown(p))))
	}
	slices.Sort(all)
	return all
}

func TestNothingOfAPlanIsLost(t *testing.T) {
	plan := func(id, status, named string) object {
		return unit(t, "CarePlan", id, "735324008", fmt.Sprintf(`"status": %q, "supportingInfo": [{"reference": %q}]`, status, named))
	}
	flag := func(id, code, more string) object { return unit(t, "Flag", id, code, `"status": "active"`+more) }
	sealed := func(resource object, code string) object {
		resource["meta"] = object{"security": []any{object{"system": confidential, "code": code}}}
		return resource
	}
	plain := func(resource object) object {
		delete(resource, "meta")
		return resource
	}
	for name, test := range map[string]struct {
		resources []object
		options   fhir.Options
		want      []string
		rejected  int
	}{
		"no head":                    {[]object{flag("f", againstResuscitation, "")}, fhir.Options{}, []string{"units/p1 " + againstResuscitation + " sealed=false"}, 0},
		"no head, nothing of a plan": {[]object{flag("f", "129839007", "")}, fhir.Options{}, nil, 0},
		"each its own": {[]object{plan("a", "active", "Flag/f"), plan("b", "active", "Flag/g"), flag("f", forResuscitation, ""), flag("g", againstResuscitation, "")},
			fhir.Options{}, []string{"a " + forResuscitation + " sealed=false", "b " + againstResuscitation + " sealed=false"}, 0},
		"named by none of two": {[]object{plan("a", "active", ""), plan("b", "active", ""), flag("f", forResuscitation, "")}, fhir.Options{},
			[]string{"a  sealed=false", "b  sealed=false", "units/p1 " + forResuscitation + " sealed=false"}, 0},
		"beside an old one": {[]object{plan("a", "active", ""), plan("old", "completed", ""), flag("f", forResuscitation, "")}, fhir.Options{},
			[]string{"a " + forResuscitation + " sealed=false", "old  sealed=false"}, 0},
		"only an old one": {[]object{plan("old", "completed", ""), flag("f", forResuscitation, "")}, fhir.Options{},
			[]string{"old  sealed=false", "units/p1 " + forResuscitation + " sealed=false"}, 0},
		"contradiction": {[]object{plan("a", "active", ""), flag("f", forResuscitation, `, "period": {"start": "2026-01-02"}`), flag("g", againstResuscitation, `, "period": {"start": "2026-01-01"}`)},
			fhir.Options{}, []string{"Flag/g " + againstResuscitation + " sealed=false", "a " + forResuscitation + " sealed=false"}, 0},
		"said twice": {[]object{plan("a", "active", ""), flag("f", forResuscitation, ""), flag("g", "304252001", "")}, fhir.Options{},
			[]string{"a " + forResuscitation + " sealed=false"}, 0},
		"an observation without a head": {[]object{unit(t, "Observation", "o", againstResuscitation, `"status": "final", "effectiveDateTime": "2026-01-02"`)}, fhir.Options{},
			[]string{"units/p1 " + againstResuscitation + " sealed=false"}, 0},
		"an observation that there is a form": {[]object{unit(t, "Observation", "o", "1107891000000106", `"status": "final"`)}, fhir.Options{},
			[]string{"units/p1  sealed=false"}, 0},
		"a preference is no plan": {[]object{unit(t, "Observation", "o", "110481000000108", `"status": "final"`)}, fhir.Options{}, nil, 0},
		"an observation against a flag": {[]object{plan("a", "active", ""), flag("f", forResuscitation, `, "period": {"start": "2026-01-01"}`),
			unit(t, "Observation", "o", againstResuscitation, `"status": "final", "effectiveDateTime": "2026-01-02"`)}, fhir.Options{},
			[]string{"Flag/f " + forResuscitation + " sealed=false", "a " + againstResuscitation + " sealed=false"}, 0},
		"an end of life care plan": {[]object{unit(t, "CarePlan", "a", "736373009", `"status": "active"`), unit(t, "CarePlan", "b", "736366004", `"status": "active"`),
			unit(t, "CarePlan", "c", "736253002", `"status": "active"`)}, fhir.Options{}, []string{"a  sealed=false", "b  sealed=false"}, 0},
		"not in force":             {[]object{plan("a", "active", ""), unit(t, "Flag", "f", forResuscitation, `"status": "inactive"`)}, fhir.Options{}, []string{"a  sealed=false"}, 0},
		"unreadable":               {[]object{plan("a", "active", ""), flag("f", forResuscitation, `, "period": {"start": "last year"}`)}, fhir.Options{}, []string{"a  sealed=false"}, 1},
		"a sealed unit":            {[]object{plan("a", "active", ""), sealed(flag("f", forResuscitation, ""), "R")}, fhir.Options{}, []string{"a " + forResuscitation + " sealed=true"}, 0},
		"a unit that says nothing": {[]object{plan("a", "active", ""), plain(flag("f", forResuscitation, ""))}, fhir.Options{}, []string{"a " + forResuscitation}, 0},
		"of a server that labels": {[]object{plan("a", "active", ""), plain(flag("f", forResuscitation, ""))}, fhir.Options{Labelled: true},
			[]string{"a " + forResuscitation + " sealed=false"}, 0},
		"a refusal that names none": {[]object{plan("a", "active", ""), plan("b", "active", ""), unit(t, "Consent", "c", withdrawnConsent, `"status": "active"`)}, fhir.Options{},
			[]string{"a  plan_shared=false sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"consent that names none": {[]object{plan("a", "active", ""), plan("b", "active", ""), unit(t, "Consent", "c", givenConsent, `"status": "active"`)}, fhir.Options{},
			[]string{"a  sealed=false", "b  sealed=false"}, 0},
	} {
		found := plansOf(t, open(t, serve(t, patient(test.resources...)...), test.options))
		if diff := cmp.Diff(test.want, summary(found)); diff != "" || found.Rejected != test.rejected {
			t.Errorf("%s: %d rejected (-want +got) %s", name, found.Rejected, diff)
		}
	}
}

func TestOfAPlanOnlyWhatIsWantedIsAskedFor(t *testing.T) {
	s := serve(t, wholePlan(t)...)
	source := open(t, s, fhir.Options{})
	for fields, want := range map[string]string{
		"cprDecision":                   "Patient CarePlan Flag Consent Observation",
		"preferredPlaceOfDeathFirst":    "Patient CarePlan Flag Consent Observation QuestionnaireResponse",
		"legalAuthorityRepresentative":  "Patient CarePlan Flag Consent Observation RelatedPerson",
		"anticipatoryMedicinesLocation": "Patient CarePlan Flag Consent Observation Procedure",
	} {
		found := plansOf(t, source, fields, "date")
		if len(found.Records) != 1 {
			t.Errorf("%s: %d plans", fields, len(found.Records))
		}
		var asked []string
		body := parsed(t, s.requests[len(s.requests)-1].body)
		for _, entry := range body["entry"].([]any) {
			name, query, _ := strings.Cut(at(entry.(object), "request.url").(string), "?")
			asked = append(asked, name)
			if params, _ := url.ParseQuery(query); name == "Observation" && (strings.Contains(params.Get("code"), "968211000000101") || params.Get("code") == "") {
				t.Errorf("%s: a prognosis is asked for: %s", fields, params)
			}
		}
		if strings.Join(asked, " ") != want {
			t.Errorf("%s: asked for %v, want %s", fields, asked, want)
		}
	}
	if sourcetest.Show(plansOf(t, source, "cprDecision").Records[0]) == "" {
		t.Error("no plan")
	}
}

// The Observation or Flag that fills a plan's prognosis is a record of its own as well: what the plan does not show to a person who was not told
// they must not find among their results.
func TestAPrognosisIsNotForTheOwnView(t *testing.T) {
	observation := func(id, code string) object {
		return parsed(t, `{"resourceType": "Observation", "id": "`+id+`", "status": "final", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "`+code+`"}]}}`)
	}
	panel := parsed(t, `{"resourceType": "Observation", "id": "panel", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "845751000000103"}]},
		"component": [{"code": {"text": "weeks"}, "valueString": "6"}]}`)
	resources := []object{observation("stage", "845751000000103"), observation("pulse", "364075005"), panel,
		unit(t, "Flag", "weeks", "955231000000109", `"status": "active"`), unit(t, "Flag", "falls", "129839007", `"status": "active"`)}
	got := map[clinical.Text]bool{}
	for _, kind := range []clinical.Kind{clinical.KindObservation, clinical.KindAlert} {
		for _, record := range records(t, kind, fhir.Options{}, resources...) {
			own, known := record.About().Labels.Value(clinical.LabelSafeguarding)
			got[record.About().ID] = known && own
		}
	}
	if diff := cmp.Diff(map[clinical.Text]bool{"stage": true, "pulse": false, "panel#0": true, "weeks": true, "falls": false}, got); diff != "" {
		t.Error(diff)
	}
}
