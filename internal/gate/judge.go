package gate

import (
	"onelondon/internal/clinical"
)

// releases reports whether a record that came for a stream satisfies the condition, with the labels that spread to it on it.
// A record that is withheld only because a probe could not tell makes the source's answer one that is cut.
func (q *inquiry) releases(s *stream, record clinical.Record) bool {
	t := q.spread.ties[s.source]
	if t == nil || !q.spread.kinds.has(s.kind) || s.condition.IsAlways() {
		return s.condition.Match(record)
	}
	all, count := tiesOf(record)
	meta := record.About()
	if t.open == 0 && !t.skipped {
		for _, at := range all[:count] {
			meta.Labels.Join(t.carried[at])
		}
		return s.condition.Match(record)
	}
	if !s.condition.Match(record) {
		return false
	}
	if count > 0 {
		meta.Labels.Join(q.spread.all)
	}
	if s.condition.Match(record) {
		return true
	}
	s.truncated = true
	return false
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
