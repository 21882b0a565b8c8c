package sqlsource_test

import (
	"fmt"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// BenchmarkFetch reads some 100 records of three kinds, with a row condition, in one statement.
func BenchmarkFetch(b *testing.B) {
	var rows []string
	for i := range 60 {
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Obs" VALUES ('b%02d', 'p1', 10, 'C', 'XE0Ub', 'BP up', '2017-04-%02d 10:22:00', 'YMD', 'F',
			'a note of some length', 'R1H', 'F84001', '140.50', 'mmHg', FALSE, FALSE, 'no')`, i, 1+i%28),
			fmt.Sprintf(`INSERT INTO "Visit" VALUES (%d, 'p1', '2016-04-%02d 08:00:00', 'N', 'I10', NULL)`, 200+i, 1+i%28))
	}
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) {
			source := clinicOn(b, e, rows...)
			query := sources.Query{Caller: sources.Caller{ID: "dr-1", RequestID: "req-1"}}
			for _, kind := range []clinical.Kind{clinical.KindRegistration, clinical.KindObservation, clinical.KindCondition} {
				part := everything(b, kind)
				part.Limit = 50
				part.Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSensitive),
					Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}}})
				query.Parts = append(query.Parts, part)
			}
			b.ReportAllocs()
			for b.Loop() {
				answer, err := source.Fetch(b.Context(), query)
				if err != nil || len(answer.Parts[1].Records) != 50 || len(answer.Parts[2].Records) != 50 {
					b.Fatal(err, answer)
				}
			}
		})
	}
}

// BenchmarkCodes reads 60 observations and as many diagnoses on condition that none of some labels, which go by codes, is set.
func BenchmarkCodes(b *testing.B) {
	var rows []string
	for i := range 60 {
		rows = append(rows, fmt.Sprintf(`INSERT INTO "Obs" VALUES ('b%02d', 'p1', 10, 'C', 'XE0Ub', 'BP up', '2017-04-%02d 10:22:00', 'YMD', 'F',
			'a note of some length', 'R1H', 'F84001', '140.50', 'mmHg', FALSE, FALSE, 'no')`, i, 1+i%28),
			fmt.Sprintf(`INSERT INTO "Visit" VALUES (%d, 'p1', '2016-04-%02d 08:00:00', 'N', 'I10', NULL)`, 200+i, 1+i%28))
	}
	for _, e := range engines() {
		source := clinicOn(b, e, rows...)
		for _, size := range []struct{ lists, codes int }{{0, 0}, {1, 30}, {1, 300}, {1, 2800}, {11, 30}, {11, 255}} {
			b.Run(fmt.Sprintf("%s/%dx%d", e.name, size.lists, size.codes), func(b *testing.B) {
				query := sources.Query{Caller: sources.Caller{ID: "dr-1", RequestID: "req-1"}}
				clause := freeOf(size.lists, size.codes)
				for _, kind := range []clinical.Kind{clinical.KindRegistration, clinical.KindObservation, clinical.KindCondition} {
					part := everything(b, kind)
					part.Limit = 50
					if kind != clinical.KindRegistration {
						part.Condition = condition.Where(clause)
					}
					query.Parts = append(query.Parts, part)
				}
				for b.Loop() {
					answer, err := source.Fetch(b.Context(), query)
					if err != nil || len(answer.Parts[1].Records) != 50 || len(answer.Parts[2].Records) != 50 {
						b.Fatal(err, answer)
					}
				}
			})
		}
	}
}

// freeOf demands that a record carry none of some labels, each of which goes by a list.
func freeOf(lists, codes int) condition.Clause {
	var clause condition.Clause
	for i, label := range clinical.Categories()[:lists] {
		var listed []clinical.Coding
		for j := range codes {
			listed = append(listed, clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(fmt.Sprint(999000000000 + 1000*i + j))})
		}
		clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(false)}, Codes: condition.NewCodes(listed, clinical.ICD10, clinical.LocalCode)})
	}
	return clause
}
