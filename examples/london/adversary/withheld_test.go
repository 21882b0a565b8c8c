package adversary_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// plain is an answer without what differs from one asking to the next.
func plain(body string) string {
	changing := regexp.MustCompile(`"(endCursor|cursor|startCursor|digest|askedAt|asAt|elapsed|elapsedMs|ledgerSequence)":("[^"]*"|[0-9.]+)`)
	return changing.ReplaceAllString(body, `"$1":0`)
}

func TestAReceptionistSeesThatClinicalRecordsAreWithheldAndNoneOfThem(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	got, reply := chart(t, h, h.Token(t, trial.Receptionist(heroinesPractice)), c.cast.Heroine.NHSNumber)
	for name, l := range got.Data.Patient.Lists {
		if name == "appointments" || name == "contacts" {
			continue
		}
		if len(l.Nodes) > 0 || l.PageInfo.HasNextPage || len(l.Conflicts) > 0 || len(l.Sources) == 0 {
			t.Errorf("%s: %+v", name, l)
		}
		for _, each := range l.Sources {
			if each.Outcome != "WITHHELD" || each.Records > 0 || each.Rejected > 0 {
				t.Errorf("%s: %+v", name, each)
			}
		}
	}
	for _, clinicalWord := range []string{"penicillin", "S52.5", "Atrial", "Diabetes", "hypertension", "Walks with a stick"} {
		if strings.Contains(reply.Body, clinicalWord) {
			t.Errorf("the answer holds %q", clinicalWord)
		}
	}
}

// What is masked cannot be asked about either: a filter that matches and one that does not are answered alike.
func TestAFilterOnAMaskedFieldTellsNothing(t *testing.T) {
	c := build(t, people(nil))
	// A code of its own on each of her bookings, so that a filter could find it.
	c.databases[emis].do(t, "UPDATE Appointment_Slot SET SlotType = 'Termination clinic'")
	h := c.open(t)
	token := h.Token(t, trial.Receptionist(heroinesPractice))
	ask := func(list, filter string) string {
		return plain(h.Ask(t, token, `query($n: NHSNumber!) { patient(nhsNumber: $n) { `+list+`(filter: `+filter+`) { nodes { id date status }
			pageInfo { hasNextPage endCursor } sources { source outcome records rejected } } } }`,
			map[string]any{"n": c.cast.Heroine.NHSNumber.Reveal()}, "X-Request-Id", "same").Body)
	}
	codes := codesOf(t, c)
	if len(codes) == 0 {
		t.Fatal("there is no code to ask for")
	}
	for _, list := range []string{"appointments", "contacts", "timeline"} {
		nothing := ask(list, `{codes: [{code: "no such code"}]}`)
		for _, code := range codes {
			if got := ask(list, `{codes: [{code: "`+code+`"}]}`); got != nothing {
				t.Errorf("%s by code %s:\n%s\nby none that exists:\n%s", list, code, got, nothing)
			}
		}
		if !strings.Contains(nothing, "WITHHELD") || strings.Contains(nothing, "ANSWERED") || strings.Contains(nothing, `"hasNextPage":true`) {
			t.Errorf("%s: %s", list, nothing)
		}
	}
	if open := ask("appointments", `{status: [PLANNED]}`); !strings.Contains(open, "ANSWERED") {
		t.Errorf("what is not masked may be asked about: %s", open)
	}
}

// codesOf are the codes that a doctor sees on the heroine's records.
func codesOf(t *testing.T, c *city) []string {
	t.Helper()
	h := c.open(t)
	got, _ := chart(t, h, h.Token(t, trial.GP(heroinesPractice)), c.cast.Heroine.NHSNumber)
	known := map[string]bool{}
	for _, l := range got.Data.Patient.Lists {
		for _, node := range l.Nodes {
			for _, r := range node.Contributors {
				if r.Code != nil && r.Code.Code != nil && len(known) < 12 {
					known[*r.Code.Code] = true
				}
			}
		}
	}
	var codes []string
	for code := range known {
		codes = append(codes, code)
	}
	return codes
}

func TestOfSomebodyWhoObjectsEachOrganisationSeesItsOwnAlone(t *testing.T) {
	c := build(t, people(nil))
	h := c.open(t)
	directive := consent.Directive{Person: c.cast.Objector.NHSNumber, About: consent.SharedRecord{Step: consent.Upheld}, Authority: consent.Self, RecordedBy: "clerk", At: time.Now()}
	query := `query($n: NHSNumber!) { patient(nhsNumber: $n, claimedRelationship: "in front of me") { nhsNumber
		registrations { provenance { organisation { code } } } timeline(first: 200) { nodes { provenance { organisation { code } } } pageInfo { hasNextPage } } } }`
	ask := func(person auth.Person) (organisations []string, shown bool) {
		reply := h.Ask(t, h.Token(t, person), query, map[string]any{"n": c.cast.Objector.NHSNumber.Reveal()})
		for _, found := range regexp.MustCompile(`"organisation":\{"code":"([^"]*)"`).FindAllStringSubmatch(reply.Body, -1) {
			organisations = append(organisations, found[1])
		}
		slices.Sort(organisations)
		return slices.Compact(organisations), strings.Contains(reply.Body, `"patient":{`)
	}
	if before, _ := ask(trial.GP("F84017")); !slices.Equal(before, []string{"F84017", "R1H"}) {
		t.Fatalf("before the objection her GP sees %v", before)
	}
	if _, err := h.Register.Record(t.Context(), directive); err != nil {
		t.Fatal(err)
	}
	for _, each := range []struct {
		who  auth.Person
		want []string
	}{{trial.GP("F84017"), []string{"F84017"}}, {trial.Emergency("R1H"), []string{"R1H"}}, {trial.Emergency("RQX"), nil}} {
		if got, _ := ask(each.who); !slices.Equal(got, each.want) {
			t.Errorf("%s sees records of %v, want %v", each.who.Organisation, got, each.want)
		}
	}
}

// A wrong denial is a failure too: whom somebody was referred to may see them, without having to claim anything.
func TestAnOpenReferralLetsInWhomItNames(t *testing.T) {
	c := build(t, people(nil))
	ask := func() (relationship string) {
		h := c.open(t)
		reply := h.Ask(t, h.Token(t, trial.GP("RQX")), chartQuery(5), map[string]any{"n": c.cast.Heroine.NHSNumber.Reveal()})
		if got := read(t, reply).Data.Patient; got != nil {
			return got.Receipt.Relationship
		}
		return "none"
	}
	if before := ask(); before != "none" {
		t.Fatalf("before the referral: %s", before)
	}
	c.databases[emis].do(t, `UPDATE CareRecord_ObservationReferral SET ReferralEndDate = NULL, ReferralTargetOrganisationGuid =
		(SELECT OrganisationGuid FROM Admin_Organisation WHERE ODSCode = 'RQX')`)
	if after := ask(); after != "referral" {
		t.Errorf("after the referral: %s", after)
	}
	c.databases[emis].do(t, `UPDATE CareRecord_ObservationReferral SET ReferralEndDate = '2026-10-01'`)
	if closed := ask(); closed != "none" {
		t.Errorf("after the referral was closed: %s", closed)
	}
}

// sealable are the tables of EMIS in which a row can be sealed, with what is odd or even of it: a consultation and all that
// was written at it are the one or the other, because a seal on some of it is one on all of it.
func sealable() [][2]string {
	const visit = "COALESCE((SELECT v.rowid FROM CareRecord_Consultation AS v WHERE v.ConsultationGuid = %[1]s.ConsultationGuid), %[1]s.rowid)"
	return [][2]string{
		{"CareRecord_Observation", fmt.Sprintf(visit, "CareRecord_Observation")}, {"Prescribing_DrugRecord", "rowid"},
		{"Prescribing_IssueRecord", fmt.Sprintf(visit, "Prescribing_IssueRecord")}, {"CareRecord_Consultation", "rowid"},
	}
}

// To another organisation, and to the person, a record that is sealed, or of which nobody knows whether it is, is as if
// it were not there: the answers are the same, byte for byte, as over a database from which these rows are gone. By list, timeline, filter, page after page, conflicts and warnings.
func TestASealedRecordIsAsIfItWereNotThere(t *testing.T) {
	t.Parallel()
	population := people(nil)
	whole := build(t, population)
	for half := range 2 {
		sealed, gone := whole.with(emis, database{}), whole.with(emis, database{})
		sealed.fill(t, population, emis, trial.SQLite())
		gone.fill(t, population, emis, trial.SQLite())
		for _, table := range sealable() {
			sealed.databases[emis].do(t, fmt.Sprintf("UPDATE %s SET IsConfidential = CASE WHEN %s %% 2 <> %d THEN 0"+
				" WHEN rowid %% 6 / 2 = 0 THEN 1 WHEN rowid %% 6 / 2 = 1 THEN NULL ELSE 'perhaps' END", table[0], table[1], half))
			gone.databases[emis].do(t, fmt.Sprintf("DELETE FROM %s WHERE %s %% 2 = %d", table[0], table[1], half),
				fmt.Sprintf("UPDATE %s SET IsConfidential = 0", table[0]))
		}
		one, other := sealed.open(t), gone.open(t)
		for _, asking := range []struct {
			person auth.Person
			number clinical.NHSNumber
		}{
			{trial.Emergency("RF4"), sealed.cast.Heroine.NHSNumber}, {trial.Citizen(sealed.cast.Heroine.NHSNumber), sealed.cast.Heroine.NHSNumber},
			{trial.Emergency("RF4"), sealed.cast.Conflict.NHSNumber}, {trial.Receptionist("F86018"), sealed.cast.Heroine.NHSNumber},
			{trial.Emergency("RF4"), sealed.cast.Sealed.NHSNumber},
		} {
			person, number, differ := asking.person, asking.number, 0
			for what, query := range sealedProbes() {
				a, b := walk(t, one, person, query, number), walk(t, other, person, query, number)
				if a != b && differ == 0 {
					differ++
					t.Errorf("half %d, %s:\n%.1500s\n%.1500s", half, what, a, b)
				}
				if !strings.Contains(a, `"patient":{`) {
					t.Fatalf("%s: nothing is shown: %s", what, a)
				}
			}
		}
		own, _ := chart(t, one, one.Token(t, trial.GP(heroinesPractice)), sealed.cast.Heroine.NHSNumber)
		others, _ := chart(t, one, one.Token(t, trial.Emergency("RF4")), sealed.cast.Heroine.NHSNumber)
		if len(own.held()[emis]) <= len(others.held()[emis]) {
			t.Error("nothing was sealed: her own practice sees no more than a trust")
		}
	}
}

func sealedProbes() map[string]string {
	const head, tail = `query($n: NHSNumber!, $after: Cursor) { patient(nhsNumber: $n, claimedRelationship: "in front of me") { `, ` } }`
	const item = `{ nodes { __typename ... on Condition { contributors { id } } ... on Medication { contributors { id } } id date code { code } encounterId }
		pageInfo { hasNextPage endCursor } sources { source outcome records rejected } }`
	probes := map[string]string{
		"the chart":           strings.Replace(chartQuery(100), "nhsNumber: $n", `nhsNumber: $n, claimedRelationship: "in front of me"`, 1),
		"page after page":     head + `timeline(first: 11, after: $after) ` + item + tail,
		"by the sealed codes": head + `timeline(first: 3, after: $after, filter: {codes: [{code: "86406008"}, {code: "35489007"}, {code: "38341003"}, {code: "91936005"}]}) ` + item + tail,
		"by date":             head + `timeline(first: 9, after: $after, filter: {from: "2016-01-01", until: "2019-12-31"}) ` + item + tail,
		"by status":           head + `timeline(first: 50, after: $after, filter: {status: [ACTIVE]}) ` + item + tail,
	}
	return probes
}

// walk asks a question, page after page, and gives all answers in a row.
func walk(t *testing.T, h *trial.House, person auth.Person, query string, number clinical.NHSNumber) string {
	t.Helper()
	token, variables, all := h.Token(t, person), map[string]any{"n": number.Reveal()}, ""
	for range 60 {
		reply := h.Ask(t, token, query, variables, "X-Request-Id", "same")
		all += plain(reply.Body) + "\n"
		var page struct {
			Data struct {
				Patient struct {
					Timeline struct {
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(reply.Body), &page); err != nil {
			t.Fatal(err)
		}
		if !page.Data.Patient.Timeline.PageInfo.HasNextPage {
			return all
		}
		variables["after"] = page.Data.Patient.Timeline.PageInfo.EndCursor
	}
	t.Fatal("the pages do not end")
	return ""
}
