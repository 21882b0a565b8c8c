package bench_test

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"onelondon/internal/clinical"
	conditions "onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// Counting is measured on tables laid out as EMIS lays them out: 10,000 patients, of whom each has ten observations, and every
// code in a table of its own.
const (
	countedPeople = 10_000
	countedRows   = 100_000
	countedCodes  = 2_000
)

const countedMapping = `system: counted
title: Counted
missing_dates: [1900-01-01]
person:
  from: patient as p
  nhs_number: p.nhs_number
  organisation: {code: p.practice}
  where: p.deleted is not true
  sensitive: p.sensitive
records:
  Registration:
    - {id: p.patient_id, labels: {sealed: false}, fields: {birthDate: p.born}}
  Observation:
    - from: observation as o
      join: [left code as c on c.code_id = o.code_id]
      person: o.patient_id = p.patient_id
      where: o.deleted is not true
      id: o.observation_id
      labels: {sealed: o.sealed}
      fields:
        code: {codings: [{system: SNOMED_CT, code: c.snomed}, {system: READ_2, code: c.read_code}]}
        date: o.happened
        value: o.number
        unit: o.unit
`

// fillCounted makes the tables within the database: rows over the wire would take minutes.
func fillCounted(b *testing.B, e engine, db *sql.DB) {
	b.Helper()
	series := func(count int) string { return fmt.Sprintf("generate_series(0, %d) AS s(n)", count-1) }
	day := "DATE '2005-01-01' + CAST(%s %% 7300 AS integer)"
	yes, no := "TRUE", "FALSE"
	if e.name == "SQLite" {
		series = func(count int) string {
			return fmt.Sprintf("(WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < %d) SELECT n FROM t) AS s", count-1)
		}
		day, yes, no = "DATE('2005-01-01', '+' || (%s %% 7300) || ' days')", "1", "0"
	}
	// The check digit of a number is reckoned in SQL; those that have none are nobody's.
	statements := []string{
		`CREATE TABLE patient (patient_id BIGINT PRIMARY KEY, nhs_number VARCHAR(12), practice VARCHAR(10), deleted BOOLEAN, sensitive BOOLEAN, born DATE)`,
		`CREATE TABLE code (code_id BIGINT PRIMARY KEY, snomed BIGINT, read_code VARCHAR(10))`,
		`CREATE TABLE observation (observation_id BIGINT PRIMARY KEY, patient_id BIGINT, code_id BIGINT, happened DATE, happened_precision VARCHAR(5),
			number NUMERIC(12,3), unit VARCHAR(20), deleted BOOLEAN, sealed BOOLEAN)`,
		fmt.Sprintf(`INSERT INTO patient SELECT n, nhs, 'F84' || (100 + n %% 90), %s, %s, %s FROM (SELECT n, nine || %s AS nhs FROM
			(SELECT n, CAST(999000000 + n AS VARCHAR(9)) AS nine FROM %s) AS a) AS b`, no, no, fmt.Sprintf(day, "n"), checkDigit(), series(countedPeople)),
		fmt.Sprintf(`INSERT INTO code SELECT n, 100000000 + n, 'X' || n FROM %s`, series(countedCodes)),
		fmt.Sprintf(`INSERT INTO observation SELECT n, n * 7919 %% %d, n * 31 %% %d, %s, 'YMD', n %% 1000 / 10.0, 'mmol/L', %s, %s FROM %s`,
			countedPeople, countedCodes, fmt.Sprintf(day, "n * 13"), no, no, series(countedRows)),
		`CREATE INDEX observation_patient ON observation (patient_id)`,
		`CREATE INDEX observation_code ON observation (code_id)`,
		`CREATE INDEX observation_happened ON observation (happened)`,
		`CREATE INDEX code_snomed ON code (snomed)`,
		`ANALYZE`,
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			b.Fatalf("%v in %.60s: %s", err, statement, yes)
		}
	}
}

// checkDigit reckons the check digit of the nine digits in "nine".
func checkDigit() string {
	var sum []string
	for i := range 9 {
		sum = append(sum, fmt.Sprintf("%d * CAST(SUBSTR(nine, %d, 1) AS INTEGER)", 10-i, i+1))
	}
	return "CAST((11 - (" + strings.Join(sum, " + ") + ") % 11) % 11 AS VARCHAR(2))"
}

// cheap is a stand-in that costs next to nothing, the same for both programs.
func cheap(seed maphash.Seed) func(digits string) clinical.Pseudonym {
	return func(digits string) clinical.Pseudonym { return clinical.Pseudonym(maphash.String(seed, digits)) }
}

// countedCase is a question, with what a hand-written program sends for it.
type countedCase struct {
	name string
	set  sources.RecordedSet
	sql  string
	wide bool // the value and unit are read too
}

func countedCases() []countedCase {
	base := sources.RecordedSet{Kind: clinical.KindObservation, Condition: conditions.Always(), From: clinical.NoDay, Until: clinical.NoDay, Wanted: sources.WantDay}
	const from = " FROM patient AS p JOIN observation AS o ON o.patient_id = p.patient_id"
	const where = " WHERE p.deleted IS NOT TRUE AND p.sensitive IS NOT TRUE AND o.deleted IS NOT TRUE"
	whole, marked, recent, coded := base, base, base, base
	marked.Wanted = sources.WantDay | sources.WantValue | sources.WantMark
	recent.From = mustDay("2023-01-01")
	var codes []string
	for n := 0; n < countedCodes; n += 50 {
		codes = append(codes, fmt.Sprint(100_000_000+n))
		coded.Codes = append(coded.Codes, sources.Code{System: clinical.SNOMED, Code: clinical.Text(codes[len(codes)-1])})
	}
	return []countedCase{
		{"every observation's day", whole, "SELECT p.nhs_number, o.happened" + from + where, false},
		{"day, value and mark", marked, "SELECT p.nhs_number, o.happened, c.snomed, o.number, o.unit" + from + " LEFT JOIN code AS c ON c.code_id = o.code_id" + where, true},
		{"since a day", recent, "SELECT p.nhs_number, o.happened" + from + where + " AND o.happened >= '2023-01-01'", false},
		{"40 of 2,000 codes", coded, "SELECT p.nhs_number, o.happened" + from + " JOIN code AS c ON c.code_id = o.code_id" + where +
			" AND c.snomed IN (" + strings.Join(codes, ", ") + ")", false},
	}
}

func mustDay(text string) clinical.Day {
	day, err := clinical.ParseDay(text)
	if err != nil {
		return clinical.NoDay
	}
	return day
}

// BenchmarkCounting compares, in turns, a source that counts with a hand-written program that sends SQL of its own through the
// same driver and scans the rows, on SQLite and PostgreSQL.
func BenchmarkCounting(b *testing.B) {
	for _, e := range engines()[:2] {
		b.Run(e.name, func(b *testing.B) {
			source, db, dsn := openCounted(b, e)
			byHand := countByDatabaseSQL(b, db)
			if e.name == "PostgreSQL" {
				byHand = countByPgx(b, dsn)
			}
			for _, one := range countedCases() {
				b.Run(one.name, func(b *testing.B) { compareCounting(b, source, byHand, one) })
			}
		})
	}
}

// openCounted makes the tables and opens them as a source.
func openCounted(b *testing.B, e engine) (source *sqlsource.Source, db *sql.DB, dsn string) {
	b.Helper()
	db, dsn = e.make(b)
	fillCounted(b, e, db)
	loaded, err := mapping.Load("counted.yaml", []byte(countedMapping), nil)
	if err != nil {
		b.Fatal(err)
	}
	if source, err = e.open(context.Background(), sqlsource.Options{ID: "counted", DSN: dsn, Mapping: loaded}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { source.Close() })
	return source, db, dsn
}

// tallied is what a program found: how many rows, and a sum that depends on every one.
type tallied struct {
	rows int
	sum  uint64
}

func (t *tallied) add(person clinical.Pseudonym, day clinical.Day) {
	t.rows++
	t.sum += uint64(person) * uint64(day)
}

func compareCounting(b *testing.B, source sources.Counter, byHand func(*testing.B, countedCase, func(string) clinical.Pseudonym) tallied, one countedCase) {
	stand := cheap(maphash.MakeSeed())
	var ours, theirs []time.Duration
	var our, their time.Duration // CPU of this process
	rows := 0
	for b.Loop() {
		begun, used := time.Now(), cpu(b)
		got := countedBy(b, source, one, stand)
		ours, our = append(ours, time.Since(begun)), our+cpu(b)-used
		begun, used = time.Now(), cpu(b)
		want := byHand(b, one, stand)
		theirs, their = append(theirs, time.Since(begun)), their+cpu(b)-used
		if got != want || got.rows == 0 {
			b.Fatalf("the source counts %+v, the program %+v", got, want)
		}
		rows = got.rows
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(rows)/ours[len(ours)/2].Seconds(), "rows/s")
	b.ReportMetric(float64(rows)/theirs[len(theirs)/2].Seconds(), "by-hand-rows/s")
	b.ReportMetric(ours[len(ours)/2].Seconds()/theirs[len(theirs)/2].Seconds(), "times")
	b.ReportMetric(our.Seconds()/their.Seconds(), "times-cpu")
}

func countedBy(b *testing.B, source sources.Counter, one countedCase, stand func(string) clinical.Pseudonym) (found tallied) {
	query := sources.EventQuery{Sets: []sources.RecordedSet{one.set}, Stand: func(n clinical.NHSNumber) (clinical.Pseudonym, bool) { return stand(n.Reveal()), true }}
	if err := source.Events(context.Background(), query, func(_ int, event sources.Event) error {
		found.add(event.Person, event.Day)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return found
}

func countByPgx(b *testing.B, dsn string) func(*testing.B, countedCase, func(string) clinical.Pseudonym) tallied {
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close(context.Background()) })
	return func(b *testing.B, one countedCase, stand func(string) clinical.Pseudonym) (found tallied) {
		rows, err := conn.Query(context.Background(), one.sql)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		var number string
		var at time.Time
		var code *int64
		var value *float64
		var unit *string
		into := []any{&number, &at}
		if one.wide {
			into = append(into, &code, &value, &unit)
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				b.Fatal(err)
			}
			found.known(number, at, stand)
		}
		return found
	}
}

func countByDatabaseSQL(b *testing.B, db *sql.DB) func(*testing.B, countedCase, func(string) clinical.Pseudonym) tallied {
	return func(b *testing.B, one countedCase, stand func(string) clinical.Pseudonym) (found tallied) {
		rows, err := db.Query(one.sql)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		var number string
		var at time.Time
		var code sql.NullInt64
		var value sql.NullFloat64
		var unit sql.NullString
		into := []any{&number, &at}
		if one.wide {
			into = append(into, &code, &value, &unit)
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				b.Fatal(err)
			}
			found.known(number, at, stand)
		}
		return found
	}
}

// known checks the number, as the source does, and adds the row.
func (t *tallied) known(number string, at time.Time, stand func(string) clinical.Pseudonym) {
	if _, err := clinical.ParseNHSNumber(number); err == nil {
		t.add(stand(number), clinical.DayOf(at))
	}
}
