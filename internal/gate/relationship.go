package gate

import (
	"context"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
)

// seekRelationships asks the sources where the index shows no relationship: a registration in a source that cannot be looked
// up, or an open referral to the caller's organisation. What comes back settles the relationship and goes no further.
func (g *Gate) seekRelationships(ctx context.Context, inquiries []*inquiry) {
	b := &batch{at: map[clinical.SourceID]int{}}
	for _, q := range inquiries {
		if q.relationship != policy.RelationshipNone || q.caller.Citizen || q.caller.Organisation == "" {
			continue
		}
		q.seek(b, clinical.KindRegistration, q.located.Uncertain)
		q.seek(b, clinical.KindReferral, q.located.Sources)
		q.seek(b, clinical.KindReferral, q.located.Uncertain)
	}
	if len(b.asks) == 0 {
		return
	}
	for i, reply := range g.parts.Catalogue.Ask(ctx, b.asks) {
		if reply.Outcome != sources.OutcomeAnswered {
			continue
		}
		for j, want := range b.wants[i] {
			want.inquiry.learn(reply.Answer.Parts[j].Records)
		}
	}
}

// seek adds a part for each of the sources that holds the kind.
func (q *inquiry) seek(b *batch, kind clinical.Kind, ids []clinical.SourceID) {
	for _, id := range ids {
		if q.gate.holds[id].has(kind) {
			for _, number := range q.under[id] {
				b.add(id, want{inquiry: q}, sources.Part{Kind: kind, Person: number, Condition: condition.Always(), Limit: 50,
					Fields: kind.Descriptor().Set("status", "date", "recipient")})
			}
		}
	}
}

// learn draws a relationship from records that were asked for this alone. An S-flagged person has none.
func (q *inquiry) learn(records []clinical.Record) {
	own := clinical.Text(q.caller.Organisation)
	for _, record := range records {
		meta := record.About()
		if sensitive, known := meta.Labels.Value(clinical.LabelSensitive); known && sensitive {
			q.conceal()
			q.relationship = q.standing()
			return
		}
		switch record := record.(type) {
		case *clinical.Registration:
			if meta.Organisation.Code == own && meta.Status == clinical.StatusActive {
				q.relationship = policy.RelationshipRegistered
			} else if meta.Organisation.Code == own && q.relationship != policy.RelationshipRegistered {
				q.relationship = policy.RelationshipRecord
			}
		case *clinical.Referral:
			if record.Recipient == own && meta.Status == clinical.StatusActive && q.relationship == policy.RelationshipNone {
				q.relationship = policy.RelationshipReferral
			}
		}
	}
}
