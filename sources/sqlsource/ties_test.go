package sqlsource_test

import (
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// asking for what visits with a diagnosis hang together by: the two diagnoses of a visit stand side by side in one row.
func asking(t testing.TB, code clinical.Text, kinds ...clinical.Kind) sources.Query {
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: code}})
	carrying := condition.Where(
		condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(true)}, Codes: codes}},
		condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelThirdParty), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(true)}}})
	var query sources.Query
	for _, kind := range kinds {
		part := everything(t, kind)
		part.Condition, part.Ties = carrying, true
		part.Fields = kind.Descriptor().Set("encounterId", "problemId", "appointmentId", "code")
		query.Parts = append(query.Parts, part)
	}
	return query
}

func TestDiagnosesSideBySideAreOneBranchOfTies(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		for code, want := range map[clinical.Text][]string{"E11": {"101"}, "I10": {"100", "101"}, "i10": nil, "B20": nil} {
			query := asking(t, code, clinical.KindCondition)
			sql := source.SQL(query)
			if len(sql) != 1 || strings.Count(sql[0], `"Visit"`)+strings.Count(sql[0], "[Visit]") != 1 {
				t.Fatalf("not one branch:\n%s", strings.Join(sql, "\n"))
			}
			var visits []string
			for _, record := range fetch(t, source, query.Parts...).Parts[0].Records {
				visits = append(visits, string(record.About().Encounter))
				if carried, known := record.About().Labels.Value(clinical.LabelHIV); !carried || !known {
					t.Errorf("visit %s does not say that it carries the label", record.About().Encounter)
				}
			}
			if slices.Sort(visits); !slices.Equal(visits, want) {
				t.Errorf("%s: visits %v, want %v", code, visits, want)
			}
		}
	})
}

func TestTiesOfTwoPeopleOrOfTwoConditionsAreNotMixed(t *testing.T) {
	onTheModelToo(t, func(t *testing.T, e engine) {
		source := clinicOn(t, e)
		one, other := asking(t, "E11", clinical.KindCondition), asking(t, "I10", clinical.KindCondition)
		somebody := other
		somebody.Parts = slices.Clone(other.Parts)
		somebody.Parts[0].Person = person(t, "9990000026")
		answer := fetch(t, source, slices.Concat(one.Parts, other.Parts, somebody.Parts)...)
		for i, want := range []int{1, 2, 0} {
			if got := len(answer.Parts[i].Records); got != want {
				t.Errorf("part %d: %d visits, want %d", i, got, want)
			}
		}
	})
}
