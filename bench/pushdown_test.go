package bench_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"onelondon/internal/clinical"
	conditions "onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlsource"
)

// records is how much a person may have: somebody of 80 with thirty years of blood tests.
const records = 10_000

// BenchmarkPushedDown compares, in turns, a page of 20 and a whole list of one person's 10,000 observations: the rule applied by
// the database, and by this program to everything that it fetched.
func BenchmarkPushedDown(b *testing.B) {
	for _, e := range engines()[:2] {
		for _, released := range []int{10, 90} {
			b.Run(fmt.Sprintf("%s/%d%% released", e.name, released), func(b *testing.B) {
				source, rule := burdened(b, e, released), releasedToAGP(b)
				for _, limit := range []int{20, records} {
					b.Run(map[int]string{20: "page of 20", records: "all"}[limit], func(b *testing.B) {
						comparePushedDown(b, source, rule, limit)
					})
				}
			})
		}
	}
}

func comparePushedDown(b *testing.B, source sources.Source, rule conditions.Condition, limit int) {
	var pushed, after []time.Duration
	for b.Loop() {
		begun := time.Now()
		inside := askObservations(b, source, rule, limit)
		pushed = append(pushed, time.Since(begun))
		begun = time.Now()
		outside := slices.DeleteFunc(askObservations(b, source, conditions.Always(), records), func(record clinical.Record) bool { return !rule.Match(record) })
		after = append(after, time.Since(begun))
		if outside = outside[:min(limit, len(outside))]; len(inside) != len(outside) || inside[0].About().ID != outside[0].About().ID {
			b.Fatalf("%d records by the database, %d by this program", len(inside), len(outside))
		}
	}
	slices.Sort(pushed)
	slices.Sort(after)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(pushed[len(pushed)/2].Seconds()*1e3, "pushed-ms")
	b.ReportMetric(after[len(after)/2].Seconds()*1e3, "filtered-after-ms")
	b.ReportMetric(after[len(after)/2].Seconds()/pushed[len(pushed)/2].Seconds(), "times")
}

func askObservations(b *testing.B, source sources.Source, rule conditions.Condition, limit int) []clinical.Record {
	person, err := clinical.ParseNHSNumber(nhsNumber(asked))
	if err != nil {
		b.Fatal(err)
	}
	answer, err := source.Fetch(context.Background(), sources.Query{Limits: sources.Limits{Rows: 2 * records, Bytes: 1 << 28}, Parts: []sources.Part{{
		Kind: clinical.KindObservation, Person: person, Condition: rule, Limit: limit,
		Fields: clinical.KindObservation.Descriptor().Set("code", "date", "status", "value", "unit")}}})
	if err != nil {
		b.Fatal(err)
	}
	return answer.Parts[0].Records
}

// releasedToAGP is the rule that ships, for observations of another organisation.
func releasedToAGP(b *testing.B) conditions.Condition {
	engine, err := policy.Open(context.Background(), policy.Embedded(), policy.Options{})
	if err != nil {
		b.Fatal(err)
	}
	decision, err := engine.Decide(context.Background(), policy.Input{Role: "R0260", Organisation: practice, Purpose: policy.Treatment,
		Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none", Capacity: policy.CapacityPresumed,
			Preferences: []policy.Preference{{Effect: "deny", Category: "hiv", Party: "anyone"}}}})
	if err != nil {
		b.Fatal(err)
	}
	return decision.Release(clinical.KindObservation).Condition
}

// burdened is a source with one person, of whose observations so many in a hundred are not sealed.
func burdened(b *testing.B, e engine, released int) sources.Source {
	b.Helper()
	person := sourcetest.Person{LocalID: "p", NHSNumber: nhsNumber(asked), Organisation: "R1H"}
	for i := range records {
		observation := &clinical.Observation{Value: "5.4", Unit: "mmol/L"}
		meta := observation.About()
		meta.ID, meta.Organisation.Code, meta.Status = clinical.Text(fmt.Sprintf("o%05d", i)), "R1H", clinical.StatusActive
		meta.Code.Coding = clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(fmt.Sprint(1_000_000 + i%200)), Display: "A blood test"}
		meta.Date = clinical.NewDateTime(time.Date(1995, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i)*26*time.Hour), clinical.PrecisionSecond)
		meta.Labels.Put(clinical.LabelSealed, i*37%100 >= released)
		meta.Labels.Put(clinical.LabelThirdParty, false)
		person.Records = append(person.Records, observation)
	}
	owner, reader := e.make(b)
	dialect := map[string]sourcetest.Dialect{"SQLite": sourcetest.SQLite, "PostgreSQL": sourcetest.PostgreSQL}[e.name]
	err := sourcetest.Load(dialect, sourcetest.Dataset{Source: "burdened", People: []sourcetest.Person{person}}, func(statement string, arguments ...any) error {
		_, err := owner.ExecContext(context.Background(), statement, arguments...)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := owner.ExecContext(context.Background(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	m, err := mapping.Load("sourcetest.yaml", []byte(sourcetest.MappingYAML()), nil)
	if err != nil {
		b.Fatal(err)
	}
	source, err := e.open(context.Background(), sqlsource.Options{ID: "burdened", DSN: reader, Mapping: m})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = source.Close() })
	return source
}
