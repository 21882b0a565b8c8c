package gate

import (
	"slices"

	"onelondon/internal/clinical"
)

// walk produces one page of one list by a k-way merge over the streams of all sources. A record that says the same as
// an earlier one of another organisation joins that item instead of becoming its own.
//
// Merging runs from newest to oldest: an item absorbs matching records within its kind's reach. A page therefore looks
// ahead as far as its items reach, and a cursor carries the items that may still absorb, so that walking a list page by
// page yields exactly the items of one big page.
type walk struct {
	list    *List
	streams []*stream

	unalike kindSet  // never merged, see planStreams
	open    []leader // items that may still absorb, newest first: from earlier pages, then from this one
	items   []clinical.Record
	places  []place // of the released items, for their cursors
	hasNext bool
	passed  []clinical.Record // read ahead of the page's end, and read again for the next page
	seen    []clinical.Record // allergies only: everything read, for conflicts
}

// leader is an item that may absorb others.
type leader struct {
	Key          uint64 // hash of kind and sameness key
	Kind         clinical.Kind
	Source       clinical.SourceID // the origin: a source behind another OneLondon counts like our own
	Organisation clinical.Text
	Intent       clinical.Text // of a medicine: plan, order ...
	Date         clinical.DateTime
	item         clinical.Record // nil for an item of an earlier page
}

// apart reports whether two records may be merged: they come from different organisations, or are a course of medicine
// and an issue of it.
func (l *leader) apart(other *leader) bool {
	return l.Source != other.Source || l.Organisation != other.Organisation || l.Intent != other.Intent
}

// advance goes on as far as the fetched records allow; it returns false if a stream must be fetched further.
func (w *walk) advance() bool {
	w.makeRoom()
	for len(w.items) < w.list.First {
		next, ready := w.next()
		if !ready {
			return false
		}
		if next == nil {
			return true
		}
		w.admit(next.head())
		next.pop()
	}
	return w.lookAhead()
}

// makeRoom allocates for the items that have been fetched and fit on the page.
func (w *walk) makeRoom() {
	if w.items != nil {
		return
	}
	count := 0
	for _, s := range w.streams {
		count += len(s.buffer)
	}
	if count = min(count, w.list.First); count > 0 {
		w.items, w.open = make([]clinical.Record, 0, count), slices.Grow(w.open, count)
	}
}

// next returns the stream with the first record overall, or nil at the end. Ready is false while any stream's head is
// unknown.
func (w *walk) next() (first *stream, ready bool) {
	for _, s := range w.streams {
		if s.starved() {
			return nil, false
		}
		if s.head() == nil {
			continue
		}
		if first == nil || s.first.compare(&first.first) < 0 {
			first = s
		}
	}
	return first, true
}

// admit adds a record as an item, or merges it into the item that says the same.
func (w *walk) admit(record clinical.Record) {
	if w.list.Apart != nil {
		w.items = append(w.items, record)
		return
	}
	w.note(record)
	candidate := w.leaderOf(record)
	if i := w.absorber(&candidate); i >= 0 {
		if w.open[i].item != nil {
			w.open[i].item.About().Absorb(record)
		}
		return
	}
	w.items = append(w.items, record)
	if candidate.Key != 0 {
		w.open = append(w.open, candidate)
	}
}

// absorber finds the earliest open item that says the same as candidate; -1 if there is none.
func (w *walk) absorber(candidate *leader) int {
	if candidate.Key == 0 {
		return -1
	}
	same := samenessOf(candidate.Kind)
	for i := range w.open {
		l := &w.open[i]
		if l.Key == candidate.Key && l.apart(candidate) && same.reaches(l.Date, candidate.Date) {
			return i
		}
	}
	return -1
}

// lookAhead reads beyond a full page as far as its items reach, and finds out whether anything follows.
func (w *walk) lookAhead() bool {
	for _, s := range w.streams {
		for {
			if s.starved() && (!w.hasNext || w.reachedBy(s, s.after.Date)) {
				return false
			}
			record := s.head()
			if record == nil {
				break
			}
			if !w.reachedBy(s, record.About().Date) {
				w.hasNext = true
				break
			}
			w.note(record)
			candidate := w.leaderOf(record)
			if i := w.absorber(&candidate); i < 0 {
				w.hasNext, w.passed = true, append(w.passed, record)
			} else if w.open[i].item != nil {
				w.open[i].item.About().Absorb(record)
			}
			s.pop()
		}
	}
	return true
}

// reachedBy reports whether an open item could absorb a record of the stream dated date or a little earlier.
func (w *walk) reachedBy(s *stream, date clinical.DateTime) bool {
	if w.list.Apart != nil {
		return false
	}
	same := samenessOf(s.kind)
	for i := range w.open {
		l := &w.open[i]
		if l.Kind == s.kind && (!s.single || l.Source != s.source || l.Intent != "") && same.reaches(l.Date, date) {
			return true
		}
	}
	// Conflicts between allergies are shown on the page, so the whole list is read.
	return s.kind == clinical.KindAllergyIntolerance
}

func (w *walk) note(record clinical.Record) {
	if record.Kind() == clinical.KindAllergyIntolerance {
		w.seen = append(w.seen, record)
	}
}

func (w *walk) leaderOf(record clinical.Record) leader {
	meta := record.About()
	l := leader{Kind: record.Kind(), Source: meta.Origin(), Organisation: meta.Organisation.Code, Date: meta.Date, item: record}
	if medication, ok := record.(*clinical.Medication); ok {
		l.Intent = medication.Intent
	}
	if key := samenessOf(l.Kind).key(record); key != "" && !w.unalike.has(l.Kind) {
		l.Key = hashKey(l.Kind, key)
	}
	return l
}
