package study

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/gate"
)

// Asked is an entry of the public register of studies (CS-10): that a question was put, by whom, for what, and whether it was
// answered. It holds no figure and names no analyst, but their organisation and role.
type Asked struct {
	Sequence     uint64 // of the entry in the ledger
	At           time.Time
	Project      string
	Organisation string // ODS code
	Role         string // R-code
	Purpose      string // HL7 PurposeOfUse code
	Name         string
	Version      int
	Title        string
	Words        string // what was asked, in plain English
	Digest       string // of the definition
	Answered     bool
	Reasons      []string // of the policy
}

// Place is the entry's place in the register, to go on from. It is no secret: the register is public.
func (a *Asked) Place() string { return strconv.FormatUint(a.Sequence, 36) }

// AskedPage is a page of the public register.
type AskedPage struct {
	Entries []Asked
	HasNext bool
}

// Register reads a page of the public register, newest first, after a place of an earlier page or from the newest entry where it
// is empty. Anybody may.
func (s *Studies) Register(ctx context.Context, after string, first int) (*AskedPage, error) {
	var before uint64
	if after != "" {
		place, err := strconv.ParseUint(after, 36, 64)
		if err != nil || place == 0 {
			return nil, gate.ErrCursor
		}
		before = place
	}
	first = min(max(first, 1), mostListed)
	entries, err := s.parts.Ledger.Entries(ctx, audit.Query{Events: []audit.Event{audit.EventStudy}, NewestFirst: true, After: before,
		Limit: first + 1})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", gate.ErrLedger, err)
	}
	page := &AskedPage{Entries: make([]Asked, 0, first), HasNext: len(entries) > first}
	for i := range entries[:min(first, len(entries))] {
		page.Entries = append(page.Entries, askedIn(&entries[i]))
	}
	return page, nil
}

func askedIn(written *audit.Written) Asked {
	entry, study := &written.Entry, &audit.Study{}
	if entry.Study != nil {
		study = entry.Study
	}
	return Asked{Sequence: written.Sequence, At: entry.Time, Project: study.Project, Organisation: entry.Caller.Organisation,
		Role: entry.Caller.Role, Purpose: entry.Purpose, Name: study.Name, Version: study.Version, Title: study.Title, Words: study.Words,
		Digest: study.Digest, Answered: entry.Outcome == audit.OutcomeReleased, Reasons: entry.Reasons}
}

// mostListed bounds a page of the register.
const mostListed = 200
