package bench_test

import (
	"database/sql"
	"runtime"
	"sync"
	"testing"

	"onelondon/internal/clinical"
)

// pseudonyms is an open-addressing set, the best structure that was found for this join. 0 is an empty slot.
type pseudonyms struct {
	slots []clinical.Pseudonym
	met   []bool // by slot
	mask  uint64
}

func newPseudonyms(count int) *pseudonyms {
	size := 16
	for size < 2*count {
		size *= 2
	}
	return &pseudonyms{make([]clinical.Pseudonym, size), make([]bool, size), uint64(size - 1)}
}

// slot is where a stand-in is, or belongs.
func (p *pseudonyms) slot(of clinical.Pseudonym) uint64 {
	at := uint64(of) & p.mask
	for p.slots[at] != 0 && p.slots[at] != of {
		at = (at + 1) & p.mask
	}
	return at
}

// byHand answers the one question as a program would that was written for it: two workers read the databases, the people of
// practices go into a set, and those of trusts are looked up in it.
func (t *town) byHand(b *testing.B) int {
	lists := make([][]clinical.Pseudonym, len(t.databases))
	turns := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range turns {
				lists[i] = t.read(b, &t.databases[i])
			}
		})
	}
	for i := range t.databases {
		turns <- i
	}
	close(turns)
	workers.Wait()
	diabetics := 0
	for i := range lists {
		if t.databases[i].practice {
			diabetics += len(lists[i])
		}
	}
	set, both := newPseudonyms(diabetics), 0
	for i := range lists {
		for _, person := range lists[i] {
			at := set.slot(person)
			switch {
			case t.databases[i].practice:
				set.slots[at] = person
			case set.slots[at] == person && !set.met[at]:
				set.met[at] = true
				both++
			}
		}
	}
	return both
}

// The statements are those that the product sends, with the values that it binds.
const (
	practiceStatement = `WITH "asked" AS MATERIALIZED (SELECT value AS "code" FROM json_each('["SNOMED_CT|73211009"]'))
SELECT '0', CAST("p"."nhs_number" AS TEXT) COLLATE BINARY, CAST("c"."happened" AS TEXT) COLLATE BINARY FROM "patient" AS "p" JOIN "problem" AS "c" ON ("c"."patient_id" = "p"."patient_id") WHERE ("c"."snomed" IN (SELECT value FROM json_each('["73211009"]'))) AND (CAST('SNOMED_CT|' || NULLIF(CAST("c"."snomed" AS TEXT) COLLATE BINARY, '') AS TEXT) COLLATE BINARY IN (SELECT "code" FROM "asked")) AND "p"."nhs_number" IS NOT NULL AND ((CASE LOWER(CAST("p"."sensitive" AS TEXT) COLLATE BINARY) WHEN '1' THEN TRUE WHEN 't' THEN TRUE WHEN 'true' THEN TRUE WHEN 'y' THEN TRUE WHEN 'yes' THEN TRUE END) IS NOT TRUE) AND "c"."problem_id" IS NOT NULL AND ("c"."happened" < '2026-03-02' OR CASE SUBSTR(CAST("c"."happened" AS TEXT) COLLATE BINARY, 1, 10) WHEN '' THEN NULL ELSE SUBSTR(CAST("c"."happened" AS TEXT) COLLATE BINARY, 1, 10) END IS NULL)`
	trustStatement = `SELECT '0', CAST("p"."nhs_number" AS text) COLLATE "C" FROM "patient" AS "p" JOIN "visit" AS "v" ON ("v"."patient_id" = "p"."patient_id") WHERE "p"."nhs_number" IS NOT NULL AND ((CASE LOWER(CAST("p"."sensitive" AS text) COLLATE "C") WHEN '1' THEN TRUE WHEN 't' THEN TRUE WHEN 'true' THEN TRUE WHEN 'y' THEN TRUE WHEN 'yes' THEN TRUE END) IS NOT TRUE) AND "v"."visit_id" IS NOT NULL AND NULLIF(CAST(CASE WHEN CAST("v"."class" AS text) COLLATE "C" = 'AE' THEN 'EMERGENCY' WHEN CAST("v"."class" AS text) COLLATE "C" = 'OP' THEN 'OUTPATIENT' END AS text) COLLATE "C", '') IN ('EMERGENCY') AND "v"."happened" >= '2025-03-01' AND "v"."happened" < '2026-03-02' AND ("v"."happened" IS NULL OR "v"."happened" BETWEEN '0001-01-01' AND '9999-12-31') AND "v"."happened" IS NOT NULL GROUP BY "p"."nhs_number"`
)

// read reads who is meant from one database.
func (t *town) read(b *testing.B, of *townDatabase) (people []clinical.Pseudonym) {
	statement := trustStatement
	if of.practice {
		statement = practiceStatement
	}
	rows, err := of.db.Query(statement)
	if err != nil {
		b.Error(err)
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var branch, number string
		var happened sql.NullString
		into := []any{&branch, &number, &happened}
		if !of.practice {
			into = into[:2]
		}
		if err := rows.Scan(into...); err != nil {
			b.Error(err)
		}
		if _, err := clinical.ParseNHSNumber(number); err == nil {
			people = append(people, t.pseudonym(number))
		}
	}
	if err := rows.Err(); err != nil {
		b.Error(err)
	}
	return people
}
