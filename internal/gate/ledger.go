package gate

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Reader is a [Ledger] that can also be read.
type Reader interface {
	Entries(ctx context.Context, query audit.Query) ([]audit.Written, error)
}

// Paging selects one page of the ledger, newest first.
type Paging struct {
	First int    // maximum number of accesses, at least 1
	After string // a cursor as the caller gave it; empty for the first page
}

// AccessPage is one page of the ledger.
type AccessPage struct {
	Accesses []Access
	HasNext  bool

	cursor func(sequence uint64) string
}

// Cursor returns the place of an item as text, sealed for this caller and this question.
func (p *AccessPage) Cursor(item int) string {
	if p.cursor == nil {
		return ""
	}
	return p.cursor(p.Accesses[item].Sequence)
}

// AccessesOf selects the accesses to one person's record, by one user, or by the users of one organisation. Exactly one
// field is set.
type AccessesOf struct {
	Person       clinical.NHSNumber
	User         string
	Organisation string
}

// action is the action that needs permission; false if not exactly one field is set.
func (of AccessesOf) action() (policy.Action, bool) {
	var actions []policy.Action
	if !of.Person.IsZero() {
		actions = append(actions, policy.ReadAccessesOfPerson)
	}
	if of.User != "" {
		actions = append(actions, policy.ReadAccessesOfCaller)
	}
	if of.Organisation != "" {
		actions = append(actions, policy.ReadAccessesOfOrganisation)
	}
	if len(actions) != 1 {
		return "", false
	}
	return actions[0], true
}

// Accesses returns the ledger of one person, user or organisation to an overseer. The reading itself is durably in the
// ledger before Accesses returns.
func (g *Gate) Accesses(ctx context.Context, caller auth.Caller, of AccessesOf, paging Paging) (*AccessPage, error) {
	action, ok := of.action()
	if !ok {
		return nil, ErrSubject
	}
	a, err := g.begin(caller, action, of.Person)
	if err != nil {
		return nil, err
	}
	a.narrowed = of.Organisation != "" && of.Organisation == caller.Organisation
	if err := a.permitOwn(ctx); err != nil {
		return nil, err
	}
	wanted := selection{user: of.User, organisation: of.Organisation, within: a.within()}
	if !a.person.IsZero() {
		wanted.numbers = g.numbers(a.person)
	}
	return a.page(ctx, wanted, paging)
}

// OwnAccesses returns the accesses to a person's record, to that person or somebody who may act for them.
func (g *Gate) OwnAccesses(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, paging Paging) (*AccessPage, error) {
	a, _, err := g.own(ctx, caller, policy.ReadOwnAccesses, person, Choice{})
	if err != nil {
		return nil, err
	}
	return a.page(ctx, selection{numbers: g.numbers(a.person), own: true}, paging)
}

// within is the organisation to whose users' accesses the caller is limited; "" means no limit.
func (a *act) within() string {
	if a.narrowed {
		return a.caller.Organisation
	}
	return ""
}

// selection says which ledger entries are wanted.
type selection struct {
	numbers            []clinical.NHSNumber // of one person; nil for everybody
	user, organisation string               // who did it; empty for anybody
	within             string               // restricts user or person to one organisation's users
	own                bool                 // the reader is the person
}

// binding is what a cursor is bound to.
func (s *selection) binding(caller auth.Caller) []byte {
	texts := []string{"ledger", caller.ID, caller.Role, caller.Organisation, s.user, s.organisation, s.within}
	for _, number := range s.numbers {
		texts = append(texts, number.Reveal())
	}
	return bound(texts...)
}

func (s *selection) keeps(entry *audit.Entry) bool {
	return (s.user == "" || entry.Caller.ID == s.user) &&
		(s.organisation == "" || entry.Caller.Organisation == s.organisation) &&
		(s.within == "" || entry.Caller.Organisation == s.within)
}

// page reads one page, records the reading, and returns the page.
func (a *act) page(ctx context.Context, wanted selection, paging Paging) (*AccessPage, error) {
	binding := wanted.binding(a.caller)
	after, err := a.gate.sealer.place(paging.After, binding)
	if err != nil {
		return nil, a.fail(ctx, err)
	}
	ctx, cancel := context.WithTimeout(ctx, a.gate.parts.Deadline)
	defer cancel()
	found, err := a.gate.newest(ctx, wanted, after, paging.First+1)
	if err != nil {
		return nil, err
	}
	page := &AccessPage{HasNext: len(found) > paging.First, Accesses: make([]Access, min(len(found), paging.First))}
	page.cursor = func(sequence uint64) string { return a.gate.sealer.sealPlace(sequence, binding) }
	clerk := clerk{gate: a.gate, policy: a.policy, own: wanted.own}
	for i := range page.Accesses {
		page.Accesses[i] = clerk.access(&found[i])
	}
	if !wanted.own {
		if err := a.gate.addReviews(ctx, page.Accesses); err != nil {
			return nil, err
		}
	}
	return page, a.done(ctx)
}

// query is the ledger query for one of the person's numbers, or for no particular person.
func (s *selection) query(number clinical.NHSNumber, after uint64) audit.Query {
	query := audit.Query{Person: number, Caller: s.user, Organisation: s.organisation, After: after}
	if query.Organisation == "" {
		query.Organisation = s.within
	}
	return query
}

// newest returns up to limit wanted entries, newest first; if after is not 0, only entries older than after.
func (g *Gate) newest(ctx context.Context, wanted selection, after uint64, limit int) ([]audit.Written, error) {
	if wanted.within != "" && wanted.organisation != "" && wanted.within != wanted.organisation {
		return nil, nil // no entry can match, and searching would read everything the other organisation did
	}
	numbers := wanted.numbers
	if numbers == nil {
		numbers = []clinical.NHSNumber{{}}
	}
	var all []audit.Written
	for _, number := range numbers {
		found, err := g.collect(ctx, wanted.query(number, after), &wanted, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(x, y audit.Written) int { return cmp.Compare(y.Sequence, x.Sequence) })
	return all[:min(len(all), limit)], nil
}

func (g *Gate) collect(ctx context.Context, query audit.Query, wanted *selection, limit int) ([]audit.Written, error) {
	query.Limit = min(limit, mostRead)
	var found []audit.Written
	err := g.scan(ctx, query, func(written *audit.Written) bool {
		if wanted.keeps(&written.Entry) {
			found = append(found, *written)
		}
		return len(found) < limit
	})
	return found, err
}

// mostRead is how many entries are read from the ledger at a time.
const mostRead = 1000

// read reads entries.
func (g *Gate) read(ctx context.Context, query audit.Query) ([]audit.Written, error) {
	reader, ok := g.parts.Ledger.(Reader)
	if !ok {
		return nil, fmt.Errorf("%w: it cannot be read", ErrLedger)
	}
	entries, err := reader.Entries(ctx, query)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrLedger, err)
	}
	return entries, nil
}

// scan visits entries, newest first, until there are none left or visit returns false.
func (g *Gate) scan(ctx context.Context, query audit.Query, visit func(*audit.Written) (more bool)) error {
	query.NewestFirst = true
	for {
		entries, err := g.read(ctx, query)
		if err != nil {
			return err
		}
		for i := range entries {
			if !visit(&entries[i]) {
				return nil
			}
			query.After = entries[i].Sequence
		}
		if len(entries) == 0 {
			return nil
		}
	}
}

var errPlace = errors.New("malformed place")

// sealPlace seals a position in the ledger.
func (s *sealer) sealPlace(sequence uint64, binding []byte) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, binary.BigEndian.AppendUint64(nil, sequence), binding))
}

// place opens what sealPlace sealed; an empty text is the beginning.
func (s *sealer) place(text string, binding []byte) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	plain, err := s.plain(text, binding)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrCursor, err)
	}
	return binary.BigEndian.Uint64(plain), nil
}

// plain opens eight bytes that were sealed as text.
func (s *sealer) plain(text string, binding []byte) ([]byte, error) {
	if len(text) > mostSealed {
		return nil, errPlace
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	// The decoder ignores line breaks and trailing bits; insisting on the canonical text gives each position exactly
	// one.
	if err != nil || base64.RawURLEncoding.EncodeToString(sealed) != text {
		return nil, errPlace
	}
	plain, err := s.aead.Open(nil, nil, sealed, binding)
	if err != nil || len(plain) != 8 {
		return nil, errPlace
	}
	return plain, nil
}
