package sqlsource_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

func onEveryEngine(t *testing.T, test func(t *testing.T, e engine)) {
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) { test(t, e) })
	}
}

// onTheModelToo runs a test on every engine, on SQL Server as it is modelled, and on one where the environment names it; that
// none is named the suite of its driver says.
func onTheModelToo(t *testing.T, test func(t *testing.T, e engine)) {
	onEveryEngine(t, test)
	if os.Getenv(testkit.SQLServerVariable) != "" {
		t.Run("SQL Server", func(t *testing.T) {
			test(t, engine{"SQL Server", openSQLServer, map[string]string{"BOOL": "BIT", "MOMENT": "DATETIME"}})
		})
	}
	t.Run("SQL Server, modelled", func(t *testing.T) {
		test(t, engine{"SQL Server, modelled", openModel, map[string]string{"BOOL": "BIT", "MOMENT": "DATETIME"}})
	})
}

func person(t testing.TB, digits string) clinical.NHSNumber {
	t.Helper()
	number, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func everything(t testing.TB, kind clinical.Kind) sources.Part {
	return sources.Part{
		Kind: kind, Person: person(t, "9990000018"), Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100,
	}
}

func fetch(t testing.TB, source *sqlsource.Source, parts ...sources.Part) sources.Answer {
	t.Helper()
	answer, err := source.Fetch(t.Context(), sources.Query{Parts: parts, Caller: sources.Caller{ID: "dr-1", RequestID: "req-1"}})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func ids(records []clinical.Record) string {
	var all []string
	for _, record := range records {
		all = append(all, string(record.About().ID))
	}
	return strings.Join(all, " ")
}

func line(record clinical.Record) string {
	m := record.About()
	var labels []string
	for _, label := range clinical.Labels() {
		if set, known := m.Labels.Value(label); known {
			labels = append(labels, fmt.Sprintf("%s=%v", label, set))
		}
	}
	text := fmt.Sprintf("%s/%s %s (%s) %v | %s | %s | %s | n=%s p=%s e=%s", m.Source, m.ID, m.Organisation.Code, m.Organisation.Name,
		labels, codes(&m.Code), m.Date, m.Status, m.Note, m.Publisher, m.Encounter)
	if o, ok := record.(*clinical.Observation); ok {
		text += fmt.Sprintf(" | v=%s t=%s u=%s", o.Value, o.ValueText, o.Unit)
	}
	if r, ok := record.(*clinical.Registration); ok {
		text += fmt.Sprintf(" | %s %s %s %s %s", r.NHSNumber.Reveal(), r.FamilyName, r.Gender, r.BirthDate, r.Practice)
	}
	return text
}

func codes(c *clinical.Concept) string {
	text := fmt.Sprintf("%s:%s %q %q", c.System, c.Code, c.Display, c.Text)
	for _, other := range c.Translations {
		text += fmt.Sprintf(" +%s:%s", other.System, other.Code)
	}
	return text
}

func lines(records []clinical.Record) []string {
	var all []string
	for _, record := range records {
		all = append(all, line(record))
	}
	return all
}

func TestRowsBecomeRecordsAsTheMappingSays(t *testing.T) {
	want := [][]string{{
		`clinic/p1 F84001 (Clinic) [sealed=false sensitive=false] | : "" "" |  |  | n= p= e= | 9990000018 O'Neil FEMALE 1961-02-03 F84001`,
		`clinic/p1b F84001 (Clinic) [sealed=false sensitive=false] | : "" "" |  |  | n= p= e= | 9990000018 ONeil FEMALE  F84001`,
	}, {
		`clinic/r2 F84001 (Clinic) [sealed=false sensitive=false] | LOCAL:NA "" "" | 2022-02-01 | COMPLETED | n= p= e= | v=140.75 t= u=`,
		`clinic/o2 F84001 () [sealed=true sensitive=false third_party=true] | SNOMED_CT:44054006 "Diabetes" "" | 2020-05 | ACTIVE | n= p= e= | v= t=raised u=`,
		`clinic/o1 F84001 () [sealed=false sensitive=false third_party=false] | SNOMED_CT:38341003 "Hypertension" "BP up" +CTV3:XE0Ub | 2019-04-03T10:22 | COMPLETED | n=it's high p=R1H e= | v=140.50 t= u=mmHg`,
		`clinic/r1 F84001 (Clinic) [sealed=false sensitive=false] | LOCAL:HB "" "" | 2019-04-03T10:22 | COMPLETED | n= p= e= | v=12.25 t= u=`,
		`clinic/o7 F84001 () [sealed=false sensitive=false] | SNOMED_CT:38341003 "Hypertension" "" | 2018 | COMPLETED | n= p= e= | v=0.5 t= u=`,
		`clinic/o3 F84001 () [sensitive=false] | LOCAL:loc1 "" "" |  |  | n= p= e= | v= t= u=`,
		`clinic/o4  () [sensitive=false] | : "" "" |  | PLANNED | n= p= e= | v= t= u=`,
		`clinic/o5 F84001 () [sealed=false sensitive=false] | SNOMED_CT:38341003 "Hypertension" "" |  | ENTERED_IN_ERROR | n= p= e= | v=7 t= u=`,
		`clinic/r3 F84001 (Clinic) [sealed=false sensitive=false] | LOCAL:K "" "" |  | COMPLETED | n= p= e= | v=4.15 t= u=`,
	}, {
		`clinic/100-1 F84001 (Clinic) [sealed=true sensitive=false] | ICD_10:I10 "" "" | 2019-04-01T08:00:00 |  | n= p= e=100`,
		`clinic/101-1 F84001 (Clinic) [sensitive=false] | ICD_10:E11 "" "" |  |  | n= p= e=101`,
		`clinic/101-2 F84001 (Clinic) [sensitive=false] | ICD_10:I10 "" "" |  |  | n= p= e=101`,
	}, nil}
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		kinds := []clinical.Kind{clinical.KindRegistration, clinical.KindObservation, clinical.KindCondition, clinical.KindDocument}
		var parts []sources.Part
		for _, kind := range kinds {
			parts = append(parts, everything(t, kind))
		}
		answer := fetch(t, source, parts...)
		for i, kind := range kinds {
			if diff := cmp.Diff(want[i], lines(answer.Parts[i].Records)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", kind, diff)
			}
		}
		if got := answer.Parts[1].Rejected; got != 1 {
			t.Errorf("rejected %d observations, want the one dated 'last week'", got)
		}
		if again := fetch(t, source, parts...); again.RoundTrips != 1 {
			t.Errorf("a repeated question took %d round trips, want 1", again.RoundTrips)
		}
	})
}
