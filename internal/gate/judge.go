package gate

import (
	"onelondon/internal/clinical"
)

// releases reports whether a record that came for a stream satisfies the condition, with the labels that spread to it on it,
// and takes off it the names of what it hangs together by where these are withheld. A record that is withheld only because a
// probe could not tell makes the source's answer one that is cut.
func (q *inquiry) releases(s *stream, record clinical.Record) bool {
	t := q.spread.ties[s.source]
	if t == nil {
		return s.condition.Match(record)
	}
	all, count := tiesOf(record)
	released := s.condition.Match(record)
	if s.judged && released && count > 0 {
		for _, at := range all[:count] {
			record.About().Labels.Join(q.spread.carriedAt(t, at))
		}
		released = s.condition.Match(record)
		s.truncated = s.truncated || !released && !t.sure()
	}
	if released {
		q.untie(t, record)
	}
	return released
}

// sure reports whether all that carries labels is known.
func (t *ties) sure() bool { return t.open == 0 && !t.skipped }

// carriedAt is what spreads over a tie: what was found there, or all that could have been.
func (s *spread) carriedAt(t *ties, at tie) clinical.LabelSet {
	if !t.sure() {
		return s.all
	}
	return t.carried[at]
}

// untie removes from a record that is released the identifiers of what is not: they would tell that there is something.
func (q *inquiry) untie(t *ties, record clinical.Record) {
	meta := record.About()
	for _, named := range [...]struct {
		kind clinical.Kind
		id   *clinical.Text
	}{
		{clinical.KindEncounter, &meta.Encounter}, {clinical.KindCondition, &meta.Problem}, {clinical.KindAppointment, &meta.Appointment},
	} {
		if *named.id == "" {
			continue
		}
		if carried := q.spread.carriedAt(t, tie{named.kind, *named.id}); !carried.IsNone() && !q.shows(named.kind, meta, carried) {
			*named.id = ""
		}
	}
}

// shows reports whether something of a kind, of the same source and organisation as a record, is released with these labels.
func (q *inquiry) shows(kind clinical.Kind, of *clinical.Meta, carried clinical.LabelSet) bool {
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.Organisation = of.Source, of.Organisation
	for _, label := range clinical.Labels() {
		meta.Labels.Put(label, false)
	}
	meta.Labels.Join(carried)
	return q.decision.Release(kind).Condition.Match(record)
}

// released is the final word on a record. Where the decision changed after the sources were asked, it may speak of labels that
// nobody probed for: then every record to whose kind they spread is taken to carry them.
func (q *inquiry) released(record clinical.Record) bool {
	meta := record.About()
	if q.spread.kinds.has(record.Kind()) {
		meta.Labels.Join(q.unprobed())
	}
	return q.decision.Release(record.Kind()).Condition.Match(record)
}

// cut marks the answers of all streams of some kinds as not complete.
func (w *walk) cut(kinds kindSet) {
	for _, s := range w.streams {
		s.truncated = s.truncated || kinds.has(s.kind)
	}
}

// unprobed are the labels that spread by the decision in force and that the sources were not asked about.
func (q *inquiry) unprobed() clinical.LabelSet {
	if q.probed == q.decision {
		return clinical.LabelSet{}
	}
	if q.late == nil {
		now := q.spreadingIn()
		left := now.all.Without(q.spread.all)
		q.late = &left
	}
	return *q.late
}
