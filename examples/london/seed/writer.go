package seed

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

var _ Writer = (*writer)(nil)

// Writer writes people into one system's own tables. It is used by one goroutine. After an error it is of no more use: the
// transaction has to be thrown away with the database.
type Writer interface {
	// Organisation makes an organisation known. One that holds a Person, or is named as practice or recipient, comes first.
	Organisation(ctx context.Context, organisation Organisation) error
	// Person writes a person with all records. It fails on a record that the system has no place for, so that nothing is
	// left out in silence.
	Person(ctx context.Context, person *Person) error
	// Rows is how many rows have been written so far.
	Rows() int
	// Close writes what is gathered, makes the indexes and commits.
	Close(ctx context.Context) error
}

// Open makes the tables of system in db, which must not have them, and returns a writer for them. OMOP has no writer: see
// [OpenTables].
func Open(ctx context.Context, db *sql.DB, dialect Dialect, system System) (Writer, error) {
	makers := map[System]func(*store) native{EMIS: newEMIS, SystmOne: newSystmOne, Compass: newCompass,
		Millennium: newMillennium, PAS: newPAS, CoordinateMyCare: newCarePlans}
	newSystem, ok := makers[system]
	if !ok {
		return nil, fmt.Errorf("opening a writer: there is none for %q", system)
	}
	s, err := open(ctx, db, dialect, system)
	if err != nil {
		return nil, err
	}
	w := &writer{store: s, system: newSystem(s)}
	if err := w.system.begin(ctx); err != nil {
		return nil, s.abandon(err)
	}
	return w, nil
}

// native is what is particular to one record system.
type native interface {
	begin(ctx context.Context) error
	organisation(ctx context.Context, organisation Organisation) error
	person(ctx context.Context, person *Person) error
}

type writer struct {
	store  *store
	system native
}

func (w *writer) Organisation(ctx context.Context, organisation Organisation) error {
	return w.system.organisation(ctx, organisation)
}

func (w *writer) Person(ctx context.Context, person *Person) error {
	return w.system.person(ctx, person)
}

func (w *writer) Rows() int { return w.store.written }

func (w *writer) Close(ctx context.Context) error { return w.store.finish(ctx) }

// each calls write for every element of list until one fails.
func each[T any](list []T, write func(*T) error) error {
	for i := range list {
		if err := write(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// refuse fails when a system is given records of a kind it has no place for.
func refuse(system System, kinds map[string]int) error {
	for kind, count := range kinds {
		if count > 0 {
			return fmt.Errorf("writing a person: %s has no place for %s", system, kind)
		}
	}
	return nil
}

// day writes a date as a day, 2022-02-18; a coarser date becomes its first day. A missing date is empty.
func day(d clinical.DateTime) string {
	if d.IsZero() {
		return ""
	}
	return d.At().Format("2006-01-02")
}

// clockTime writes the time of day, empty where the date has none.
func clockTime(d clinical.DateTime) string {
	if d.Precision() < clinical.PrecisionMinute {
		return ""
	}
	return d.At().Format("15:04:05")
}

// stamp writes a date with its time, midnight where none is known. A missing date is empty.
func stamp(d clinical.DateTime) string {
	if d.IsZero() {
		return ""
	}
	return d.At().Format("2006-01-02 15:04:05")
}

// unknownDay is what text systems write for a date that nobody knows.
const unknownDay = "1900-01-01 00:00:00"

// stampOrUnknown writes a clinical date as stamp does, and the sentinel for a missing one.
func stampOrUnknown(d clinical.DateTime) string {
	if d.IsZero() {
		return unknownDay
	}
	return stamp(d)
}

// recorded is when an entry was typed in: with its clinical date, unless another is given.
func (e *Entry) recorded() clinical.DateTime {
	if e.Recorded.IsZero() {
		return e.Date
	}
	return e.Recorded
}

// refs says which identifier each encounter of a person was given.
type refs map[string]string

func (r refs) put(e *Encounter, id string) {
	r[e.Ref] = id
	if e.ID != "" {
		r[e.ID] = id
	}
}

// find is the identifier of the encounter an entry belongs to, empty for none.
func (r refs) find(e *Entry) (string, error) {
	if e.Encounter == "" {
		return "", nil
	}
	id, ok := r[e.Encounter]
	if !ok {
		return "", fmt.Errorf("writing a record: its encounter is not among the person's")
	}
	return id, nil
}

// held says which identifier each appointment was given, by the encounter that was held at it.
func (r refs) held(a *Appointment, id string) {
	if a.Encounter != "" {
		r[a.Encounter] = id
	}
}

// at is the identifier of the appointment at which an encounter was held, empty for none.
func (r refs) at(e *Encounter) string { return or(r[e.Ref], r[e.ID]) }

// or is text, or other where text is empty.
func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// line is the i-th of a person's address lines, empty where there are fewer.
func (p *Person) line(i int) string {
	if i < len(p.Address) {
		return p.Address[i]
	}
	return ""
}

// sex is the letter that all of these systems write for administrative gender.
func (p *Person) sex() string {
	switch p.Gender {
	case clinical.GenderFemale:
		return "F"
	case clinical.GenderMale:
		return "M"
	case clinical.GenderOther:
		return "I"
	}
	return "U"
}

// spaced writes an NHS number in groups, 999 000 0018.
func spaced(number string) string {
	if len(number) != 10 {
		return number
	}
	return strings.Join([]string{number[:3], number[3:6], number[6:]}, " ")
}

// splitName parts a name at its last blank.
func splitName(name string) (given, family string) {
	if i := strings.LastIndexByte(name, ' '); i > 0 {
		return name[:i], name[i+1:]
	}
	return "", name
}
