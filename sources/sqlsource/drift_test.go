package sqlsource_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// saidOf lists what a check found of a matter, with its advice.
func saidOf(findings []sources.Finding, matter sources.Matter) []string {
	var said []string
	for _, f := range findings {
		if f.Matter == matter {
			said = append(said, strings.ToLower(string(f.Severity)+" "+f.Message+" | "+f.Advice))
		}
	}
	return said
}

func layoutOf(t *testing.T, source *sqlsource.Source) sources.Layout {
	t.Helper()
	layout, err := source.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return layout
}

func TestAColumnThatAnUpgradeRenamedIsNamedWithItsLikelyNewName(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e engine) {
		before := layoutOf(t, clinicOn(t, e))
		if len(before) < 5 || slices.ContainsFunc(slices.Collect(keysOf(before)), func(table string) bool { return strings.Contains(table, "unrelated") }) {
			t.Fatalf("the layout is %v", before)
		}
		upgraded := clinicOn(t, e, `ALTER TABLE "Obs" RENAME COLUMN "Note" TO "Free"`, `ALTER TABLE "Result" RENAME TO "Finding"`, `CREATE TABLE "Unrelated" ("X" INTEGER)`)
		findings := upgraded.Check(t.Context(), sources.CheckOptions{Before: before})
		said := saidOf(findings, sources.MatterSchema)
		if len(said) != 2 || !slices.ContainsFunc(said, func(s string) bool {
			return strings.Contains(s, "column note") && strings.Contains(s, "gained free, which may be its new name")
		}) ||
			!slices.ContainsFunc(said, func(s string) bool {
				return strings.Contains(s, "table result") && strings.Contains(s, "finding has 5 of its 5 columns")
			}) {
			t.Errorf("said %q", said)
		}
		if drifted := saidOf(findings, sources.MatterDrift); len(drifted) != 1 || !strings.Contains(drifted[0], "table obs has gained free since the last check") {
			t.Errorf("drift: %q", drifted)
		}
	})
}

func keysOf(layout sources.Layout) func(func(string) bool) {
	return func(yield func(string) bool) {
		for table := range layout {
			if !yield(table) {
				return
			}
		}
	}
}

func TestWithoutAMemoryANameMuchLikeTheMissingOneIsToldStill(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e engine) {
		said := saidOf(clinicOn(t, e, `ALTER TABLE "Obs" RENAME COLUMN "Confidential" TO "ConfidentialYN"`).Check(t.Context(), sources.CheckOptions{}), sources.MatterSchema)
		if len(said) != 1 || !strings.Contains(said[0], "the table has confidentialyn, which is much like it") {
			t.Errorf("said %q", said)
		}
	})
}

func TestAColumnOfAnotherTypeThanAtTheLastCheckIsDrift(t *testing.T) {
	source := clinicOn(t, engines()[1])
	before := layoutOf(t, source)
	before[".Obs"]["Words"] = "bigint"
	if said := saidOf(source.Check(t.Context(), sources.CheckOptions{Before: before}), sources.MatterDrift); len(said) != 1 ||
		!strings.Contains(said[0], "column words of table obs was bigint at the last check and is character varying now") {
		t.Errorf("said %q", said)
	}
}

func TestTypesThatCannotHoldWhatIsReadFromThemAreFaults(t *testing.T) {
	m, err := mapping.Load("x.yaml", []byte(`
system: x
title: X
person: {from: Who as w, nhs_number: w.Nhs, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: w.Id, labels: {sealed: false}, fields: {birthDate: w.Id}}]
  Observation:
    - from: What as x
      person: x.Who = w.Code
      id: x.Id
      labels: {sealed: false}
      fields: {date: {from: x.Day, type: uk}, value: x.Day, recorded: x.Yes}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range engines()[1:] {
		tables := []string{`CREATE TABLE "Who" ("Id" BIGINT, "Nhs" BIGINT, "Code" VARCHAR(20))`, `CREATE TABLE "What" ("Id" BIGINT, "Who" BIGINT, "Day" DATE, "Yes" ` + map[string]string{"PostgreSQL": "BOOLEAN", "MariaDB": "DATE"}[e.name] + `)`}
		said := strings.Join(saidOf(e.open(t, tables, m, "x").Check(t.Context(), sources.CheckOptions{}), sources.MatterTypes), "\n")
		want := []string{"fault birthdate is a date, and column id is whole numbers", "fault date is read as text of type uk, and column day is days", "fault value is a number, and column day is days",
			"warning x.who is compared with w.code, and one is whole numbers, the other text", "warning column nhs of nhs numbers is a number, and the format is not numeric"}
		if e.name == "PostgreSQL" {
			want = append(want, "fault recorded is a date, and column yes is true or false")
		}
		for _, one := range want {
			if !strings.Contains(said, one) {
				t.Errorf("%s: no %q in\n%s", e.name, one, said)
			}
		}
	}
}

func TestASealThatIsNotKnownReleasesNothingThatNeedsToKnow(t *testing.T) {
	m, err := mapping.Load("x.yaml", []byte(`
system: x
title: X
person: {from: Patient as p, nhs_number: {from: p.NhsNumber, format: spaced}, organisation: {code: "'F84001'"}}
records:
  Registration: [{id: p.PatientId, labels: {sealed: unknown}, fields: {familyName: p.Surname}}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	onEveryEngine(t, func(t *testing.T, e engine) {
		script := clinic
		for word, own := range e.kind {
			script = strings.ReplaceAll(script, " "+word, " "+own)
		}
		source := e.open(t, strings.Split(script, ";\n"), m, "x")
		part := everything(t, clinical.KindRegistration)
		all := fetch(t, source, part).Parts[0].Records
		if len(all) == 0 {
			t.Fatal("nothing was read")
		}
		for _, record := range all {
			if _, known := record.About().Labels.Value(clinical.LabelSealed); known {
				t.Error("a seal that is not known is known")
			}
		}
		for _, value := range []bool{true, false} {
			part.Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(value)}}})
			if got := fetch(t, source, part).Parts[0].Records; len(got) > 0 {
				t.Errorf("sealed = %v: %d records", value, len(got))
			}
		}
		said := saidOf(source.Check(t.Context(), sources.CheckOptions{}), sources.MatterLabels)
		if len(said) != 1 || !strings.Contains(said[0], "warning the mapping does not know which rows of registration are sealed") {
			t.Errorf("said %q", said)
		}
	})
}

func TestAnOldNewestEntryIsAWarningAndOneToComeIsToo(t *testing.T) {
	source := clinicOn(t, engines()[0])
	for now, want := range map[string]string{
		"2022-02-03": "note the newest entry is of 2022-02-01, 2 days ago | ",
		"2022-03-01": "warning the newest entry is of 2022-02-01, 28 days ago | find out",
		"2021-01-01": "warning the newest entry is of 2022-02-01, which is still to come | ",
	} {
		at, err := time.Parse("2006-01-02", now)
		if err != nil {
			t.Fatal(err)
		}
		said := saidOf(source.Check(t.Context(), sources.CheckOptions{Now: at, Stale: 7 * 24 * time.Hour}), sources.MatterFreshness)
		if len(said) != 1 || !strings.HasPrefix(said[0], want) {
			t.Errorf("%s: %q, want %q", now, said, want)
		}
	}
}
