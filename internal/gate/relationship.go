package gate

import (
	"context"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
)

// seekRelationships asks the sources for what must be known before a decision: if the index shows no relationship, a
// registration in a source that cannot be listed or an open referral to the caller's organisation; and, for a citizen's
// question, the person's age. What comes back is used for nothing else.
func (g *Gate) seekRelationships(ctx context.Context, inquiries []*inquiry) error {
	b := &batch{at: map[clinical.SourceID]int{}}
	for _, q := range inquiries {
		if q.caller.Citizen {
			if q.relationship != policy.RelationshipNone {
				q.seekLife(b)
			}
			continue
		}
		if q.relationship != policy.RelationshipNone || q.caller.Organisation == "" {
			continue
		}
		q.seek(b, clinical.KindRegistration, q.located.Uncertain)
		q.seek(b, clinical.KindReferral, q.located.Sources)
		q.seek(b, clinical.KindReferral, q.located.Uncertain)
	}
	if len(b.asks) == 0 {
		return nil
	}
	for i, reply := range g.ask(ctx, inquiries, b.asks) {
		if reply.Outcome != sources.OutcomeAnswered {
			continue
		}
		for j, want := range b.wants[i] {
			if err := want.inquiry.learn(ctx, reply.Answer.Parts[j].Records); err != nil {
				return err
			}
		}
	}
	return nil
}

// seek adds a part for each of the given sources that holds the kind.
func (q *inquiry) seek(b *batch, kind clinical.Kind, ids []clinical.SourceID) {
	for _, id := range ids {
		if q.holds[id].has(kind) {
			for _, number := range q.under[id] {
				b.add(id, want{inquiry: q}, sources.Part{Kind: kind, Person: number, Condition: condition.Always(), Limit: 50,
					Fields: kind.Descriptor().Set("status", "date", "recipient")})
			}
		}
	}
}

// learn takes relationship, age and death from records that were fetched for this purpose only. A hidden person has
// none of them.
func (q *inquiry) learn(ctx context.Context, records []clinical.Record) error {
	own := clinical.Text(q.caller.Organisation)
	for _, record := range records {
		meta := record.About()
		if sensitive, known := meta.Labels.Value(clinical.LabelSensitive); known && sensitive {
			if err := q.flag(ctx); err != nil || q.hidden {
				return err
			}
		}
		switch record := record.(type) {
		case *clinical.Registration:
			if q.caller.Citizen {
				q.noteLife(record)
			} else if meta.Organisation.Code == own {
				q.noteRegistration(meta)
			}
		case *clinical.Referral:
			if record.Recipient == own && meta.Status == clinical.StatusActive && q.relationship == policy.RelationshipNone {
				q.relationship = policy.RelationshipReferral
			}
		}
	}
	return nil
}

// noteRegistration takes a relationship from a registration at the caller's own organisation.
func (q *inquiry) noteRegistration(meta *clinical.Meta) {
	switch {
	case meta.Status == clinical.StatusActive:
		q.relationship = policy.RelationshipRegistered
	case q.relationship != policy.RelationshipRegistered:
		q.relationship = policy.RelationshipRecord
	}
}
