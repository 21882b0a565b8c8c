package study

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"onelondon/internal/audit"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
)

// note writes into the ledger of accesses that a question was put and what came of it.
func (s *Studies) note(ctx context.Context, q *question, outcome audit.Outcome, answer *cohort.Answer, reasons ...string) error {
	entry := audit.Entry{Event: audit.EventStudy, Time: s.parts.Now(), RequestID: q.caller.RequestID, Purpose: q.caller.Purpose, Outcome: outcome,
		Caller:  audit.Caller{ID: q.caller.ID, Name: q.caller.Name, Role: q.caller.Role, Organisation: q.caller.Organisation},
		Reasons: reasons, PolicyRevision: q.policy.Revision(), ConsentRevision: uint64(s.parts.Register.Revision()), Automated: q.caller.Automated,
		Study: &audit.Study{Project: q.project, Name: q.asked.Name, Version: q.asked.Version, Title: q.asked.Title, Words: q.words, Digest: q.digest}}
	if answer != nil {
		told, err := json.Marshal(answer.Result)
		if err != nil {
			return fmt.Errorf("digest an answer: %w", err)
		}
		digest := sha256.Sum256(told)
		entry.AnswerDigest = digest[:]
		for i := range answer.Sources {
			entry.Sources = append(entry.Sources, audit.SourceOutcome{Source: string(answer.Sources[i].Source), Outcome: answer.Sources[i].Outcome})
		}
	}
	if _, err := s.parts.Ledger.Append(ctx, entry); err != nil {
		return fmt.Errorf("%w: %w", gate.ErrLedger, err)
	}
	return nil
}
