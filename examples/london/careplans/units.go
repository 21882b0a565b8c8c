package careplans

import "onelondon/sources/fhir/fhirstore"

// codes of SNOMED CT that a plan's units have (DOMAIN.md 3.3).
const (
	respect          = "1107891000000106" // has a ReSPECT plan
	notForCPR        = "450476008"
	discussedCPR     = "713079002"
	onRegister       = "1403151000000103"
	lastMonths       = "968211000000101"
	diesAtHome       = "110481000000108"
	boxIssued        = "376201000000102"
	attorneyForLife  = "816381000000105"
	advanceStatement = "816281000000101"
	consentGiven     = "882921000000109"
)

// Units is a FHIR R4 server with one person's plan in the atomic units of NHS England's End of Life API: made by a community team after a fall in
// July 2026, by which she is not for resuscitation. Person is her NHS number, and organisation the ODS code of whose server it is.
func Units(person, organisation string) *fhirstore.Store {
	u := units{organisation: organisation}
	u.add("Patient", "p1", fhirstore.Object{"active": true, "managingOrganization": u.identified(),
		"identifier": []any{fhirstore.Object{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": person}},
		"name":       []any{fhirstore.Object{"use": "official", "family": "Cheung", "given": []any{"Winifred"}}}, "gender": "female", "birthDate": "1941-04-11"})
	u.coded("CarePlan", "plan", respect, "Has Recommended Summary Plan for Emergency Care and Treatment", fhirstore.Object{"status": "active", "intent": "plan",
		"period": fhirstore.Object{"start": "2026-07-14T11:20:00+01:00"}, "author": by(),
		"supportingInfo": named("Flag/cpr", "Flag/register", "Flag/attorney", "RelatedPerson/daughter", "Observation/talked", "Observation/prognosis",
			"Observation/place", "Observation/box", "Observation/wish", "Consent/consent"),
		"activity": []any{fhirstore.Object{"detail": fhirstore.Object{"status": "in-progress", "description": "Treat at home what can be treated there"}}}})
	u.coded("Flag", "cpr", notForCPR, "Not for cardiopulmonary resuscitation", fhirstore.Object{"status": "active", "author": by(),
		"period": fhirstore.Object{"start": "2026-07-14", "end": "2027-01-14"}})
	u.coded("Flag", "register", onRegister, "On palliative care register", fhirstore.Object{"status": "active", "period": fhirstore.Object{"start": "2026-07-14"}})
	u.coded("Flag", "attorney", attorneyForLife, "Has appointed person with personal welfare lasting power of attorney with authority for life sustaining decisions",
		fhirstore.Object{"status": "active"})
	u.coded("RelatedPerson", "daughter", attorneyForLife, "Attorney for health and welfare", fhirstore.Object{"active": true,
		"name": []any{fhirstore.Object{"text": "May Cheung"}}, "telecom": []any{fhirstore.Object{"system": "phone", "value": "020 7946 0411"}}})
	u.observed("talked", discussedCPR, "Discussion about cardiopulmonary resuscitation", "Discussed with her and her daughter at home")
	u.observed("prognosis", lastMonths, "Last months of life", "")
	u.observed("place", diesAtHome, "Preferred place of death: home", "")
	u.observed("box", boxIssued, "Issue of palliative care anticipatory medication box", "Top shelf of the fridge")
	u.observed("wish", advanceStatement, "Has advance statement", "Cantonese spoken, please, and the door left open")
	u.coded("Consent", "consent", consentGiven, "Consent given for sharing end of life care coordination record", fhirstore.Object{"status": "active",
		"scope":    fhirstore.Object{"coding": []any{fhirstore.Object{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}}},
		"dateTime": "2026-07-14", "performer": []any{by()}, "provision": fhirstore.Object{"type": "permit"}})
	return fhirstore.New(fhirstore.Options{}, u.all...)
}

// units are resources of one person, none of them sealed.
type units struct {
	organisation string
	all          []fhirstore.Object
}

func (u *units) add(name, id string, resource fhirstore.Object) {
	resource["resourceType"], resource["id"] = name, id
	resource["meta"] = fhirstore.Object{"lastUpdated": "2026-07-14T11:30:00+01:00", "security": []any{
		fhirstore.Object{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}}}
	u.all = append(u.all, resource)
}

// coded puts a code where a type has its own, and names whom it is about as the type does.
func (u *units) coded(name, id, code, words string, resource fhirstore.Object) {
	concept := fhirstore.Object{"coding": []any{fhirstore.Object{"system": "http://snomed.info/sct", "code": code, "display": words}}}
	person := fhirstore.Object{"reference": "Patient/p1"}
	switch name {
	case "CarePlan":
		resource["category"], resource["subject"] = []any{concept}, person
	case "Consent":
		resource["category"], resource["patient"] = []any{concept}, person
	case "RelatedPerson":
		resource["relationship"], resource["patient"] = []any{concept}, person
	default:
		resource["code"], resource["subject"] = concept, person
	}
	u.add(name, id, resource)
}

func (u *units) observed(id, code, words, said string) {
	resource := fhirstore.Object{"status": "final", "effectiveDateTime": "2026-07-14", "performer": []any{by()}}
	if said != "" {
		resource["valueString"] = said
	}
	u.coded("Observation", id, code, words, resource)
}

func (u *units) identified() fhirstore.Object {
	return fhirstore.Object{"identifier": fhirstore.Object{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": u.organisation}}
}

// named are references.
func named(units ...string) []any {
	var all []any
	for _, unit := range units {
		all = append(all, fhirstore.Object{"reference": unit})
	}
	return all
}

// by is who made the plan.
func by() fhirstore.Object {
	return fhirstore.Object{"display": "Sr Ola Bright, community palliative care"}
}
