package peer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// What one question may hold.
const (
	mostBytes  = 16 << 20
	mostParts  = 4096
	mostPeople = 512
	mostRows   = 5000 // of one part
	longest    = 200  // bytes of a name or an identifier
	longestAsk = 30 * time.Second
)

// ask answers a question that the peer hands on.
func (s *Server) ask(v *visit) {
	body, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, mostBytes))
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		v.refuse(s, wire.RefusedTooLarge)
		return
	}
	if err != nil || v.r.Header.Get("Content-Type") != wire.Media {
		v.refuse(s, wire.RefusedMalformed)
		return
	}
	question, err := wire.ReadQuestion(body, v.desk.lists)
	if err == nil {
		err = s.admit(v.desk, question)
	}
	if err != nil {
		v.refuse(s, why(err))
		return
	}
	answer, err := s.answer(v.r.Context(), v.desk, question)
	if err != nil {
		v.refuse(s, why(err))
		return
	}
	now, err := s.says() // after the answer, which may rest on more than whoever asked knows of
	if err != nil {
		v.refuse(s, wire.RefusedUnavailable)
		return
	}
	v.w.Header().Set(wire.AboutHeader, now.digest)
	v.send(wire.AppendAnswer(make([]byte, 0, 16<<10), &question.Query, &answer))
}

// refusal is a refusal as an error.
type refusal wire.Refusal

func (r refusal) Error() string { return "question refused: " + string(r) }

// why is the refusal for an error.
func why(err error) wire.Refusal {
	var said refusal
	switch {
	case errors.As(err, &said):
		return wire.Refusal(said)
	case errors.Is(err, wire.ErrMalformed):
		return wire.RefusedMalformed
	case errors.Is(err, wire.ErrUnsupported):
		return wire.RefusedUnsupported
	case errors.Is(err, wire.ErrLists):
		return wire.RefusedLists
	case errors.Is(err, gate.ErrHandedOn), errors.Is(err, gate.ErrPurpose), errors.Is(err, gate.ErrUnauthenticated):
		return wire.RefusedCaller
	case errors.Is(err, gate.ErrRevision):
		return wire.RefusedBehind
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return wire.RefusedLate
	}
	return wire.RefusedUnavailable
}

// admit checks what is said beside the query. None of it is about a person.
func (s *Server) admit(d *desk, q *wire.Question) error {
	switch {
	case q.To != "" && q.To != s.options.Instance:
		return refusal(wire.RefusedInstance)
	case len(q.Query.Parts) > mostParts || len(q.Query.People) > mostPeople:
		return refusal(wire.RefusedTooLarge)
	case !d.nonces.fresh(q.Nonce, q.At, s.options.Now()):
		return refusal(wire.RefusedReplayed)
	case !sane(&q.Query):
		return refusal(wire.RefusedMalformed)
	}
	return s.path(d, q.Path)
}

// path checks which OneLondons a question passed. The last is the peer itself; those before it are ones that it may hand on for.
func (s *Server) path(d *desk, path []string) error {
	switch {
	case len(path) == 0 || path[len(path)-1] != d.Instance:
		return refusal(wire.RefusedCaller)
	case slices.Contains(path, s.options.Instance):
		return refusal(wire.RefusedLoop)
	case len(path) > s.options.Depth:
		return refusal(wire.RefusedDepth)
	}
	for i, hop := range path[:len(path)-1] {
		if slices.Contains(path[i+1:], hop) {
			return refusal(wire.RefusedLoop)
		}
	}
	for _, hop := range path[:len(path)-1] {
		if !slices.Contains(d.For, hop) {
			return refusal(wire.RefusedCaller)
		}
	}
	return nil
}

// sane reports whether texts that go into the ledger are of a length and kind that can be kept there, and whether everybody who is asked
// about has a number: those whose number nobody knows are kept under none, all together.
func sane(q *sources.Query) bool {
	c := &q.Caller
	for _, text := range append([]string{c.ID, c.Name, c.Organisation, c.Role, c.Purpose}, c.Activities...) {
		if len(text) > longest || !utf8.ValidString(text) {
			return false
		}
	}
	for i := range q.People {
		if len(q.People[i].Numbers) == 0 || slices.ContainsFunc(q.People[i].Numbers, clinical.NHSNumber.IsZero) || !utf8.ValidString(q.People[i].Claimed) {
			return false
		}
	}
	if slices.ContainsFunc(q.Parts, func(part sources.Part) bool { return part.Person.IsZero() }) {
		return false
	}
	return c.ID != "" && auth.IsRequestID(c.RequestID)
}

// callerOf is who asks, as the peer says.
func callerOf(q *wire.Question) auth.Caller {
	c := &q.Query.Caller
	return auth.Caller{ID: c.ID, Name: c.Name, Role: c.Role, Organisation: c.Organisation, Activities: c.Activities, Citizen: c.Citizen,
		Person: c.Person, Purpose: c.Purpose, Automated: c.Automated, RequestID: c.RequestID, Via: q.Path}
}

// answer puts a question to the gate, or writes into the ledger that it may not be handed on.
func (s *Server) answer(ctx context.Context, d *desk, q *wire.Question) (sources.Answer, error) {
	ctx, cancel := context.WithTimeout(sources.WithHops(ctx, q.Path), min(q.Within, longestAsk))
	defer cancel()
	caller := callerOf(q)
	sheet := newSheet(d, q)
	if len(sheet.questions) > mostPeople {
		return sources.Answer{}, refusal(wire.RefusedTooLarge)
	}
	if !d.mayAsk(&caller) {
		return sources.Answer{}, s.options.Gate.Refuse(ctx, caller, sheet.questions)
	}
	answers, err := s.options.Gate.Ask(ctx, caller, sheet.questions)
	if err != nil {
		return sources.Answer{}, err
	}
	return sheet.answer(&q.Query, answers), nil
}
