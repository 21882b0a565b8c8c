package denial_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

// situation is somebody in need, who asks about them, and what must be seen. What must not is there so that none passes by
// showing everything.
type situation struct {
	name    string
	said    []consent.About
	flagged bool
	who     auth.Person
	claims  bool
	breaks  bool // the glass
	must    []string
	mustNot []string
}

func denies(category clinical.Label, party consent.PartyKind, code clinical.Text) consent.About {
	return consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: category, Party: party, Code: code}}
}

func clinician(role string, organisation clinical.Text, purpose string, activities ...string) auth.Person {
	return auth.Person{Subject: role + "-" + string(organisation), Name: "Somebody", Role: role, Organisation: string(organisation), Purpose: purpose,
		Activities: activities}
}

func situations() []situation {
	emergencyDoctor := clinician("R9102", "RJZ", "ETREAT", "B0082", "B0360")
	everythingDenied := []consent.About{denies("", consent.Anyone, "")}
	objects := []consent.About{consent.SharedRecord{Step: consent.Upheld}}
	lifeSaving := []string{"allergy in words", "allergy found on the ward", "allergy marked as sensitive", "CPR decision", "advance decision", "anticoagulant"}
	return []situation{
		{name: "unconscious, and a stranger to this hospital", who: emergencyDoctor, claims: true,
			must: append(slices.Clone(lifeSaving), "HIV infection", "depot injection", "repeat prescription", "next of kin"), mustNot: []string{"sealed by the trust"}},
		{name: "unconscious, everything sensitive denied, the glass whole", said: everythingDenied, who: emergencyDoctor, claims: true,
			must: append(slices.Clone(lifeSaving), "repeat prescription"), mustNot: []string{"HIV infection", "antiretroviral", "depression on the ward", "ward", "depot injection"}},
		{name: "unconscious, everything sensitive denied, the glass broken", said: everythingDenied, who: emergencyDoctor, breaks: true,
			must:    append(slices.Clone(lifeSaving), "HIV infection", "antiretroviral", "depression on the ward", "depot injection", "ward"),
			mustNot: []string{"sealed by the trust", "sealed by the practice"}},
		{name: "unconscious, objects to the shared record, the glass broken", said: objects, who: emergencyDoctor, breaks: true,
			must: append(slices.Clone(lifeSaving), "HIV infection", "depot injection", "repeat prescription"), mustNot: []string{"sealed by the trust"}},
		{name: "objects to the shared record, seen by the own GP", said: objects, who: clinician("R0260", practice, "TREAT", "B0360"),
			must: []string{"repeat prescription", "depression in general practice", "sealed by the practice", "child protection plan"}, mustNot: []string{"anticoagulant"}},
		{name: "objects to the shared record, back on the ward that treated them", said: objects, who: clinician("R0050", mental, "TREAT", "B0360"),
			must: []string{"allergy found on the ward", "depression on the ward", "depot injection"}, mustNot: []string{"anticoagulant"}},
		{name: "an allergy of another trust while mental health is denied", said: []consent.About{denies(clinical.LabelMentalHealth, consent.Anyone, "")},
			who: clinician("R0260", practice, "TREAT", "B0360"), must: append(slices.Clone(lifeSaving), "HIV infection"), mustNot: []string{"depression on the ward", "depot injection"}},
		{name: "mental health denied to anyone, seen by those who treat it", said: []consent.About{denies(clinical.LabelMentalHealth, consent.Anyone, "")},
			who: clinician("R0050", mental, "TREAT", "B0360"), must: []string{"depression on the ward", "depot injection", "allergy in words"},
			mustNot: []string{"depression in general practice"}},
		{name: "denied to one organisation alone, seen in another", said: []consent.About{denies(clinical.LabelHIV, consent.Organisation, "RQX")}, who: emergencyDoctor, claims: true,
			must: []string{"HIV infection", "antiretroviral"}, mustNot: []string{"sealed by the trust"}},
		{name: "a request to object that nobody has decided yet", said: []consent.About{consent.SharedRecord{Step: consent.Requested}}, who: clinician("R0260", practice, "TREAT", "B0360"),
			must: lifeSaving, mustNot: []string{"sealed by the trust"}},
		{name: "medicines for the pharmacist", who: clinician("R1290", "FA111", "TREAT", "B0360"), claims: true,
			must: []string{"repeat prescription", "anticoagulant", "antiretroviral", "depot injection", "allergy in words"}, mustNot: []string{"sealed by the practice"}},
		{name: "a pharmacist with the summary alone", who: clinician("R1290", "FA111", "TREAT", "B0264"), claims: true,
			must: []string{"repeat prescription", "anticoagulant", "allergy in words", "allergy found on the ward", "CPR decision"}, mustNot: []string{"ward"}},
		{name: "a paramedic at the door", who: clinician("R1070", "RRU", "ETREAT"), claims: true, must: lifeSaving, mustNot: []string{"sealed by the trust"}},
		{name: "a nurse on the ward at night", who: clinician("R0620", acute, "TREAT", "B0360"), must: lifeSaving, mustNot: []string{"sealed by the practice"}},
		{name: "a child protection plan for whoever can protect", who: emergencyDoctor, claims: true, must: []string{"child protection plan"}, mustNot: []string{"sealed by the practice"}},
		{name: "an appointment and the next of kin for the front desk", who: clinician("R1730", practice, "TREAT"),
			must: []string{"next appointment", "next of kin"}, mustNot: []string{"repeat prescription", "allergy in words"}},
	}
}

// What is demanded in each situation is seen in it.
func TestWhatALifeMayDependOnIsSeen(t *testing.T) {
	all := situations()
	h := house(t, all)
	seen := 0
	for i, s := range all {
		t.Run(s.name, func(t *testing.T) {
			shown := asks(t, h, s, number(t, i))
			for _, name := range s.must {
				if !slices.Contains(shown, name) {
					t.Errorf("%q is not seen", name)
				}
			}
			for _, name := range s.mustNot {
				if slices.Contains(shown, name) {
					t.Errorf("%q is seen", name)
				}
			}
			seen += len(s.must)
		})
	}
	testkit.Counted(t, "%d situations, in which %d records were demanded", len(all), seen)
}

// asks lists the names of all records that are seen.
func asks(t *testing.T, h *trial.House, s situation, n clinical.NHSNumber) (names []string) {
	t.Helper()
	token, variables := h.Token(t, s.who), map[string]any{"n": n.Reveal()}
	if s.claims {
		variables["claim"] = "they are in front of me"
	}
	if s.breaks {
		variables["grant"] = grant(t, h, token, n)
	}
	lists := []string{"allergies", "conditions", "medications", "encounters", "appointments", "documents", "alerts", "contacts", "carePlans"}
	query := "query($n: NHSNumber!, $claim: String, $grant: EmergencyGrant) { patient(nhsNumber: $n, claimedRelationship: $claim, emergencyGrant: $grant) { " +
		strings.Join(lists, " { nodes { contributors { provenance { localId } } } } ") + " { nodes { contributors { provenance { localId } } } } } }"
	reply := h.Ask(t, token, query, variables)
	var answer struct {
		Data struct {
			Patient map[string]struct {
				Nodes []struct {
					Contributors []struct{ Provenance struct{ LocalID string } }
				}
			}
		}
		Errors []any
	}
	if err := json.Unmarshal([]byte(reply.Body), &answer); err != nil || len(answer.Errors) > 0 || answer.Data.Patient == nil {
		t.Fatalf("%d %.500s", reply.Status, reply.Body)
	}
	for _, list := range answer.Data.Patient {
		for _, node := range list.Nodes {
			for _, contributor := range node.Contributors {
				names = append(names, contributor.Provenance.LocalID)
			}
		}
	}
	return names
}

// grant breaks the glass.
func grant(t *testing.T, h *trial.House, token string, n clinical.NHSNumber) string {
	t.Helper()
	reply := h.Ask(t, token, `mutation($n: NHSNumber!) { breakGlass(input: {nhsNumber: $n, reason: "unconscious in resus, nobody with them"}) { grant } }`,
		map[string]any{"n": n.Reveal()})
	var answer struct {
		Data struct{ BreakGlass *struct{ Grant string } }
	}
	if err := json.Unmarshal([]byte(reply.Body), &answer); err != nil || answer.Data.BreakGlass == nil {
		t.Fatalf("the glass does not break: %d %.500s", reply.Status, reply.Body)
	}
	return answer.Data.BreakGlass.Grant
}
