package sqlsource_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

func TestACheckOfASoundSourceSaysWhatItSaw(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		var said []string
		for _, finding := range clinicOn(t, e).Check(t.Context(), sources.CheckOptions{}) {
			if finding.Severity == sources.Fault {
				t.Errorf("fault in a sound source: %+v", finding)
			}
			if !strings.Contains(finding.Message, "end to end") { // the clinic's tables have a few rows
				said = append(said, string(finding.Severity)+": "+finding.Message)
			}
		}
		want := []string{
			"warning: 1 of the first 4 NHS numbers are not valid",
			"note: 5 rows of Registration were read",
			"note: 6 rows of Condition were read",
			"warning: 4 of 6 rows of Condition do not say whether they are sealed: rules that want to know release none of them",
			"warning: 2 rows of Observation cannot be read as records, 19 can",
			"warning: 4 of 19 rows of Observation do not say whether they are sealed: rules that want to know release none of them",
			"warning: 2 of 19 rows of Observation do not say whose they are",
			"note: a write was refused",
			"note: the newest entry is of 2022-02-01",
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	})
}

// They are in the index, so their line says that there is nothing.
func TestACheckFindsPeopleWhoAreListedAndCannotBeAskedFor(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e, `INSERT INTO "Patient" VALUES ('p9', '9990000034', 1, 'Nine', 'F', NULL, FALSE, FALSE, 'Regular', FALSE)`)
		var said []string
		for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
			if finding.Matter == sources.MatterPeople && finding.Severity == sources.Fault {
				said = append(said, finding.Message)
			}
		}
		if diff := cmp.Diff([]string{"1 of 4 people who are listed have no registration when they are asked for"}, said); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACheckNamesEachMissingTableAndColumnWithItsLine(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e, `ALTER TABLE "Obs" DROP COLUMN "Note"`, `DROP TABLE "Coding"`)
		var said []string
		for _, finding := range source.Check(t.Context(), sources.CheckOptions{}) {
			if finding.Severity == sources.Fault {
				said = append(said, fmt.Sprintf("%d %s", finding.Line, finding.Message))
			}
		}
		slices.Sort(said)
		if len(said) != 2 || !strings.Contains(strings.ToLower(said[0]), "29 table coding is not there") ||
			!strings.Contains(strings.ToLower(said[1]), "43 column note of table obs is not there") {
			t.Errorf("faults are %q", said)
		}
	})
}

func TestAVanishedColumnIsASchemaFaultAndHoldsNoValue(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e, `ALTER TABLE "Obs" DROP COLUMN "Note"`)
		_, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{everything(t, clinical.KindObservation)}})
		if !errors.Is(err, sources.ErrSchema) || !strings.Contains(err.Error(), "Note") {
			t.Errorf("error is %v, want a schema fault that names the column", err)
		}
		if strings.Contains(err.Error(), "9990000018") || strings.Contains(err.Error(), "999 000 0018") {
			t.Errorf("error holds the NHS number: %v", err)
		}
	})
}

func TestAWriteIsRefused(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		if err := clinicOn(t, e).ProveReadOnly(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAQuestionThatNeedsAnIndexAndHasNoneIsFound(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e engine) {
		rows := []string{`CREATE TABLE "Unindexed" ("Id" VARCHAR(20), "Nhs" VARCHAR(20))`}
		for chunk := range 20 {
			var values []string
			for i := range 100 {
				values = append(values, fmt.Sprintf("('%d', '%d')", chunk*100+i, chunk*100+i))
			}
			rows = append(rows, `INSERT INTO "Unindexed" VALUES `+strings.Join(values, ", "))
		}
		m, err := mapping.Load("x.yaml", []byte(`
system: x
title: X
person: {from: Unindexed as u, nhs_number: u.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: u.Id, labels: {sealed: false}, fields: {familyName: u.Id}}]
`), nil)
		if err != nil {
			t.Fatal(err)
		}
		found := e.open(t, rows, m, "x").Check(t.Context(), sources.CheckOptions{})
		if !slices.ContainsFunc(found, func(f sources.Finding) bool {
			return f.Severity == sources.Warning && strings.Contains(f.Message, "reads Unindexed (u) from end to end")
		}) {
			t.Errorf("findings are %+v", found)
		}
	})
}
