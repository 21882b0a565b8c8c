package gate

import (
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// releases reports whether a record that came for a stream satisfies the condition, with the labels that spread to it on it. A
// record that is withheld only because a probe could not tell makes the source's answer one that is cut. What a released record
// names is looked at when the page is finished.
func (q *inquiry) releases(s *stream, record clinical.Record) bool {
	released := s.condition.Match(record)
	if released && !q.withItsPlan(record) {
		s.truncated = s.truncated || q.plans[s.source].unsure()
		return false
	}
	if s.judged && released {
		t, meta := q.spread.ties[s.source], record.About()
		own := meta.Labels
		all, count := tiesOf(record)
		for _, at := range all[:count] {
			meta.Labels.Join(q.spread.carriedAt(t, at))
		}
		if meta.Labels != own { // else nothing spread, and it was judged already
			released = s.condition.Match(record)
			s.truncated = s.truncated || !released && !t.sure()
		}
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

// named is something that a record names, as far as it is known without asking for it: whose it is, by whose record names it,
// and the labels that were found there.
type named struct {
	decision     *policy.Decision
	kind         clinical.Kind
	source       clinical.SourceID
	organisation clinical.Text
	carried      clinical.LabelSet
}

// untie removes from a record that is released the identifiers of what is not: they would tell that there is something. What a
// record names is not asked for, so it is judged as far as it is known; where the decision goes by more than that, by a date
// or a code, it counts as withheld.
func (q *inquiry) untie(t *ties, record clinical.Record) {
	meta := record.About()
	if !q.showsPlan(meta.Source, meta.Plan) {
		meta.Plan = ""
	}
	for _, name := range [...]struct {
		kind clinical.Kind
		id   *clinical.Text
	}{
		{clinical.KindEncounter, &meta.Encounter}, {clinical.KindCondition, &meta.Problem}, {clinical.KindAppointment, &meta.Appointment},
	} {
		if *name.id == "" {
			continue
		}
		carried := q.unprobed()
		if t != nil {
			carried.Join(q.spread.carriedAt(t, tie{name.kind, *name.id}))
		}
		if !q.shows(named{q.decision, name.kind, meta.Source, meta.Organisation.Code, carried}) {
			*name.id = ""
		}
	}
}

// shows reports whether something that is named is released. Records of a page name much that is alike.
func (q *inquiry) shows(what named) bool {
	if shown, judged := q.named[what]; judged {
		return shown
	}
	record := what.kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.Organisation.Code = what.source, what.organisation
	for _, label := range clinical.Labels() {
		meta.Labels.Put(label, false)
	}
	meta.Labels.Join(what.carried)
	if q.named == nil {
		q.named = map[named]bool{}
	}
	q.named[what] = what.decision.Release(what.kind).Condition.Match(record)
	return q.named[what]
}

// released is the final word on a record. Where the decision changed after the sources were asked, it may speak of labels that
// nobody probed for: then every record to whose kind they spread is taken to carry them.
func (q *inquiry) released(record clinical.Record) bool {
	meta := record.About()
	if q.spread.kinds.has(record.Kind()) {
		meta.Labels.Join(q.unprobed())
	}
	return q.decision.Release(record.Kind()).Condition.Match(record) && q.withItsPlan(record)
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
