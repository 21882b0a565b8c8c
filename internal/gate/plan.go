package gate

import (
	"cmp"
	"iter"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
)

// plan creates a stream for each source and kind that the decision lets through. Cursors are checked first, before
// anything depends on the person, so that a bad cursor reveals nothing.
func (q *inquiry) plan() error {
	q.walks = make([]*walk, len(q.question.Lists))
	for i := range q.question.Lists {
		list := &q.question.Lists[i]
		w := &walk{list: list}
		var from place
		if list.Apart != nil {
			from = place{list.Apart.After, list.Kinds[0]}
		}
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
		q.planSpread()
		q.planParts()
	}
	return nil
}

func (q *inquiry) planStreams(w *walk, from place) {
	for _, kind := range w.list.Kinds {
		release := q.decision.Release(kind)
		if w.withholds(release, kind) {
			continue
		}
		descriptor := kind.Descriptor()
		if keyFields(descriptor)&release.Masked != 0 {
			w.unalike |= 1 << kind // merging would reveal that masked fields are equal
		}
		fields := w.list.Fields[kind]&^release.Masked | keyFields(descriptor) | release.Condition.Needs(descriptor)
		asked := release.Condition
		if apart := w.list.Apart; apart != nil {
			if fields = w.fieldsApart(descriptor, release); apart.Sought {
				asked = apart.Condition
			}
		}
		for spec := range q.candidates(kind) {
			if w.list.OfPlan && !q.holds[spec.ID].has(clinical.KindUrgentCarePlan) {
				continue
			}
			if !release.Condition.Possible(spec.ID, spec.Organisation) {
				continue
			}
			for _, number := range q.under[spec.ID] {
				if handed := q.question.Handed; handed != nil && handed.Under != nil && !handed.Under(number) {
					continue
				}
				w.streams = append(w.streams, &stream{source: spec.ID, person: number, single: spec.Organisation != "", kind: kind,
					fields: fields, condition: release.Condition, asked: asked, after: from.after(spec.ID, kind),
					limit: w.pieceSize(kind), apart: w.list.Apart})
			}
		}
	}
}

// withholds reports whether the list shows nothing of a kind. A list for another OneLondon is also withheld if what
// would order it is masked.
func (w *walk) withholds(release policy.Release, kind clinical.Kind) bool {
	return withheld(release, kind, &w.list.Filter) || w.list.Apart != nil && release.Masked.Has(kind.Descriptor().Set("date"))
}

// withheld reports whether a list shows nothing of a kind: because the decision releases none of it, or because the
// filter uses a masked field, whose value it would reveal record by record.
func withheld(release policy.Release, kind clinical.Kind, filter *Filter) bool {
	if release.Condition.IsNever() {
		return true
	}
	var needs clinical.FieldSet
	descriptor := kind.Descriptor()
	if len(filter.Codes) > 0 {
		needs |= descriptor.Set("code")
	}
	if len(filter.Statuses) > 0 {
		needs |= descriptor.Set("status")
	}
	if !filter.From.IsZero() || !filter.Until.IsZero() {
		needs |= descriptor.Set("date")
	}
	return needs&release.Masked != 0
}

// pieceSize is how many records to ask for at once: the page, one more to know whether anything follows, and some to
// look ahead for records that merge.
func (w *walk) pieceSize(kind clinical.Kind) int {
	switch {
	case w.list.Apart != nil:
		return w.list.First + 1
	case samenessOf(kind).within == anyTime:
		return w.list.First + 100
	}
	return w.list.First + 11
}

// planIdentity asks every candidate for its registrations. They confirm the relationship and reveal an S-flag set since
// the index was built, so no condition is pushed down; what may be shown of them is decided afterwards.
func (q *inquiry) planIdentity() {
	descriptor := clinical.KindRegistration.Descriptor()
	release := q.decision.Release(clinical.KindRegistration)
	fields := descriptor.Set("status", "date")
	if !release.Condition.IsNever() {
		fields |= (q.question.Identity | descriptor.Set("birthDate", "familyName", "deathDate")) &^ release.Masked
		fields |= release.Condition.Needs(descriptor)
	}
	for spec := range q.candidates(clinical.KindRegistration) {
		if !q.mayAnswer(spec) {
			continue
		}
		for _, number := range q.under[spec.ID] {
			q.identity = append(q.identity, &stream{source: spec.ID, person: number, kind: clinical.KindRegistration, fields: fields,
				condition: condition.Always(), asked: condition.Always(), limit: 50})
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

// candidates are the sources that may hold the person and hold the kind, in id order.
func (q *inquiry) candidates(kind clinical.Kind) iter.Seq[*sources.Spec] {
	return func(yield func(*sources.Spec) bool) {
		for _, spec := range q.near() {
			if q.holds[spec.ID].has(kind) && !yield(spec) {
				return
			}
		}
	}
}

// near are the sources that may hold the person under any number, in id order. The cost of a question depends on their
// number, not on how many sources are configured.
func (q *inquiry) near() []*sources.Spec {
	if q.nearby != nil {
		return q.nearby
	}
	q.nearby = make([]*sources.Spec, 0, len(q.under))
	for id := range q.under {
		if spec := q.gate.byID[id]; spec != nil && q.mayHold(id) {
			q.nearby = append(q.nearby, spec)
		}
	}
	slices.SortFunc(q.nearby, func(a, b *sources.Spec) int { return cmp.Compare(a.ID, b.ID) })
	return q.nearby
}

// mayHold reports whether the source may know the person under any number.
func (q *inquiry) mayHold(id clinical.SourceID) bool { return len(q.under[id]) > 0 }
