package gate

import (
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// releases reports whether a record of a stream satisfies the condition, taking into account labels that spread to it.
// If it is withheld only because a probe could not tell, the source's answer counts as truncated. Identifiers that a
// released record contains are examined when the page is finished.
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
		if meta.Labels != own { // otherwise nothing spread, and the record has been judged already
			released = s.condition.Match(record)
			s.truncated = s.truncated || !released && !t.sure()
		}
	}
	return released
}

// sure reports whether every record that carries labels is known.
func (t *ties) sure() bool { return t.open == 0 && !t.skipped }

// carriedAt returns the labels that spread over a tie: those found there, or all possible ones where that is not known.
func (s *spread) carriedAt(t *ties, at tie) clinical.LabelSet {
	if !t.sure() {
		return s.all
	}
	return t.carried[at]
}

// named is a record referred to by another, as far as it is known without being asked for: its kind, the organisation
// of the record that refers to it, and the labels found for it.
type named struct {
	decision     *policy.Decision
	kind         clinical.Kind
	source       clinical.SourceID
	organisation clinical.Text
	carried      clinical.LabelSet
}

// untie removes from a released record the identifiers of withheld records, which would reveal that those exist. The
// records referred to are not fetched, so they are judged by what is known of them; if the decision depends on more
// than that, such as a date or a code, they count as withheld.
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

// shows reports whether a record that is referred to is released. The result is cached, since records of a page often
// refer to similar ones.
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

// released is the final word on a record. If the decision changed after the sources were asked, it may depend on labels
// that nobody probed for; every record of a kind to which those spread is then assumed to carry them.
func (q *inquiry) released(record clinical.Record) bool {
	meta := record.About()
	if q.spread.kinds.has(record.Kind()) {
		meta.Labels.Join(q.unprobed())
	}
	return q.decision.Release(record.Kind()).Condition.Match(record) && q.withItsPlan(record)
}

// cut marks the streams of some kinds as truncated.
func (w *walk) cut(kinds kindSet) {
	for _, s := range w.streams {
		s.truncated = s.truncated || kinds.has(s.kind)
	}
}

// unprobed are the labels that spread by the decision in force but were not probed for.
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
