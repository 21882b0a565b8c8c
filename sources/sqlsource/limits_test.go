package sqlsource_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

func TestACapOnRowsOrBytesEndsTheReadingAndIsSaid(t *testing.T) {
	var rows []string
	for i := range 300 {
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Obs" ("ObsId", "PatientId", "Deleted", "Note", "Happened") VALUES ('m%03d', 'p1', FALSE, '%s', '2021')`,
			i, strings.Repeat("x", 150)))
	}
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e, rows...)
		part, small := everything(t, clinical.KindObservation), everything(t, clinical.KindRegistration)
		part.Limit = 1_000_000
		for name, limits := range map[string]sources.Limits{"rows": {Rows: 50}, "bytes": {Bytes: 9000}} {
			answer, err := source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{small, part, part}, Limits: limits})
			if err != nil {
				t.Fatal(err)
			}
			if answer.Parts[0].Truncated || !answer.Parts[1].Truncated || !answer.Parts[2].Truncated {
				t.Errorf("%s: truncated are %v %v %v, want the parts not read to their end", name, answer.Parts[0].Truncated,
					answer.Parts[1].Truncated, answer.Parts[2].Truncated)
			}
			if got := len(answer.Parts[0].Records) + len(answer.Parts[1].Records); got > 60 || got < 40 {
				t.Errorf("%s: %d records came, want about 50", name, got)
			}
		}
		// The source answers on as if nothing had been.
		part.Limit = 10
		if got := fetch(t, source, part).Parts[0]; got.Truncated || len(got.Records) != 10 {
			t.Errorf("afterwards: %d records, truncated %v; want 10, and cutting to the limit is no truncation", len(got.Records), got.Truncated)
		}
	})
}

func TestUnreadableRowsTakeNobodysPlace(t *testing.T) {
	var rows []string
	for i := range 12 {
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Obs" ("ObsId", "PatientId", "Deleted", "Happened") VALUES ('g%d', 'p1', FALSE, 'rubbish %d')`, i, i))
	}
	onTheModelToo(t, func(t *testing.T, e engine) {
		part := everything(t, clinical.KindObservation)
		part.Limit = 3
		answer := fetch(t, clinicOn(t, e, rows...), part)
		got := answer.Parts[0]
		if ids(got.Records) != "r2 o2 o1" || got.Rejected == 0 || got.Truncated {
			t.Errorf("got %q, rejected %d, truncated %v", ids(got.Records), got.Rejected, got.Truncated)
		}
	})
}

func TestAConditionThatReleasesNothingAsksNothing(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		part := everything(t, clinical.KindObservation)
		for _, never := range []condition.Condition{condition.Never(), condition.Where(condition.Clause{{
			Attribute: condition.Source, Op: condition.Equal, Values: []condition.Value{condition.Text("elsewhere")},
		}})} {
			part.Condition = never
			if answer := fetch(t, source, part); answer.RoundTrips != 0 || len(answer.Parts[0].Records) != 0 {
				t.Errorf("%d round trips, %d records", answer.RoundTrips, len(answer.Parts[0].Records))
			}
		}
	})
}

func TestManyPartsForSeveralPeopleAreAnsweredInTheirOrder(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		var parts []sources.Part
		for i := range 140 {
			part := everything(t, clinical.KindRegistration)
			if i%2 == 1 {
				part.Person = person(t, "9990000026")
			}
			parts = append(parts, part)
		}
		first := fetch(t, source, parts...)
		again := fetch(t, source, parts...)
		if again.RoundTrips != 2 {
			t.Errorf("%d round trips for 140 branches, want 2 (%d at first)", again.RoundTrips, first.RoundTrips)
		}
		for i, part := range again.Parts {
			want := []string{"p1 p1b", "p2"}[i%2]
			if got := ids(part.Records); got != want {
				t.Errorf("part %d: %q, want %q", i, got, want)
			}
		}
	})
}

func TestTheDeadlineEndsAStatement(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := source.Fetch(ctx, sources.Query{Parts: []sources.Part{everything(t, clinical.KindObservation)}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v, want that the context ended", err)
		}
		fetch(t, source, everything(t, clinical.KindObservation))
	})
}

func TestEverybodyTheSourceKnowsIsListed(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		var got []string
		err := clinicOn(t, e).People(t.Context(), func(m sources.Membership) error {
			got = append(got, fmt.Sprintf("%s %s registered=%v sensitive=%v", m.Person.Reveal(), m.Organisation, m.Registered, m.Sensitive))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		want := []string{
			"9990000018 F84001 registered=true sensitive=false", "9990000018 F84001 registered=true sensitive=false",
			"9990000026 F84001 registered=false sensitive=true",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	})
}

func TestTheNewestEntryIsTheWatermark(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		newest, err := clinicOn(t, e).Watermark(t.Context())
		if err != nil || newest.String() != "2022-02-01" {
			t.Errorf("watermark is %s (%v), want 2022-02-01", newest, err)
		}
	})
}

func TestANumericColumnFindsANumberAndListsItWithItsZeros(t *testing.T) {
	m, err := mapping.Load("n.yaml", []byte(`
system: n
title: N
person: {from: People as p, nhs_number: {from: p.Nhs, format: numeric}, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {familyName: p.Name}}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := e.open(t, []string{`CREATE TABLE "People" ("Id" BIGINT, "Nhs" BIGINT, "Name" VARCHAR(20))`,
			`INSERT INTO "People" VALUES (7, 9990000018, 'A'), (8, 0000000051, 'B')`}, m, "n")
		if got := ids(fetch(t, source, everything(t, clinical.KindRegistration)).Parts[0].Records); got != "7" {
			t.Errorf("found %q", got)
		}
		var digits []string
		if err := source.People(t.Context(), func(m sources.Membership) error {
			digits = append(digits, m.Person.Reveal())
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(digits)
		if !slices.Equal(digits, []string{"0000000051", "9990000018"}) {
			t.Errorf("listed %q", digits)
		}
	})
}

func TestTheCallerReachesTheSessionWithoutWayToInject(t *testing.T) {
	readers := map[string]string{"PostgreSQL": "current_setting('onelondon.caller')", "MariaDB": "@onelondon_caller"}
	onTheModelToo(t, func(t *testing.T, e engine) {
		if readers[e.name] == "" {
			return
		}
		view := `CREATE VIEW "Heard" AS SELECT "Id" AS "Id", "Nhs" AS "Nhs", ` + readers[e.name] + ` AS "Said" FROM "People"`
		if e.name == "MariaDB" { // a view may not read a variable, a function may
			view = `CREATE VIEW "Heard" AS SELECT "Id" AS "Id", "Nhs" AS "Nhs", heard() AS "Said" FROM "People"`
		}
		statements := []string{`CREATE TABLE "People" ("Id" VARCHAR(10), "Nhs" VARCHAR(20))`, `INSERT INTO "People" VALUES ('7', '9990000018')`}
		if e.name == "MariaDB" {
			statements = append(statements, `CREATE FUNCTION heard() RETURNS VARCHAR(900) NOT DETERMINISTIC RETURN @onelondon_caller`)
		}
		m, err := mapping.Load("h.yaml", []byte(`
system: h
title: H
person: {from: Heard as p, nhs_number: p.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.Id, labels: {sealed: false}, fields: {note: p.Said}}]
`), nil)
		if err != nil {
			t.Fatal(err)
		}
		source := e.open(t, append(statements, view), m, "h")
		answer, err := source.Fetch(t.Context(), sources.Query{
			Caller: sources.Caller{ID: "dr'; DROP--", Organisation: "R1H", Role: "R8000", Purpose: "TREAT */ x", RequestID: strings.Repeat("a", 90)},
			Parts:  []sources.Part{everything(t, clinical.KindRegistration)},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := "onelondon request=" + strings.Repeat("a", 64) + " id=drDROP-- org=R1H role=R8000 purpose=TREATx"
		if got := answer.Parts[0].Records[0].About().Note; string(got) != want {
			t.Errorf("the session heard %q, want %q", got, want)
		}
	})
}

func TestShapesThatDoNotComeBackAreForgotten(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		fields := clinical.KindObservation.Descriptor().Fields
		for i := range 1 << 8 {
			part := everything(t, clinical.KindObservation)
			part.Fields = 0
			for bit := range 9 {
				if i&(1<<bit) != 0 {
					part.Fields |= fields[bit].Bit
				}
			}
			if got := fetch(t, source, part).Parts[0]; len(got.Records) == 0 {
				t.Fatalf("no records for fields %b", part.Fields)
			}
		}
	})
}

var _ sources.Source = (*sqlsource.Source)(nil)
