package gate

import (
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// plan lays out what to ask of whom: a stream for each source and kind that the decision lets through. Cursors are checked
// first and whoever the question is about, so that a bad one tells nothing about a person.
func (q *inquiry) plan() error {
	q.walks = make([]*walk, len(q.question.Lists))
	for i := range q.question.Lists {
		list := &q.question.Lists[i]
		w := &walk{list: list}
		var from place
		if list.After != "" {
			mark, err := q.gate.sealer.open(list.After, binding(q.caller, q.person, list))
			if err != nil {
				return ErrCursor
			}
			if from, err = w.resume(mark); err != nil {
				return ErrCursor
			}
		}
		q.walks[i] = w
		if q.decision.Permitted {
			q.planStreams(w, from)
		}
	}
	if q.decision.Permitted {
		q.planIdentity()
	}
	return nil
}

func (q *inquiry) planStreams(w *walk, from place) {
	for _, kind := range w.list.Kinds {
		release := q.decision.Release(kind)
		if release.Condition.IsNever() {
			continue
		}
		descriptor := kind.Descriptor()
		fields := w.list.Fields[kind]&^release.Masked | keyFields(descriptor) | release.Condition.Needs(descriptor)
		for _, spec := range q.candidates(kind) {
			if !release.Condition.Possible(spec.ID, spec.Organisation) {
				continue
			}
			w.streams = append(w.streams, &stream{source: spec.ID, single: spec.Organisation != "", kind: kind, fields: fields,
				condition: release.Condition, after: from.after(spec.ID, kind), limit: pieceSize(kind, w.list.First)})
		}
	}
}

// pieceSize is how many records to ask for at once: the page, one more to know whether anything follows, and some to look
// ahead for records that say the same.
func pieceSize(kind clinical.Kind, first int) int {
	switch samenessOf(kind).within {
	case anyTime:
		return first + 100
	default:
		return first + 11
	}
}

// planIdentity asks every candidate for its registrations. They are needed to confirm the relationship and to hear of an
// S-flag set since the index was built, so no condition is pushed down; what may be shown of them is checked afterwards.
func (q *inquiry) planIdentity() {
	descriptor := clinical.KindRegistration.Descriptor()
	release := q.decision.Release(clinical.KindRegistration)
	fields := descriptor.Set("status", "date")
	if !release.Condition.IsNever() {
		fields |= (q.question.Identity | descriptor.Set("birthDate", "familyName", "deathDate")) &^ release.Masked
		fields |= release.Condition.Needs(descriptor)
	}
	for _, spec := range q.candidates(clinical.KindRegistration) {
		if q.mayAnswer(spec) {
			q.identity = append(q.identity, &stream{source: spec.ID, kind: clinical.KindRegistration, fields: fields,
				condition: condition.Always(), limit: 50})
		}
	}
}

// mayAnswer reports whether any kind may be released from the source at all.
func (q *inquiry) mayAnswer(spec *sources.Spec) bool {
	for _, kind := range clinical.Kinds() {
		if q.decision.Release(kind).Condition.Possible(spec.ID, spec.Organisation) {
			return true
		}
	}
	return false
}

// candidates are the sources that may hold the person and do hold the kind, in id order.
func (q *inquiry) candidates(kind clinical.Kind) []*sources.Spec {
	var specs []*sources.Spec
	for i := range q.gate.specs {
		spec := &q.gate.specs[i]
		if q.gate.holds[spec.ID].has(kind) && q.mayHold(spec.ID) {
			specs = append(specs, spec)
		}
	}
	return specs
}

func (q *inquiry) mayHold(id clinical.SourceID) bool {
	for _, located := range q.located.Sources {
		if located == id {
			return true
		}
	}
	for _, uncertain := range q.located.Uncertain {
		if uncertain == id {
			return true
		}
	}
	return false
}
