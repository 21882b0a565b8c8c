package gate_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/locator"
	"onelondon/sources/memory"
)

// stage is a gate over memory sources, with a policy and a register that a test can bend.
type stage struct {
	names     map[clinical.Text]clinical.Text // of organisations
	gate      *gate.Gate
	policy    *bentPolicy
	register  *bentRegister
	ledger    *keptLedger
	people    map[clinical.SourceID][]memory.Person
	wrap      func(sources.Source) sources.Source
	wrapByID  map[clinical.SourceID]func(sources.Source) sources.Source
	bend      func(*bentPolicy) gate.Policy // puts another policy before the stage's
	specs     map[clinical.SourceID]sources.Spec
	locator   *locator.Locator
	catalogue *sources.Catalogue
	patience  time.Duration      // with a register that is behind
	unlisted  clinical.NHSNumber // somebody whom the sources hold and did not list yet
}

func number(t testing.TB, text string) clinical.NHSNumber {
	t.Helper()
	n, err := clinical.ParseNHSNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var (
	gpCaller = auth.Caller{ID: "u1", Name: "Dr Okoye", Role: "R0260", Organisation: "F84003", Purpose: "TREAT", RequestID: "r1"}
	stranger = auth.Caller{ID: "u2", Name: "Dr Else", Role: "R0260", Organisation: "X99999", Purpose: "TREAT", RequestID: "r2"}
)

func newStage() *stage {
	return &stage{policy: &bentPolicy{}, register: &bentRegister{}, ledger: &keptLedger{},
		people: map[clinical.SourceID][]memory.Person{}, specs: map[clinical.SourceID]sources.Spec{},
		wrap: func(s sources.Source) sources.Source { return s }}
}

// holds puts a person with records into a source, which belongs to one organisation.
func (s *stage) holds(source clinical.SourceID, organisation clinical.Text, person clinical.NHSNumber, records ...clinical.Record) {
	registration := &clinical.Registration{Meta: clinical.Meta{ID: clinical.Text("reg-" + string(organisation)), Status: clinical.StatusActive}}
	all := append([]clinical.Record{registration}, records...)
	for _, record := range all {
		meta := record.About()
		meta.Source, meta.Organisation.Code = source, organisation
		if _, known := meta.Labels.Value(clinical.LabelSealed); !known {
			meta.Labels.Put(clinical.LabelSealed, false)
		}
	}
	s.people[source] = append(s.people[source], memory.Person{NHSNumber: person, Organisation: organisation, Registered: true,
		Records: all})
	spec := s.specs[source]
	spec.ID, spec.Name, spec.Organisation = source, "Source "+string(source), organisation
	s.specs[source] = spec
}

// open builds the gate once all is in place.
func (s *stage) open(t testing.TB) *stage {
	t.Helper()
	s.locator = locator.New([32]byte{1}, nil)
	var entries []sources.Entry
	for id, people := range s.people {
		source := memory.New(id, people...)
		if err := s.locator.Refresh(context.Background(), id, stale{source, s.unlisted}); err != nil {
			t.Fatal(err)
		}
		wrapped := s.wrap(source)
		if wrap := s.wrapByID[id]; wrap != nil {
			wrapped = wrap(wrapped)
		}
		entries = append(entries, sources.Entry{Spec: s.specs[id], Source: wrapped})
	}
	catalogue, err := sources.NewCatalogue(nil, entries...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = catalogue.Close() })
	s.catalogue = catalogue
	inForce := gate.Policy(s.policy)
	if s.bend != nil {
		inForce = s.bend(s.policy)
	}
	s.gate, err = gate.New(gate.Options{Policy: func() gate.Policy { return inForce }, Register: s.register, Ledger: s.ledger,
		Locator: s.locator, Catalogue: catalogue, Organisations: s.names, Pace: time.Millisecond, Patience: s.patience})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask asks one question and demands an answer.
func (s *stage) ask(t testing.TB, caller auth.Caller, question gate.Question) *gate.Person {
	t.Helper()
	answers, err := s.gate.Ask(context.Background(), caller, []gate.Question{question})
	if err != nil {
		t.Fatal(err)
	}
	return answers[0].Person
}

// listOf asks for a list of one kind with every field.
func listOf(kind clinical.Kind, first int) gate.List {
	return gate.List{Kinds: []clinical.Kind{kind}, First: first,
		Fields: map[clinical.Kind]clinical.FieldSet{kind: kind.Descriptor().All()}}
}

// bentPolicy permits what it is told to; by default everything in a relationship.
type bentPolicy struct {
	withheld  []clinical.Kind
	masked    map[clinical.Kind]clinical.FieldSet
	condition *condition.Condition
	findable  bool // S-flags hide nobody
	spread    []clinical.Label
	spreadTo  []clinical.Kind
	inputs    []policy.Input
	err       error
}

func (p *bentPolicy) Decide(_ context.Context, input policy.Input) (*policy.Decision, error) {
	p.inputs = append(p.inputs, input)
	if p.err != nil {
		return nil, p.err
	}
	released := condition.Always()
	if p.condition != nil {
		released = *p.condition
	}
	decision := &policy.Decision{Revision: "test", Permitted: input.Relationship != policy.RelationshipNone,
		Reasons: []string{"because"}, Alert: input.Relationship == policy.RelationshipClaimed,
		Hide: input.Person.Flagged && !p.findable}
	for _, kind := range clinical.Kinds() {
		if !slices.Contains(p.withheld, kind) {
			decision.SetRelease(kind, policy.Release{Condition: released, Masked: p.masked[kind]})
		}
	}
	return decision, nil
}

func (p *bentPolicy) Spread() ([]clinical.Label, []clinical.Kind) { return p.spread, p.spreadTo }

func (p *bentPolicy) Words(reason string) string { return "Because " + reason + "." }

// bentRegister knows of each person by the current number.
type bentRegister struct {
	states map[clinical.NHSNumber]consent.State
	behind atomic.Int64 // looks after which the register has caught up with revision 7
	err    error
}

func (r *bentRegister) State(numbers ...clinical.NHSNumber) (consent.State, consent.Revision, error) {
	person := numbers[len(numbers)-1]
	if r.behind.Add(-1) >= 0 {
		return r.states[person], 6, r.err
	}
	return r.states[person], 7, r.err
}

func (r *bentRegister) Key(person clinical.NHSNumber) string { return "key of " + person.Reveal() }

type keptLedger struct {
	entries []audit.Entry
	err     error
}

func (l *keptLedger) Append(_ context.Context, entries ...audit.Entry) ([]audit.Receipt, error) {
	if l.err != nil {
		return nil, l.err
	}
	receipts := make([]audit.Receipt, len(entries))
	for i := range entries {
		l.entries = append(l.entries, entries[i])
		receipts[i].Sequence = uint64(len(l.entries))
	}
	return receipts, nil
}

// bySource wraps sources of the given ids.
type failing struct {
	sources.Source
	err error
}

func (f failing) Fetch(context.Context, sources.Query) (sources.Answer, error) {
	return sources.Answer{}, f.err
}

// stale lists everybody but one.
type stale struct {
	sources.Lister
	unlisted clinical.NHSNumber
}

func (s stale) People(ctx context.Context, yield func(sources.Membership) error) error {
	return s.Lister.People(ctx, func(m sources.Membership) error {
		if m.Person == s.unlisted {
			return nil
		}
		return yield(m)
	})
}

// date reads a date that a test writes down.
func date(text string) clinical.DateTime {
	d, err := clinical.ParseDateTime(text)
	if err != nil {
		return clinical.DateTime{}
	}
	return d
}

func snomed(code string) clinical.Concept {
	return clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(code)}}
}

func identifier(prefix string, i int) clinical.Text {
	return clinical.Text(fmt.Sprintf("%s%03d", prefix, i))
}

// tripping counts questions to sources.
type tripping struct {
	sources.Source
	trips *tripCounter
}

type tripCounter struct{ count atomic.Int64 }

func (s tripping) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	s.trips.count.Add(1)
	return s.Source.Fetch(ctx, query)
}
