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

// Handed is what another OneLondon says with a question that it hands on. Whether it may say so is settled before: the gate takes
// it as said, and decides everything else itself.
type Handed struct {
	Relationship policy.Relationship // that it found; empty where it found none or may not vouch for any
	Emergency    bool                // that the caller has broken the glass there, for this person
	// Under reports whether records that are held under a number are wanted; nil for those under every number of the person.
	Under func(clinical.NHSNumber) bool
}

// Apart makes a list one for another OneLondon, which joins it with others' itself: no record is merged with another, each keeps the
// labels that its source gave it, and the list goes on from a position. The list has one kind.
type Apart struct {
	After  sources.Position
	Source clinical.SourceID // what the other calls this one, as its condition has it
	// Condition is the other's own. It is asked of what is released here and of nothing else, so that it cannot find out about
	// what is withheld.
	Condition condition.Condition
	// Sought says that few records satisfy the condition: it is then what the sources are asked for, and the decision's own
	// condition is held against what they give.
	Sought bool
}

// ErrHandedOn reports a question that another OneLondon may not hand on: for this caller, for this purpose, or at all.
var ErrHandedOn = errors.New("question may not be handed on")

// Refuse writes of each question, which another OneLondon may not hand on, that nothing left.
func (g *Gate) Refuse(ctx context.Context, caller auth.Caller, questions []Question) error {
	return g.fail(ctx, caller, questions, g.parts.Now(), ErrHandedOn)
}

// ListPeople is what the ledger calls the handing over of whom the sources know.
const ListPeople = "list_people"

// listing is a catalogue whose sources may be listed.
type listing interface {
	Source(id clinical.SourceID) (sources.Source, bool)
}

// People lists whom the sources know, for the index of another OneLondon, which hears nothing else of them. Where one source cannot
// be listed, nobody can: a list that lacks somebody would hide them. That it was listed is in the ledger before anything leaves.
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

// Watermark is when the newest entry was written into the source that is furthest behind, as far as sources can tell.
func (g *Gate) Watermark(ctx context.Context) clinical.DateTime {
	var oldest clinical.DateTime
	for _, health := range g.parts.Catalogue.Health(ctx) {
		if at := health.Watermark; !at.IsZero() && (oldest.IsZero() || at.Compare(oldest) < 0) {
			oldest = at
		}
	}
	return oldest
}

// Holds lists the kinds that any source holds.
func (g *Gate) Holds() []clinical.Kind {
	return slices.DeleteFunc(clinical.Kinds(), func(kind clinical.Kind) bool {
		for _, held := range g.holds {
			if held.has(kind) {
				return false
			}
		}
		return true
	})
}

// stronger is the stronger of two relationships.
func stronger(a, b policy.Relationship) policy.Relationship {
	strength := func(r policy.Relationship) int { return slices.Index(policy.Relationships(), r) }
	if b != "" && strength(b) >= 0 && strength(b) < strength(a) {
		return b
	}
	return a
}

// vouched is the relationship that another OneLondon found: only such as it can know better, of staff.
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

// leave is how long before the context's own end the sources are given up, so that what there is can still be recorded and sent.
func leave(ctx context.Context, deadline time.Duration) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return deadline
	}
	left := time.Until(end)
	return min(deadline, left-min(left/5, 100*time.Millisecond))
}

// fieldsApart are the fields that are read for a list for another OneLondon: those wanted, and those that its condition and the
// order go by. What the decision masks is read only where the decision itself goes by it.
func (w *walk) fieldsApart(descriptor *clinical.Descriptor, release policy.Release) clinical.FieldSet {
	needs := w.list.Apart.Condition.Needs(descriptor) | w.list.Fields[descriptor.Kind]
	return needs&^release.Masked | descriptor.Set("date") | release.Condition.Needs(descriptor)
}

// look is as much of a record as conditions look at: what all kinds share.
type look struct {
	clinical.Meta
	kind clinical.Kind
}

// Kind is the kind of the record that is looked at.
func (l *look) Kind() clinical.Kind { return l.kind }

// satisfies reports whether a record is one that the other OneLondon's condition holds of, as it will see it.
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

// keep is the second look at a record for another OneLondon: its own condition first, which may tell nothing of what ties and
// probes found here.
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

// What another OneLondon seeks by labels is mostly what the probes here seek already, and mostly there is none of it. Then nobody
// is asked for it twice: a stream waits for what the probe of its source finds, and is done where that is nothing.

// sameLabels reports whether two conditions are any of the same labels, by the same lists of codes.
func sameLabels(a, b condition.Condition) bool {
	return slices.EqualFunc(a.Clauses(), b.Clauses(), func(a, b condition.Clause) bool {
		return len(a) == 1 && len(b) == 1 && a[0].Attribute == b[0].Attribute && a[0].Op == condition.Equal && b[0].Op == condition.Equal &&
			slices.Equal(a[0].Values, b[0].Values) && (a[0].Codes == nil) == (b[0].Codes == nil) &&
			(a[0].Codes == nil || a[0].Codes.Digest() == b[0].Codes.Digest())
	})
}

// waits reports whether a stream is not asked for yet.
func (q *inquiry) waits(s *stream) bool { return s.heeds && q.spread.ties[s.source].pending > 0 }

// heed ends the streams for which the probes of their source found nothing. Where they could not find out, nobody would by asking
// again: the stream is one that is cut, and whoever seeks must think the worst.
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

// expose clears what of a record is masked, and with a code the labels by which it could be told.
func (q *inquiry) expose(record clinical.Record) {
	kind := record.Kind()
	release := q.decision.Release(kind)
	clear(record, release.Hidden(record))
	if release.Masked.Has(kind.Descriptor().Set("code")) && kind.Descriptor().Set("code") != 0 {
		meta := record.About()
		meta.Labels = uncoded(meta.Labels, release.Condition)
	}
}

// uncoded are the labels of a record whose code is not shown: what it is about is not told, but for what no record is about that
// the condition releases.
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

// free reports whether a condition releases only what does not carry a label.
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

// handOver makes a record what another OneLondon is sent: with the labels that its source gave it, and the fields asked for.
func (q *inquiry) handOver(list *List, record clinical.Record) {
	meta := record.About()
	meta.Labels = q.given[record]
	q.expose(record)
	clear(record, record.Kind().Descriptor().All()&^list.Fields[record.Kind()])
}
