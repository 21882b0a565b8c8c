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
	t.look(true)
	runtime.KeepAlive(lists)
	runtime.KeepAlive(set)
	return both
}

// read reads who is meant from one database, by the statement that the product sends it.
func (t *town) read(b *testing.B, of *townDatabase) (people []clinical.Pseudonym) {
	rows, err := of.db.Query(of.explained.SQL, of.explained.Args...)
	if err != nil {
		b.Error(err)
		return nil
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		b.Error(err)
	}
	columns, into := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range columns {
		into[i] = &columns[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			b.Error(err)
		}
		if number := columns[0].String; number != "" {
			if _, err := clinical.ParseNHSNumber(number); err == nil {
				people = append(people, t.pseudonym(number))
			}
		}
	}
	if err := rows.Err(); err != nil {
		b.Error(err)
	}
	return people
}
