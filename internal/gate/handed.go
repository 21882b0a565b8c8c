package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
)

// Handed is what another OneLondon states about a question it hands on. Whether it may do so has been settled by then:
// the gate accepts these statements and decides everything else itself.
type Handed struct {
	Relationship policy.Relationship // found by the other; empty if it found none or may not vouch for one
	Emergency    bool                // the caller has broken the glass there, for this person
	// Under reports whether records held under a number are wanted; nil means under any of the person's numbers.
	Under func(clinical.NHSNumber) bool
}

// Apart marks a list for another OneLondon, which merges it with its own lists. No records are merged here, each keeps
// the labels given by its source, and the list continues from a position instead of a cursor. Such a list has exactly
// one kind.
type Apart struct {
	After  sources.Position
	Source clinical.SourceID // the other's name for this OneLondon, as used in its condition
	// Condition is the other's own condition. It is applied only to what is released here, so that it cannot probe for
	// what is withheld.
	Condition condition.Condition
	// Sought says that few records satisfy the condition. Sources are then asked for those records, and the local
	// decision's condition is applied to what they return.
	Sought bool
}

// ErrHandedOn reports a question that another OneLondon may not hand on: not for this caller, not for this purpose, or
// not at all.
var ErrHandedOn = errors.New("question may not be handed on")

// Refuse records in the ledger that questions handed on without permission released nothing.
func (g *Gate) Refuse(ctx context.Context, caller auth.Caller, questions []Question) error {
	return g.fail(ctx, caller, questions, g.parts.Now(), ErrHandedOn)
}

// ListPeople is the ledger's name for handing over the list of people known to the sources.
const ListPeople = "list_people"

// listing is a catalogue whose sources can be listed.
type listing interface {
	Source(id clinical.SourceID) (sources.Source, bool)
}

// People lists the people known to the sources, for the index of another OneLondon, and nothing else about them. If any
// source cannot be listed, People fails: an incomplete list would hide people. The listing is in the ledger before
// anything leaves.
func (g *Gate) People(ctx context.Context, caller auth.Caller, yield func(sources.Membership) error) error {
	if caller.IsZero() {
		return ErrUnauthenticated
	}
	entry := audit.Entry{Event: audit.EventOversight, Action: ListPeople, Time: g.parts.Now(), RequestID: caller.RequestID,
		Caller: ledgerCaller(caller), Outcome: audit.OutcomeReleased, Automated: true}
	if _, err := g.parts.Ledger.Append(ctx, entry); err != nil {
		return fmt.Errorf("%w: %w", ErrLedger, err)
	}
	catalogue, ok := g.parts.Catalogue.(listing)
	if !ok {
		return sources.ErrUnavailable
	}
	for i := range g.specs {
		source, _ := catalogue.Source(g.specs[i].ID)
		lister, lists := source.(sources.Lister)
		if !lists {
			return sources.ErrUnavailable
		}
		if err := lister.People(ctx, yield); err != nil {
			return err
		}
	}
	return nil
}

// Watermark is the time of the newest entry in the source that is furthest behind, as far as the sources can tell.
func (g *Gate) Watermark(ctx context.Context) clinical.DateTime {
	var oldest clinical.DateTime
	for _, health := range g.parts.Catalogue.Health(ctx) {
		if at := health.Watermark; !at.IsZero() && (oldest.IsZero() || at.Compare(oldest) < 0) {
			oldest = at
		}
	}
	return oldest
}

// Holds lists the kinds held by any source.
func (g *Gate) Holds() []clinical.Kind {
	all := g.holds()
	return slices.DeleteFunc(clinical.Kinds(), func(kind clinical.Kind) bool {
		for _, held := range all {
			if held.has(kind) {
				return false
			}
		}
		return true
	})
}

// stronger returns the stronger of two relationships.
func stronger(a, b policy.Relationship) policy.Relationship {
	strength := func(r policy.Relationship) int { return slices.Index(policy.Relationships(), r) }
	if b != "" && strength(b) >= 0 && strength(b) < strength(a) {
		return b
	}
	return a
}

// vouched is the relationship that another OneLondon found for a member of staff, if it is one that the other can know
// better.
func (q *inquiry) vouched() policy.Relationship {
	handed := q.question.Handed
	if handed == nil || q.caller.Citizen {
		return ""
	}
	switch handed.Relationship {
	case policy.RelationshipRegistered, policy.RelationshipRecord, policy.RelationshipReferral:
		return handed.Relationship
	}
	return ""
}

// leave is how long before the context's deadline to stop waiting for sources, so that there is time to record and send
// what has arrived.
func leave(ctx context.Context, deadline time.Duration) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return deadline
	}
	left := time.Until(end)
	return min(deadline, left-min(left/5, 100*time.Millisecond))
}

// fieldsApart are the fields to read for another OneLondon's list: those it wants, and those that its condition and the
// ordering need. A field masked by the decision is read only if the decision itself depends on it.
func (w *walk) fieldsApart(descriptor *clinical.Descriptor, release policy.Release) clinical.FieldSet {
	needs := w.list.Apart.Condition.Needs(descriptor) | w.list.Fields[descriptor.Kind]
	return needs&^release.Masked | descriptor.Set("date") | release.Condition.Needs(descriptor)
}

// look is the part of a record that conditions examine, common to all kinds.
type look struct {
	clinical.Meta
	kind clinical.Kind
}

// Kind is the kind of the record being examined.
func (l *look) Kind() clinical.Kind { return l.kind }

// satisfies reports whether the other OneLondon's condition holds of a record, in the form in which the other will see
// it.
func (q *inquiry) satisfies(apart *Apart, record clinical.Record) bool {
	if apart.Condition.IsAlways() {
		return true
	}
	if q.decision.Release(record.Kind()).Masked == 0 {
		q.look.Meta, q.look.kind = *record.About(), record.Kind()
		q.look.Source = apart.Source
		return apart.Condition.Match(&q.look)
	}
	seen := record.Kind().Descriptor().New()
	*seen.About() = *record.About()
	q.expose(seen)
	seen.About().Source = apart.Source
	return apart.Condition.Match(seen)
}

// keep is the check of a record for another OneLondon. The other's condition comes first, before ties and probes: it
// must not reveal what those found here.
func (q *inquiry) keep(s *stream, record clinical.Record) bool {
	if !q.satisfies(s.apart, record) {
		return false
	}
	given := record.About().Labels
	if !q.releases(s, record) {
		return false
	}
	if q.given == nil {
		q.given = map[clinical.Record]clinical.LabelSet{}
	}
	q.given[record] = given
	return true
}

// The labels that another OneLondon looks for are mostly those that the probes here look for too, and mostly no record
// carries them. To avoid asking twice, such a stream waits for its source's probe and ends if that finds nothing.

// sameLabels reports whether two conditions ask for any of the same labels, by the same code lists.
func sameLabels(a, b condition.Condition) bool {
	return slices.EqualFunc(a.Clauses(), b.Clauses(), func(a, b condition.Clause) bool {
		return len(a) == 1 && len(b) == 1 && a[0].Attribute == b[0].Attribute && a[0].Op == condition.Equal && b[0].Op == condition.Equal &&
			slices.Equal(a[0].Values, b[0].Values) && (a[0].Codes == nil) == (b[0].Codes == nil) &&
			(a[0].Codes == nil || a[0].Codes.Digest() == b[0].Codes.Digest())
	})
}

// waits reports whether a stream must not be asked for yet.
func (q *inquiry) waits(s *stream) bool { return s.heeds && q.spread.ties[s.source].pending > 0 }

// heed ends the streams for which the probes of their source found nothing. If a probe could not tell, asking again
// would not help: the stream counts as truncated, and the other OneLondon must assume the worst.
func (q *inquiry) heed() {
	for _, w := range q.walks {
		for _, s := range w.streams {
			if !s.heeds {
				continue
			}
			switch t := q.spread.ties[s.source]; {
			case t.pending > 0 || t.skipped:
			case t.open > 0:
				s.done, s.truncated = true, true
			case len(t.carried) == 0:
				s.done = true
			}
		}
	}
}

// expose clears the masked fields of a record and, if its code is masked, the labels that would reveal it.
func (q *inquiry) expose(record clinical.Record) {
	kind := record.Kind()
	release := q.decision.Release(kind)
	clear(record, release.Hidden(record))
	if release.Masked.Has(kind.Descriptor().Set("code")) && kind.Descriptor().Set("code") != 0 {
		meta := record.About()
		meta.Labels = uncoded(meta.Labels, release.Condition)
	}
}

// uncoded are the labels of a record whose code is masked: those of categories become unknown, except where the
// condition releases only records without them.
func uncoded(labels clinical.LabelSet, released condition.Condition) clinical.LabelSet {
	var told clinical.LabelSet
	for _, label := range clinical.Labels() {
		set, known := labels.Value(label)
		switch {
		case !slices.Contains(clinical.Categories(), label):
			if known {
				told.Put(label, set)
			}
		case free(released, label):
			told.Put(label, false)
		}
	}
	return told
}

// free reports whether a condition releases only records without a label.
func free(released condition.Condition, label clinical.Label) bool {
	if released.IsAlways() || released.IsNever() {
		return false
	}
	for _, clause := range released.Clauses() {
		if !slices.ContainsFunc(clause, func(atom condition.Atom) bool {
			return atom.Attribute == condition.LabelAttribute(label) && atom.Op == condition.Equal && len(atom.Values) == 1 &&
				atom.Values[0] == condition.Bool(false)
		}) {
			return false
		}
	}
	return true
}

// handOver prepares a record for another OneLondon: with the labels given by its source and only the requested fields.
func (q *inquiry) handOver(list *List, record clinical.Record) {
	meta := record.About()
	meta.Labels = q.given[record]
	q.expose(record)
	clear(record, record.Kind().Descriptor().All()&^list.Fields[record.Kind()])
}
