package gate

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// That a source knows a person can itself be sensitive, as with a register of urgent care plans. Such a source is
// marked discreet: it is mentioned only to callers to whom it gives something. For all others it has no line, and none
// of its registrations appear.

// mentions reports whether a caller may learn that a source knows the person. Of a discreet source they may only if the
// decision releases something it holds besides registrations and contacts.
func (q *inquiry) mentions(spec *sources.Spec) bool {
	return !spec.Discreet || slices.ContainsFunc(clinical.Kinds(), func(kind clinical.Kind) bool {
		return q.holds[spec.ID].has(kind) && kind != clinical.KindRegistration && kind != clinical.KindContact &&
			q.decision.Release(kind).Condition.Possible(spec.ID, spec.Organisation)
	})
}

// tells reports whether a source that gave nothing gets a line. A discreet source with nothing to give gets none. If it
// failed to answer, callers who may see what it holds are told, since they might act on what is missing.
func (q *inquiry) tells(spec *sources.Spec, outcome Outcome) bool {
	return !spec.Discreet || outcome != Nothing && outcome != Withheld && q.mentions(spec)
}
