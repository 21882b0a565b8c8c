package disclosure

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/embedded"
)

// memory is what the ledger holds of a project's questions, in the form in which new ones are compared. It follows the log.
type memory struct {
	ordinals  map[clinical.Pseudonym]uint32
	questions []*question
	answers   map[string]*cohort.Answer // by the definition's digest
	refused   map[string]*Refusal
	span      *span
	lost      error // the log may hold more than this
}

// question is one that was answered.
type question struct {
	number, version int
	name            string
	at              time.Time
	divisions       [][]*roaring.Bitmap
}

var _ embedded.Follower = (*memory)(nil)

func newMemory() *memory {
	return &memory{ordinals: map[clinical.Pseudonym]uint32{}, answers: map[string]*cohort.Answer{}, refused: map[string]*Refusal{},
		span: newSpan()}
}

// Committed takes in what is on the disk.
func (m *memory) Committed(rows []embedded.Row) error {
	for _, row := range rows {
		e, err := readEntry(row.Body)
		if err != nil {
			return err
		}
		if err := m.take(int(row.Sequence), e); err != nil {
			return err
		}
	}
	return nil
}

// Lost says that the log may hold more.
func (m *memory) Lost(err error) { m.lost = err }

// Found says that everything was seen.
func (m *memory) Found() { m.lost = nil }

func (m *memory) take(number int, e *entry) error {
	if e.Refused != "" {
		m.refused[e.Digest] = &Refusal{Code: e.Refused}
		return nil
	}
	for _, person := range readPeople(e.Added) {
		m.ordinals[person] = uint32(len(m.ordinals))
	}
	cells, err := readBitmaps(e.Cells, len(m.ordinals))
	if err != nil {
		return err
	}
	told, err := readBitmaps(e.Kinds, len(m.ordinals))
	if err != nil {
		return err
	}
	if len(told) > 0 {
		m.span = m.span.with(labels(told, len(m.ordinals)))
	}
	m.answers[e.Digest] = e.Answer
	m.questions = append(m.questions, &question{number: number, name: e.Name, version: e.Version, at: e.At,
		divisions: divisions(cells, e.Overlapping)})
	return nil
}

// labels numbers the people of disjoint sets from 1.
func labels(of []*roaring.Bitmap, people int) []int32 {
	labels := make([]int32, people)
	for i, bitmap := range of {
		bitmap.Iterate(func(ordinal uint32) bool {
			labels[ordinal] = int32(i + 1)
			return true
		})
	}
	return labels
}

// divisions are the ways in which cells divide people: one for all of them; where people may be in several cells, one for each.
func divisions(cells []*roaring.Bitmap, overlapping bool) [][]*roaring.Bitmap {
	if !overlapping {
		return [][]*roaring.Bitmap{cells}
	}
	var each [][]*roaring.Bitmap
	for _, cell := range cells {
		each = append(each, []*roaring.Bitmap{cell})
	}
	return each
}
