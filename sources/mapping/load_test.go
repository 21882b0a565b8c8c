package mapping_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// update is a command-line flag, not state: go test ./sources/mapping -update writes the goldens anew.
var update = flag.Bool("update", false, "write the golden messages anew")

// site is what a site gives for the mappings in testdata.
func site() map[string]string {
	return map[string]string{"organisation": "F84001", "organisation_name": "King's Road Surgery", "store": "emis"}
}

func loadGP(t *testing.T) *mapping.Mapping {
	t.Helper()
	data, err := os.ReadFile("testdata/gp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := mapping.Load("gp.yaml", data, site())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestMappingOfASystemIsRead(t *testing.T) {
	gp := loadGP(t)
	if got, want := gp.Person.From, (mapping.Table{Schema: "emis", Name: "Admin_Patient", Alias: "p", Line: gp.Person.From.Line}); got != want {
		t.Errorf("person's table: got %+v, want %+v", got, want)
	}
	if gp.Person.Format != mapping.NumberSpaced {
		t.Errorf("NHS number format: got %q", gp.Person.Format)
	}
	for name, check := range map[string]struct {
		expr mapping.Expr
		want string
	}{
		"a parameter with a quote stays one literal": {gp.Person.Organisation.Name, "'King''s Road Surgery'"},
		"a condition over two lines":                 {gp.Person.Where, "p.Deleted is not true and p.DummyType is not true"},
		"an anchor's key":                            {gp.Records[clinical.KindObservation][0].ID, "o.ObservationGuid"},
		"a set's own key":                            {gp.Records[clinical.KindObservation][0].Where, "o.ObservationType in ('Value', 'Observation') and not (o.Deleted is true or o.Value < 0)"},
		"the person's organisation":                  {gp.Records[clinical.KindObservation][0].Organisation.Code, "'F84001'"},
		"a set's own organisation":                   {gp.Records[clinical.KindCondition][0].Organisation.Code, `w."ORG CODE"`},
		"the first repetition":                       {gp.Records[clinical.KindCondition][0].Where, "w.DIAG_01 is not null"},
		"the second repetition":                      {gp.Records[clinical.KindCondition][1].ID, "concat(w.EXTERNAL_ID, '-2')"},
		"a translation": {gp.Records[clinical.KindObservation][0].Fields["interpretation"].Value,
			"case o.Abnormal when true then 'abnormal' else case o.AbnormalReason when 'LO' then 'low' when 7 then 'odd' end end"},
		"the rest of a text": {gp.Records[clinical.KindObservation][0].Fields["note"].Value,
			"case (substring(o.CONCEPT_CKI_IDENT, 1, 9) = 'ICD10WHO!') when false then null else substring(o.CONCEPT_CKI_IDENT, 10, 200) end"},
		"a word of ours": {gp.Records[clinical.KindObservation][0].Fields["status"].Value, "'COMPLETED'"},
	} {
		if got := check.expr.String(); got != check.want {
			t.Errorf("%s: got %s, want %s", name, got, check.want)
		}
	}
}

func TestDatesInheritWhatTheSystemSaysOfMissingDaysAndPrecision(t *testing.T) {
	fields := loadGP(t).Records[clinical.KindObservation][0].Fields
	date := fields["date"].Date
	if diff := cmp.Diff([]string{"1900-01-01"}, date.Missing); diff != "" {
		t.Errorf("missing days (-want +got):\n%s", diff)
	}
	want := map[string]clinical.Precision{"U": clinical.PrecisionNone, "Y": clinical.PrecisionYear, "YM": clinical.PrecisionMonth,
		"YMD": clinical.PrecisionDay, "YMDT": clinical.PrecisionMinute}
	if diff := cmp.Diff(want, date.Precisions); diff != "" {
		t.Errorf("precisions (-want +got):\n%s", diff)
	}
	if recorded := fields["recorded"].Date; len(recorded.Missing) != 0 || recorded.Type != mapping.DateTimeColumn {
		t.Errorf("a date's own words win: got %+v", recorded)
	}
}

// Each testdata/<rule>.bad.yaml breaks one rule; the messages it must give are in testdata/<rule>.golden.
func TestEachFaultIsNamedWithItsPlaceAndAWayForward(t *testing.T) {
	bad, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil || len(bad) < 30 {
		t.Fatalf("found %d bad mappings (%v), want at least 30", len(bad), err)
	}
	for _, path := range bad {
		name := filepath.Base(path)
		t.Run(strings.TrimSuffix(name, ".bad.yaml"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = mapping.Load(name, data, site())
			var faults mapping.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got error %v, want faults", err)
			}
			golden := strings.TrimSuffix(path, ".bad.yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(faults.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), faults.Error()+"\n"); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParametersOfTheSiteAreSetAgainstThoseOfTheMapping(t *testing.T) {
	data, err := os.ReadFile("testdata/gp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, check := range map[string]struct {
		change func(map[string]string)
		want   string
	}{
		"one is missing":        {func(site map[string]string) { delete(site, "store") }, "parameter store has no value"},
		"one is too many":       {func(site map[string]string) { site["region"] = "Y56" }, `a parameter "region" that the mapping does not list`},
		"one would break out":   {func(site map[string]string) { site["organisation"] = `F84001";--` }, "may hold only letters"},
		"one holds a semicolon": {func(site map[string]string) { site["organisation_name"] = "a; drop" }, "may hold only letters"},
		"one is no plain word":  {func(site map[string]string) { site["store"] = "emis as p" }, "must be a plain word"},
	} {
		t.Run(name, func(t *testing.T) {
			values := site()
			check.change(values)
			_, err := mapping.Load("gp.yaml", data, values)
			if err == nil || !strings.Contains(err.Error(), check.want) {
				t.Errorf("got %v, want a fault with %q", err, check.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a: &a [*a, *a]"))
	f.Add([]byte("a: &a {<<: *a}\nb: *a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, err := mapping.Load("fuzz.yaml", data, site())
		if (loaded == nil) == (err == nil) {
			t.Fatalf("got mapping %v and error %v, want one of them", loaded, err)
		}
		if faults := (mapping.Faults)(nil); err != nil && !errors.As(err, &faults) {
			t.Fatalf("got error %T, want faults", err)
		}
	})
}
