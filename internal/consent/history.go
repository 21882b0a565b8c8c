package consent

import (
	"context"
	"fmt"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// Recorded is a directive as the register holds it.
type Recorded struct {
	Directive
	Receipt Receipt   // its sequence is the revision that it made
	Taken   time.Time // when the register took it; zero for what an early version recorded, which did not say
}

// Revision is the revision of the register that the directive made.
func (r Recorded) Revision() Revision { return Revision(r.Receipt.Sequence) }

// Adopted is one consumer's word that it has applied what people decided.
type Adopted struct {
	Adoption
	At         time.Time // when it had applied it
	RecordedBy string
	Recorded   Revision // the revision that the adoption itself made
}

// History returns every directive about a person, oldest first, with the number in it also where an early version did not
// store it. Each is proved to be as it was recorded; that none is missing only [Register.Verify] can tell.
func (r *Register) History(ctx context.Context, person clinical.NHSNumber) ([]Recorded, error) {
	if person.IsZero() {
		return nil, fmt.Errorf("%w: no NHS number", ErrDirective)
	}
	var history []Recorded
	query := embedded.Query{Person: r.picture.key(person)}
	for {
		rows, err := r.log.Read(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			recorded, err := recordedIn(row)
			if err != nil {
				return nil, err
			}
			recorded.Person = person
			history = append(history, recorded)
			query.After = row.Sequence
		}
		if len(rows) == 0 {
			return history, nil
		}
	}
}

func recordedIn(row embedded.Row) (Recorded, error) {
	directive, taken, err := decode(row.Body)
	if err != nil {
		return Recorded{}, fmt.Errorf("directive %d: %w", row.Sequence, err)
	}
	return Recorded{Directive: directive, Receipt: row.Receipt, Taken: taken}, nil
}

// Adoptions returns which consumer applied which decisions when, in the order they were recorded.
func (r *Register) Adoptions(ctx context.Context) ([]Adopted, error) {
	if !r.reader {
		if err := r.log.Fresh(); err != nil {
			return nil, err
		}
		return r.picture.adoptions()
	}
	var adopted []Adopted
	_, err := r.each(ctx, 0, func(recorded *Recorded) error {
		if adoption, is := recorded.About.(Adoption); is {
			adopted = append(adopted, Adopted{adoption, recorded.At, recorded.RecordedBy, recorded.Revision()})
		}
		return nil
	})
	return adopted, err
}

// each visits every directive after a revision, in the order of recording, and returns the revision of the last.
func (r *Register) each(ctx context.Context, after Revision, visit func(*Recorded) error) (Revision, error) {
	for {
		rows, err := r.log.Read(ctx, embedded.Query{After: uint64(after)})
		if err != nil || len(rows) == 0 {
			return after, err
		}
		for _, row := range rows {
			recorded, err := recordedIn(row)
			if err == nil {
				err = visit(&recorded)
			}
			if err != nil {
				return after, err
			}
			after = recorded.Revision()
		}
	}
}

// Freshness returns the moment at which the register last held all that a list said, and whether there is one. It is false as
// well where the register cannot vouch for what it knows: a use that needs the list must then be refused.
func (r *Register) Freshness(list List) (asAt time.Time, known bool) {
	return r.picture.freshness(list)
}

// Revision returns the revision by which State answers now.
func (r *Register) Revision() Revision { return r.picture.at() }

// Key returns what stands for a person in this register and in what is read from it: 32 hexadecimal digits that say nothing
// without the register's key. The zero number has none.
func (r *Register) Key(person clinical.NHSNumber) string {
	if person.IsZero() {
		return ""
	}
	return written(r.picture.key(person))
}
