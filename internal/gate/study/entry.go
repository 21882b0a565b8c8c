package study

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
)

// note writes into the ledger of accesses that a question was put and what came of it. What is published of it is what the people
// of registered projects asked: nobody else writes a word into the public register.
func (s *Studies) note(ctx context.Context, q *question, outcome audit.Outcome, answer *cohort.Answer, reasons ...string) error {
	entry := s.entry(q.caller, q.policy, outcome, reasons)
	entry.Event = audit.EventStudy
	entry.Study = &audit.Study{Project: q.project, Name: published(q.asked.Name), Version: q.asked.Version, Title: q.asked.Title,
		Words: published(q.words), Digest: q.digest}
	if q.decision == nil || outside(reasons) {
		entry.Event, entry.Study = audit.EventStudyOutside, &audit.Study{Digest: q.digest}
	}
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
	return s.append(ctx, entry)
}

// noteReading writes that somebody read what a project was told, or saved.
func (s *Studies) noteReading(ctx context.Context, caller auth.Caller, rules Policy, action string, outcome audit.Outcome, reasons []string) error {
	entry := s.entry(caller, rules, outcome, reasons)
	entry.Event, entry.Action = audit.EventOversight, action
	return s.append(ctx, entry)
}

func (s *Studies) entry(caller auth.Caller, rules Policy, outcome audit.Outcome, reasons []string) audit.Entry {
	return audit.Entry{Time: s.parts.Now(), RequestID: caller.RequestID, Purpose: caller.Purpose, Outcome: outcome, Reasons: reasons,
		Caller:         audit.Caller{ID: caller.ID, Name: caller.Name, Role: caller.Role, Organisation: caller.Organisation},
		PolicyRevision: rules.Revision(), ConsentRevision: uint64(s.parts.Register.Revision()), Automated: caller.Automated}
}

func (s *Studies) append(ctx context.Context, entry audit.Entry) error {
	if _, err := s.parts.Ledger.Append(ctx, entry); err != nil {
		return fmt.Errorf("%w: %w", gate.ErrLedger, err)
	}
	return nil
}

// published is text as everybody may read it, line by line: names of sets and groups are the analyst's own.
func published(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		lines[i] = line[:indent] + gate.Typed(line)
	}
	return strings.Join(lines, "\n")
}
