package adversary_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// rubbish is what stands in rows that somebody wrote without care, as SQL.
func rubbish() []string {
	return []string{`'31/02/20'`, `'2026-02-31'`, `'9999999-01-01'`, `'-1'`, `''`, `NULL`, `CAST(x'fffe41' AS TEXT)`, `'a' || char(0) || 'b'`,
		`1e999`, `-0.0`, `'1e309'`, `'NaN'`, `99999999999999999999999999999999999999999999`, `x'00ff'`, `'"}],"data":null'`,
		`'<script>alert(1)</script>'`, `char(8238) || 'evil'`, `printf('%.*c', 300000, 'x')`}
}

// Every second row of the heroine's entries at her practice becomes rubbish, in one column after the other.
func TestRubbishInRowsIsLeftOutAndCounted(t *testing.T) {
	t.Parallel()
	population := people(nil)
	whole := build(t, population)
	clean := whole.open(t)
	before, _ := chart(t, clean, clean.Token(t, trial.GP(heroinesPractice)), whole.cast.Heroine.NHSNumber)
	for _, column := range []string{"EffectiveDate", "EffectiveDatePrecision", "Value", "NumericUnit", "ClinicianUserInRoleGuid", "EnteredDate",
		"IsConfidential", "CodeId", "AbnormalReason", "ObservationType"} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			london := whole.with(emis, database{})
			there := london.fill(t, population, emis, trial.SQLite())
			for i, value := range rubbish() {
				if column == "CodeId" && i > 4 {
					break
				}
				there.do(t, fmt.Sprintf("UPDATE CareRecord_Observation SET %s = %s WHERE rowid %% 36 = %d", column, value, i))
			}
			house := london.open(t)
			after, reply := chart(t, house, house.Token(t, trial.GP(heroinesPractice)), london.cast.Heroine.NHSNumber)
			for id, want := range before.held() {
				if id != emis && !cmp.Equal(after.held()[id], want) {
					t.Errorf("%s:\n%s", id, cmp.Diff(want, after.held()[id]))
				}
			}
			if lines := after.outcomes(emis); slices.ContainsFunc(lines, func(o string) bool { return o == "FAILED" || o == "TIMED_OUT" }) {
				t.Errorf("its lines say %v: some rows are rubbish, the others are not", lines)
			}
			lost := len(before.held()[emis]) - len(after.held()[emis])
			if lost > rejected(after, emis) {
				t.Errorf("%d records are gone, %d are told of", lost, rejected(after, emis))
			}
			if column == "EffectiveDate" && rejected(after, emis) == 0 {
				t.Error("no row was rubbish")
			}
			wellDated(t, after)
			if !utf8.ValidString(reply.Body) || strings.ContainsRune(reply.Body, 0) || strings.Contains(reply.Body, `\u0000`) {
				t.Error("the answer is not text")
			}
		})
	}
}

// wellDated finds no date that is none.
func wellDated(t *testing.T, a answer) {
	t.Helper()
	for _, l := range a.Data.Patient.Lists {
		for _, node := range l.Nodes {
			for _, r := range node.Contributors {
				if r.Date == nil {
					continue
				}
				if _, err := clinical.ParseDateTime(*r.Date); err != nil {
					t.Errorf("a record is dated %q", *r.Date)
				}
			}
		}
	}
}

func rejected(a answer, id clinical.SourceID) int {
	count := 0
	for _, l := range a.Data.Patient.Lists {
		for _, each := range l.Sources {
			if each.Source == id {
				count += each.Rejected
			}
		}
	}
	return count
}

func TestTextsOfAMegabyteAreCutAndTheLineSaysSo(t *testing.T) {
	london := build(t, people(nil))
	london.databases[pas].do(t, `UPDATE Spells SET ADMISSION_WARD = printf('%.*c', 1000000, 'x')`,
		`UPDATE AandeAttendances SET COMPLAINT = printf('%.*c', 1000000, 'y')`)
	house := london.open(t, func(id clinical.SourceID, spec *sources.Spec, _ *sqlsource.Options) {
		if id == pas {
			spec.Limits.Bytes = 500_000
		}
	})
	reply := house.Ask(t, house.Token(t, trial.GP(heroinesPractice)), `query($n: NHSNumber!) { patient(nhsNumber: $n) {
		encounters(first: 50) { nodes { contributors { id provenance { source } } location reason } sources { source outcome } } } }`,
		map[string]any{"n": london.cast.Heroine.NHSNumber.Reveal()})
	if !strings.Contains(reply.Body, `{"source":"bhrut-pas","outcome":"TRUNCATED"}`) || strings.Contains(reply.Body, "xxxx") {
		t.Errorf("%.500s", reply.Body)
	}
	for _, id := range []clinical.SourceID{emis, barts} {
		if !strings.Contains(reply.Body, `{"source":"`+string(id)+`","outcome":"ANSWERED"}`) {
			t.Errorf("%s has not answered", id)
		}
	}
}

// A source lists whom it knows; what is no NHS number is nobody, and nobody else is lost by it.
func TestWrongNHSNumbersInASourceHideNobodyElse(t *testing.T) {
	london := build(t, people(nil))
	for i, wrong := range []string{"''", "NULL", "'not a number'", "'9992000008'", "'999200000799920000079992000007'", "x'ff'", "'٩٩٩٢٠٠٠٠٠٧'"} {
		london.databases[emis].do(t, fmt.Sprintf(`UPDATE Admin_Patient SET NhsNumber = %s WHERE rowid IN
			(SELECT rowid FROM Admin_Patient WHERE NhsNumber != '%s' LIMIT 1 OFFSET %d)`, wrong, london.cast.Heroine.NHSNumber.Reveal(), i))
	}
	house := london.open(t)
	got, _ := chart(t, house, house.Token(t, trial.GP(heroinesPractice)), london.cast.Heroine.NHSNumber)
	if len(got.held()[emis]) == 0 {
		t.Error("the heroine's practice has nothing of her")
	}
}

// The product's own connection cannot write, whatever its role may do.
func TestTheProductCannotWriteEvenWithARoleThatMay(t *testing.T) {
	population := people(nil)
	for _, e := range trial.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			c := &city{cast: population.Cast, databases: map[clinical.SourceID]database{}}
			there := c.fill(t, population, pas, e)
			where := map[string]string{"organisation": "RF4", "organisation_name": "BHRUT"}
			source, err := e.Open(t.Context(), sqlsource.Options{ID: pas, DSN: there.Owner, Mapping: trial.Mapping(t, string(seed.PAS)+".yaml", where)})
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			if err := source.ProveReadOnly(t.Context()); err != nil {
				t.Error(err)
			}
			// The same statement through the owner's own connection goes through: the proof proves something.
			there.do(t, "UPDATE "+there.quoted("PMI")+" SET "+there.quoted("NHS_NUMBER")+" = "+there.quoted("NHS_NUMBER")+" WHERE 1 = 0")
		})
	}
}
