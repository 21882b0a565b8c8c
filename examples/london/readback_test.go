package london_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// ask gets everything that a source holds of one person, as lines by kind.
func ask(t *testing.T, source *sqlsource.Source, number string) map[string][]string {
	t.Helper()
	person, err := clinical.ParseNHSNumber(number)
	if err != nil {
		t.Fatal(err)
	}
	query := sources.Query{Limits: sources.Limits{Rows: 100_000, Bytes: 1 << 28}}
	for _, kind := range clinical.Kinds() {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(),
			Condition: condition.Always(), Limit: 5000})
	}
	answer, err := source.Fetch(context.Background(), query)
	if err != nil {
		t.Fatalf("asking: %v", err)
	}
	lines := map[string][]string{}
	for i, part := range answer.Parts {
		if part.Rejected > 0 || part.Truncated {
			t.Errorf("%s: %d rows rejected, truncated %t", query.Parts[i].Kind, part.Rejected, part.Truncated)
		}
		for _, record := range part.Records {
			name := query.Parts[i].Kind.String()
			lines[name] = append(lines[name], line(record.About().Date, said(record)))
		}
	}
	return sorted(lines)
}

func line(date clinical.DateTime, words ...string) string {
	if date.Precision() > clinical.PrecisionDay {
		date = date.Cut(clinical.PrecisionDay)
	}
	return date.String() + " " + strings.Join(words, " ")
}

func sorted(lines map[string][]string) map[string][]string {
	for _, list := range lines {
		slices.Sort(list)
	}
	return lines
}

// said is what a record says, as far as every system can say it.
func said(record clinical.Record) string {
	code := record.About().Code
	switch r := record.(type) {
	case *clinical.Registration:
		return string(r.FamilyName) + " " + r.BirthDate.Cut(clinical.PrecisionDay).String() + " " + string(r.Organisation.Code)
	case *clinical.Encounter:
		return string(r.Class)
	case *clinical.Medication:
		return string(code.Code) + " " + string(r.Intent)
	case *clinical.Observation:
		if code.System == clinical.LocalCode {
			return string(code.Display) + " " + short(string(r.Value))
		}
		return string(code.Code) + " " + short(string(r.Value))
	case *clinical.Appointment:
		return string(r.Status)
	case *clinical.Document:
		return string(r.Title)
	case *clinical.Contact:
		return string(r.Name)
	case *clinical.CarePlan:
		return string(r.Title) + string(r.TriggerFactors)
	case *clinical.UrgentCarePlan:
		shared, asked := r.Labels.Value(clinical.LabelPlanShared)
		return fmt.Sprint(code.Code, r.Status, r.CPRDecision.Code, r.CPRDate, r.ReviewDate, r.AccessToHome, r.PrognosisEstimate.Text, shared, asked)
	}
	if code.Code == "" {
		return string(code.Text)
	}
	return string(code.Code)
}

// short drops zeros at the end of a fraction, which typed columns forget.
func short(value string) string {
	if !strings.Contains(value, ".") {
		return value
	}
	return strings.TrimRight(strings.TrimRight(value, "0"), ".")
}

// expected are the lines that a person as seeded should give in one system.
func expected(system string, person *seed.Person) map[string][]string {
	lines := map[string][]string{}
	put := func(kind string, entry *seed.Entry, words ...string) {
		if !entry.Deleted {
			lines[kind] = append(lines[kind], line(entry.Date, words...))
		}
	}
	registered := person.Registered
	if person.Holder[0] == 'R' { // trusts do not register people
		registered = clinical.DateTime{}
	}
	lines["Registration"] = []string{line(registered, person.FamilyName, person.Birth.String(), person.Holder)}
	for _, e := range person.Encounters {
		put("Encounter", &e.Entry, string(e.Class))
	}
	attendances := map[string]bool{}
	for _, e := range person.Encounters {
		attendances[e.Ref] = e.Class == clinical.ClassEmergency
	}
	for _, c := range person.Conditions {
		if system == string(seed.PAS) && attendances[c.Encounter] {
			put("Condition", &c.Entry, c.Code.Display)
		} else {
			put("Condition", &c.Entry, c.Code.Code)
		}
	}
	for _, m := range person.Medications {
		for _, intent := range intents(system, &m) {
			put("Medication", &m.Entry, m.Code.Code, intent)
		}
	}
	for _, o := range person.Observed {
		code := o.Code.Code
		if system == string(seed.Millennium) {
			code = o.Code.Display
		}
		put("Observation", &o.Entry, code, short(o.Value))
	}
	expectedRest(system, person, put)
	return sorted(lines)
}

// intents are the intents of the rows that a system keeps for one medicine.
func intents(system string, m *seed.Medication) []string {
	switch {
	case system == string(seed.Millennium):
		return []string{"order"}
	case system == string(seed.SystmOne) && !m.Repeat:
		return []string{"order"}
	case system != string(seed.SystmOne) && m.CourseDays == 0:
		return []string{"plan"}
	}
	return []string{"plan", "order"}
}

func expectedRest(system string, person *seed.Person, put func(kind string, entry *seed.Entry, words ...string)) {
	for _, v := range person.Vaccines {
		if system == string(seed.Compass) { // it cannot tell them from other coded entries
			put("Observation", &v.Entry, v.Code.Code, "")
		} else {
			put("Immunisation", &v.Entry, v.Code.Code)
		}
	}
	for _, p := range person.Procedures {
		put("Procedure", &p.Entry, p.Code.Code)
	}
	for _, a := range person.Allergies {
		put("AllergyIntolerance", &a.Entry, a.Code.Code)
	}
	for _, a := range person.Bookings {
		put("Appointment", &a.Entry, string(a.Status))
	}
	for _, r := range person.Referrals {
		put("Referral", &r.Entry, r.Code.Code)
	}
	for _, d := range person.Documents {
		put("Document", &d.Entry, d.Title)
	}
	for _, a := range person.Alerts {
		if system == string(seed.PAS) {
			put("Alert", &a.Entry, a.Code.Display)
		} else {
			put("Alert", &a.Entry, a.Note)
		}
	}
	for _, c := range person.Contacts {
		c.Date = clinical.DateTime{} // nobody says since when
		put("Contact", &c.Entry, c.Name)
	}
	for _, c := range person.CarePlans {
		put("CarePlan", &c.Entry, c.Title)
	}
	if person.Plan != nil {
		expectedPlan(person.Plan, put)
	}
}

// expectedPlan are the lines of an urgent care plan and of what is part of it.
func expectedPlan(plan *seed.UrgentPlan, put func(kind string, entry *seed.Entry, words ...string)) {
	put("UrgentCarePlan", &plan.Entry, fmt.Sprint(plan.Code.Code, plan.Status, map[string]string{"Y": "450475007", "N": "450476008"}[plan.CPR],
		plan.CPRDate, plan.Review, plan.KeySafe, plan.Prognosis, plan.Consent != "" && plan.Consent != "Withdrawn", plan.Consent != ""))
	for _, c := range plan.Contacts {
		put("Contact", &c.Entry, c.Name)
	}
	for _, c := range plan.Contingencies {
		put("CarePlan", &plan.Entry, "Contingency plan"+c.Trigger)
	}
	for _, m := range plan.Medicines {
		put("Medication", &m.Entry, m.Code.Code, "plan")
	}
}

// wanted are the lines that everybody known to a source should give, by NHS number. Of those who must not appear: none.
func wanted(population *london.Population, source london.Source) map[string]map[string][]string {
	want := map[string]map[string][]string{}
	for _, person := range population.Held[string(source.ID)] {
		if want[person.NHSNumber] == nil {
			want[person.NHSNumber] = map[string][]string{}
		}
		if person.Test || person.Deleted {
			continue
		}
		for kind, lines := range expected(source.System, person) {
			want[person.NHSNumber][kind] = append(want[person.NHSNumber][kind], lines...)
		}
	}
	return want
}

func TestEverySourceGivesBackThroughItsMappingExactlyWhatWasSeeded(t *testing.T) {
	options := london.Options{People: 90, Seed: 3}
	site := build(t, t.TempDir(), options)
	population := london.Imagine(options)
	for _, server := range servers() {
		for _, source := range site.Sources {
			t.Run(server.name+"/"+string(source.ID), func(t *testing.T) {
				opened, compared := server.open(t, population, source), 0
				for number, lines := range wanted(population, source) {
					for _, kind := range lines {
						compared += len(kind)
					}
					if diff := cmp.Diff(sorted(lines), ask(t, opened, number)); diff != "" {
						t.Fatalf("a person's records (-seeded +read):\n%s", diff)
					}
				}
				if compared < 20 {
					t.Errorf("only %d records were compared", compared)
				}
			})
		}
	}
}
