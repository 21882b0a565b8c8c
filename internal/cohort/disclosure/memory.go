package disclosure

import (
	"errors"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// memory is what the ledger holds of a project's questions, in the form in which new ones are compared. It follows the log.
type memory struct {
	ordinals  map[clinical.Pseudonym]uint32
	questions []*question
	told      map[string]*told // by the definition's digest
	refused   map[string]*Refusal
	span      *span
	lost      error // the log may hold more than this
}

// question is one that was answered.
type question struct {
	number, version int
	digest, name    string
	at              time.Time
	divisions       [][]*roaring.Bitmap
}

var _ embedded.Follower = (*memory)(nil)

func newMemory() *memory {
	return &memory{ordinals: map[clinical.Pseudonym]uint32{}, told: map[string]*told{}, refused: map[string]*Refusal{},
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
	if e.Again {
		if m.told[e.Digest] == nil {
			return errors.New("an answer is protected anew that was never given")
		}
		m.told[e.Digest].add(e)
		return nil
	}
	for _, person := range readPeople(e.Added) {
		m.ordinals[person] = uint32(len(m.ordinals))
	}
	shown, err := e.shown()
	if err != nil {
		return err
	}
	cells, err := readBitmaps(shown, len(m.ordinals))
	if err != nil {
		return err
	}
	kinds, err := readBitmaps(e.Kinds, len(m.ordinals))
	if err != nil {
		return err
	}
	if len(kinds) > 0 {
		m.span = m.span.with(labels(kinds, len(m.ordinals)))
	}
	m.told[e.Digest] = &told{number: number}
	m.told[e.Digest].add(e)
	m.questions = append(m.questions, &question{number: number, digest: e.Digest, name: e.Name, version: e.Version, at: e.At,
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
