package disclosure

import (
	"context"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// Question is one that was counted and not yet answered.
type Question struct {
	Definition *cohort.Definition
	Digest     string          // of the definition
	Counted    *cohort.Counted // its exact answer
	Known      *cohort.Counted // the exact answer to [Known] of the definition, from the same data
	Rules      Rules
	Basis      string // says who and what was left out; another basis is another count
}

// Reservation is a decision that holds the project until it is committed or cancelled: nobody else is decided about meanwhile.
type Reservation struct {
	Result  cohort.Result  // what may be shown, once committed
	Earlier *cohort.Answer // the answer that the same question got before; nothing is to be committed then

	ledger *Ledger
	entry  *entry
	over   sync.Once
}

// Reserve decides a question. It is a [*Refusal] where it may not be answered, and that is kept like an answer before it is told.
func (l *Ledger) Reserve(ctx context.Context, q Question) (*Reservation, error) {
	if err := q.Rules.Check(); err != nil {
		return nil, err
	}
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	reservation, err := l.decide(ctx, &q)
	if err != nil || reservation.Earlier != nil {
		l.leave()
	}
	return reservation, err
}

func (l *Ledger) decide(ctx context.Context, q *Question) (*Reservation, error) {
	m := l.memory
	if told := m.told[q.Digest]; told != nil {
		answer, err := told.under(q.Rules, q.Basis)
		if err != nil {
			return nil, err
		}
		return &Reservation{Result: answer.Result, Earlier: answer}, nil
	}
	if refused := m.refused[q.Digest]; refused != nil {
		return nil, refusedBefore(refused)
	}
	if len(m.told)+len(m.refused) >= q.Rules.MostQuestions {
		return nil, tooMany(q.Rules) // not kept: there is nothing that it could spend
	}
	e := &entry{Digest: q.Digest, Name: q.Definition.Name, Version: q.Definition.Version, At: l.options.Now().UTC()}
	d, err := newDecision(m, q)
	if err != nil {
		return nil, err
	}
	if refusal := d.refusal(); refusal != nil {
		e.Refused = refusal.Code
		if err := l.append(ctx, e); err != nil {
			return nil, err
		}
		return nil, refusal
	}
	if err := d.fill(e); err != nil {
		return nil, err
	}
	return &Reservation{Result: d.table.result(), ledger: l, entry: e}, nil
}

// decision is what a question comes to beside those before it.
type decision struct {
	memory   *memory
	question *Question
	ordinals map[clinical.Pseudonym]uint32 // of those whom the ledger has not met
	added    []clinical.Pseudonym
	told     []*roaring.Bitmap
	sizes    *sizes
	table    *table
	cells    []*roaring.Bitmap
	span     *span
}

func newDecision(m *memory, q *Question) (*decision, error) {
	if q.Known == nil {
		return nil, ErrUnknownPeople
	}
	d := &decision{memory: m, question: q, ordinals: map[clinical.Pseudonym]uint32{}}
	kinds := kindsOf(q.Definition, q.Known, q.Counted)
	for _, person := range q.Counted.Everybody {
		if kinds.of[person] == 0 {
			return nil, ErrUnknownPeople
		}
	}
	for _, people := range kinds.divided(q.Rules.SmallestGroup) {
		d.told = append(d.told, d.bitmap(people))
	}
	var err error
	d.sizes = kinds.sizes(q.Counted)
	if d.table, err = protect(q.Counted, q.Definition, q.Rules, d.sizes); err != nil {
		return nil, err
	}
	d.cells = d.shown()
	return d, nil
}

// bitmap is people by their ordinals; whoever has none gets the next.
func (d *decision) bitmap(people []clinical.Pseudonym) *roaring.Bitmap {
	ordinals := make([]uint32, len(people))
	for i, person := range people {
		ordinal, known := d.memory.ordinals[person]
		if !known {
			if ordinal, known = d.ordinals[person]; !known {
				ordinal = uint32(len(d.memory.ordinals) + len(d.added))
				d.ordinals[person] = ordinal
				d.added = append(d.added, person)
			}
		}
		ordinals[i] = ordinal
	}
	slices.Sort(ordinals)
	return roaring.BitmapOf(ordinals...)
}

// shown are the cells that are shown. Where people may be in several, two that differ by few are not shown both: the smaller is
// redacted, and the later of two equals.
func (d *decision) shown() []*roaring.Bitmap {
	var lines []*line
	var cells []*roaring.Bitmap
	for _, line := range d.table.shown() {
		if line.cell == nil {
			continue
		}
		cell := d.bitmap(line.cell.People)
		if d.question.Counted.Overlapping {
			if at := slices.IndexFunc(cells, func(other *roaring.Bitmap) bool { return d.close(cell, other) }); at >= 0 {
				if line.people > lines[at].people {
					line, lines[at], cell, cells[at] = lines[at], line, cells[at], cell
				}
				line.hidden = true
				d.table.notes.complementary++
				continue
			}
		}
		lines, cells = append(lines, line), append(cells, cell)
	}
	before := d.table.notes.complementary
	if d.table.complement(); d.table.notes.complementary > before {
		return d.shown() // more is redacted now, because of what was
	}
	return cells
}

// close reports whether two sets differ by few people, and not by nobody.
func (d *decision) close(a, b *roaring.Bitmap) bool {
	apart := a.GetCardinality() + b.GetCardinality() - 2*a.AndCardinality(b)
	return apart > 0 && apart < uint64(d.question.Rules.SmallestDifference)
}

// refusal is why the question may not be answered; nil if it may.
func (d *decision) refusal() *Refusal {
	people, rules := len(d.memory.ordinals)+len(d.added), d.question.Rules
	d.span = d.memory.span.with(labels(d.told, people))
	if d.span.tells(rules.SmallestGroup) {
		return toldApart(rules)
	}
	divided := divisions(d.cells, d.question.Counted.Overlapping)
	if other := compare(divided, people, rules.SmallestDifference).nearTo(d.memory.questions); other != nil {
		return near(other, rules)
	}
	return nil
}

// fill writes down what later questions are held against.
func (d *decision) fill(e *entry) (err error) {
	if e.Exact, err = d.exact(); err != nil {
		return err
	}
	e.Added, e.Overlapping = writePeople(d.added), d.question.Counted.Overlapping
	e.Rules, e.Basis, e.Shown = &d.question.Rules, d.question.Basis, d.table.places()
	if len(d.span.vectors) == len(d.memory.span.vectors) {
		return nil // people are divided as before
	}
	e.Kinds, err = writeBitmaps(d.told)
	return err
}

// Commit keeps the answer, with what was decided as its result, and returns once it is on the disk. Only then may it leave.
func (r *Reservation) Commit(ctx context.Context, answer *cohort.Answer) error {
	err := ErrDone
	r.over.Do(func() {
		if r.ledger == nil {
			return
		}
		defer r.ledger.leave()
		answer.Result = r.Result
		r.entry.Answer = answer
		err = r.ledger.append(ctx, r.entry)
	})
	return err
}

// Cancel lets go of a question that is not answered after all. It may be called after Commit, and then does nothing.
func (r *Reservation) Cancel() {
	r.over.Do(func() {
		if r.ledger != nil {
			r.ledger.leave()
		}
	})
}
