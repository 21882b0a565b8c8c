package fhir_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/sources/fhir"
)

// Consent is to the record of somebody's plans (SCCI1580), so what was said of one of them last holds for the others where it says no.
func TestARefusalOfOnePlanHoldsForTheOthers(t *testing.T) {
	plan := func(id, names string) object {
		return unit(t, "CarePlan", id, "735324008", `"status": "active", "supportingInfo": [{"reference": "Consent/`+names+`"}]`)
	}
	said := func(id, code, when string) object {
		return unit(t, "Consent", id, code, `"status": "active", "dateTime": "`+when+`"`)
	}
	of := func(patient string, resource object) object {
		for _, name := range []string{"subject", "patient"} {
			if resource[name] != nil {
				resource[name] = object{"reference": "Patient/" + patient}
			}
		}
		return resource
	}
	unread := func(id, names string) object {
		return unit(t, "CarePlan", id, "735324008", `"status": "active", "period": {"start": "soon"}, "supportingInfo": [{"reference": "Consent/`+names+`"}]`)
	}
	for name, test := range map[string]struct {
		resources []object
		want      []string
		rejected  int
	}{
		"given, and of another refused later": {[]object{plan("a", "yes"), plan("b", "no"), said("yes", givenConsent, "2025"), said("no", withdrawnConsent, "2026")},
			[]string{"a  plan_shared=false sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"given after another was refused": {[]object{plan("a", "yes"), plan("b", "no"), said("yes", givenConsent, "2026"), said("no", withdrawnConsent, "2025")},
			[]string{"a  plan_shared=true sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"nobody asked, and of another refused": {[]object{plan("a", "none"), plan("b", "no"), said("no", withdrawnConsent, "2025")},
			[]string{"a  plan_shared=false sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"nobody asked, and of another given": {[]object{plan("a", "none"), plan("b", "yes"), said("yes", givenConsent, "2025")},
			[]string{"a  sealed=false", "b  plan_shared=true sealed=false"}, 0},
		"given for a plan that cannot be read": {[]object{plan("a", "none"), unread("b", "yes"), said("yes", givenConsent, "2025")}, []string{"a  sealed=false"}, 1},
		"refused of a plan that cannot be read": {[]object{plan("a", "yes"), unread("b", "no"), said("yes", givenConsent, "2025"), said("no", withdrawnConsent, "2026")},
			[]string{"a  plan_shared=false sealed=false"}, 1},
		"refused in another registration": {[]object{owned("p2", somebody, "official"), plan("a", "yes"), said("yes", givenConsent, "2025"), of("p2", plan("b", "no")), of("p2", said("no", withdrawnConsent, "2026"))},
			[]string{"a  plan_shared=false sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"refused before two were merged": {[]object{linkedTo(owned("p2", somebody, "official"), "replaced-by", "Patient/p1"), plan("a", "yes"), said("yes", givenConsent, "2025"), of("p2", plan("b", "no")), of("p2", said("no", withdrawnConsent, "2026"))},
			[]string{"a  plan_shared=false sealed=false", "b  plan_shared=false sealed=false"}, 0},
		"a contradiction within one of which consent was given": {[]object{plan("a", "no"), said("no", withdrawnConsent, "2025"),
			unit(t, "CarePlan", "b", "735324008", `"status": "active", "supportingInfo": [{"reference": "Consent/yes"}, {"reference": "Flag/for"}, {"reference": "Flag/not"}]`), said("yes", givenConsent, "2026"),
			unit(t, "Flag", "for", forResuscitation, `"status": "active", "period": {"start": "2026-01-01"}`), unit(t, "Flag", "not", againstResuscitation, `"status": "active"`)},
			[]string{"Flag/not " + againstResuscitation + " plan_shared=true sealed=false", "a  plan_shared=false sealed=false", "b " + forResuscitation + " plan_shared=true sealed=false"}, 0},
	} {
		for way, options := range map[string]fhir.Options{"batch": {}, "one by one": {NoBatch: true}} {
			found := plansOf(t, open(t, serve(t, patient(test.resources...)...), options))
			if diff := cmp.Diff(test.want, summary(found)); diff != "" || found.Rejected != test.rejected {
				t.Errorf("%s, %s: %d rejected (-want +got) %s", name, way, found.Rejected, diff)
			}
		}
	}
}
