package gate

import (
	"context"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// confirm checks the first decision against what the sources have just said. The locator's index may be minutes old: an
// S-flag set since then hides the person, and a registration that has ended since then ends the relationship.
func (q *inquiry) confirm(ctx context.Context) error {
	if !q.decision.Permitted {
		return nil
	}
	if err := q.heedFlags(ctx); err != nil {
		return err
	}
	if q.hidden {
		q.forget()
		q.relationship = q.standing()
		return q.decide(ctx)
	}
	if current := q.observed(); current != q.relationship {
		q.relationship = current
		return q.decide(ctx)
	}
	return nil
}

// heedFlags consults the policy about an S-flag that only the sources knew of.
func (q *inquiry) heedFlags(ctx context.Context) error {
	seen := q.flagSeen
	for _, registration := range q.registrations {
		sensitive, known := registration.Labels.Value(clinical.LabelSensitive)
		seen = seen || known && sensitive
	}
	if !seen {
		return nil
	}
	return q.flag(ctx)
}

// observed is the relationship that the sources of the caller's organisation show now. If they did not answer, or the
// relationship does not depend on them, it is unchanged.
func (q *inquiry) observed() policy.Relationship {
	if q.relationship != policy.RelationshipRegistered && q.relationship != policy.RelationshipRecord {
		return q.relationship
	}
	if q.relationship == q.vouched() {
		return q.relationship // the relationship does not depend on sources here
	}
	return stronger(q.shownNow(), q.vouched())
}

// shownNow is the relationship that the registrations just received show.
func (q *inquiry) shownNow() policy.Relationship {
	found := policy.RelationshipNone
	for _, registration := range q.registrations {
		if string(registration.Organisation.Code) != q.caller.Organisation {
			continue
		}
		if registration.Status == clinical.StatusActive && q.relationship == policy.RelationshipRegistered {
			return policy.RelationshipRegistered
		}
		found = policy.RelationshipRecord
	}
	if found != policy.RelationshipNone || !q.ownSourcesAnswered() {
		return cmpRelationship(found, q.relationship)
	}
	if q.claims() {
		return policy.RelationshipClaimed
	}
	return policy.RelationshipNone
}

// cmpRelationship returns found, or before if nothing was found.
func cmpRelationship(found, before policy.Relationship) policy.Relationship {
	if found == policy.RelationshipNone {
		return before
	}
	return found
}

func (q *inquiry) ownSourcesAnswered() bool {
	for _, holding := range q.located.Holdings {
		if string(holding.Organisation) != q.caller.Organisation {
			continue
		}
		if reply := q.replies[holding.Source]; reply == nil || !reply.complete() {
			return false
		}
	}
	return true
}

// narrow removes from a walk what the earlier decision let through and the final one withholds, so that neither source
// lines nor HasNext reveal it.
func (q *inquiry) narrow(w *walk) {
	w.streams = slices.DeleteFunc(w.streams, func(s *stream) bool { return w.withholds(q.decision.Release(s.kind), s.kind) })
	w.passed = slices.DeleteFunc(w.passed, func(record clinical.Record) bool { return !q.released(record) })
	more := len(w.passed) > 0
	for _, s := range w.streams {
		s.keepOnly(q.released)
		for _, record := range w.passed {
			if record.About().Source == s.source && record.Kind() == s.kind {
				s.given++
			}
		}
		more = more || s.given > 0 || !s.done
	}
	w.hasNext = w.hasNext && more
}

// forget drops everything that sources said about the person. Streams of sources that cannot be listed stay, with
// nothing or a failure to report: those sources are asked even about an unknown number.
func (q *inquiry) forget() {
	q.registrations = nil
	uncertain := map[clinical.SourceID]*reply{}
	for _, id := range q.located.Uncertain {
		if r := q.replies[id]; r != nil {
			uncertain[id] = r
		}
	}
	q.replies = uncertain
	for _, s := range q.identity {
		s.forget()
	}
	for _, w := range q.walks {
		asked := w.streams
		*w = walk{list: w.list}
		for _, s := range asked {
			if q.mayHold(s.source) {
				s.forget()
				w.streams = append(w.streams, s)
			}
		}
	}
}

// shown reports whether the caller may learn that the person exists: the policy permits something, and a source either
// knows the person or could not say.
func (q *inquiry) shown() bool {
	if !q.decision.Permitted {
		return false
	}
	if len(q.registrations) > 0 || len(q.located.Sources) > 0 && !q.hidden && q.unanswered(q.located.Sources) {
		return true
	}
	return q.unanswered(q.located.Uncertain)
}

func (q *inquiry) unanswered(ids []clinical.SourceID) bool {
	for _, id := range ids {
		if reply := q.replies[id]; reply != nil && !reply.complete() {
			return true
		}
	}
	return false
}
