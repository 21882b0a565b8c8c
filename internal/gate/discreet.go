package gate

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// That a source knows somebody may tell what they are cared for, such as of a register of urgent care plans. A discreet one is mentioned to
// nobody whom it gives nothing: it has no line, and no registration comes from it.

// mentions reports whether a caller may be told that a source knows the person, whatever it gives: of a discreet one only where they may
// have something that it holds besides who the person is and whom to turn to.
func (q *inquiry) mentions(spec *sources.Spec) bool {
	return !spec.Discreet || slices.ContainsFunc(spec.Kinds, func(kind clinical.Kind) bool {
		return kind != clinical.KindRegistration && kind != clinical.KindContact &&
			q.decision.Release(kind).Condition.Possible(spec.ID, spec.Organisation)
	})
}

// tells reports whether a source that gave nothing has a line. A discreet one has none where there is nothing to give; that it did not
// answer is told to those who may have what it holds, for they might act on what is missing.
func (q *inquiry) tells(spec *sources.Spec, outcome Outcome) bool {
	return !spec.Discreet || outcome != Nothing && outcome != Withheld && q.mentions(spec)
}
