package peer_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/memory"
)

var gp = auth.Caller{ID: "u1", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003", Purpose: "TREAT", RequestID: "request-1"}

func number(t testing.TB, text string) clinical.NHSNumber {
	t.Helper()
	n, err := clinical.ParseNHSNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func date(text string) clinical.DateTime {
	d, err := clinical.ParseDateTime(text)
	if err != nil {
		return clinical.DateTime{}
	}
	return d
}

// condition makes a problem of an organisation, not sealed.
func problem(organisation, id, code, on string) clinical.Record {
	record := &clinical.Condition{Meta: clinical.Meta{ID: clinical.Text(id), Organisation: clinical.Organisation{Code: clinical.Text(organisation)},
		Code: clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(code)}}, Date: date(on), Status: clinical.StatusActive}}
	record.Labels.Put(clinical.LabelSealed, false)
	return record
}

// holding is a source in memory in which one person is registered at an organisation, with records.
func holding(t testing.TB, id clinical.SourceID, organisation string, person clinical.NHSNumber, records ...clinical.Record) sources.Entry {
	t.Helper()
	registration := &clinical.Registration{Meta: clinical.Meta{ID: "reg-" + clinical.Text(organisation), Status: clinical.StatusActive, Date: date("2001"),
		Organisation: clinical.Organisation{Code: clinical.Text(organisation)}}, FamilyName: "Mensah", BirthDate: date("1960-05-05")}
	registration.Labels.Put(clinical.LabelSealed, false)
	return sources.Entry{Source: memory.New(id, memory.Person{NHSNumber: person, Organisation: clinical.Text(organisation), Registered: true,
		Records: append([]clinical.Record{registration}, records...)}), Spec: sources.Spec{ID: id, Name: "Source " + string(id)}}
}

// lists asks for whole lists of kinds.
func lists(kinds ...clinical.Kind) []gate.List {
	var all []gate.List
	for _, kind := range kinds {
		all = append(all, gate.List{Kinds: []clinical.Kind{kind}, First: 100,
			Fields: map[clinical.Kind]clinical.FieldSet{kind: kind.Descriptor().All()}})
	}
	return all
}

// ask puts a question to a house's gate.
func ask(t testing.TB, h *trial.House, caller auth.Caller, question gate.Question) *gate.Person {
	t.Helper()
	answers, err := h.Gate.Ask(context.Background(), caller, []gate.Question{question})
	if err != nil {
		t.Fatal(err)
	}
	return answers[0].Person
}

// references are the records of a page, by reference.
func references(page *gate.Page) []string {
	all := []string{}
	for _, record := range page.Records {
		all = append(all, record.About().Reference())
	}
	return all
}

// said are the lines of sources.
func said(lines []gate.SourceAnswer) []string {
	all := []string{}
	for _, line := range lines {
		all = append(all, fmt.Sprintf("%s %s %d", line.Source, line.Outcome, line.Records))
	}
	return all
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// entries reads a whole ledger, newest first.
func entries(t *testing.T, h *trial.House) []audit.Written {
	t.Helper()
	all, err := h.Ledger.Entries(t.Context(), audit.Query{Everybody: true, NewestFirst: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// late is a source that is put in place after whoever asks it was built.
type late struct {
	there atomic.Pointer[sources.Source]
}

func (l *late) put(source sources.Source) { l.there.Store(&source) }

// Fetch asks what is in place.
func (l *late) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	there := l.there.Load()
	if there == nil {
		return sources.Answer{}, sources.ErrUnavailable
	}
	return (*there).Fetch(ctx, query)
}

// Close does nothing: what is in place is closed by whoever made it.
func (l *late) Close() error { return nil }

// wrapped is a source whose questions a test bends.
type wrapped struct {
	*memory.Source
	fetch func(ctx context.Context, query sources.Query) (sources.Answer, error)
}

// Fetch asks as the test likes.
func (w wrapped) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	return w.fetch(ctx, query)
}

// bent is an entry whose questions a test bends.
func bent(entry sources.Entry, fetch func(ctx context.Context, query sources.Query) (sources.Answer, error)) sources.Entry {
	entry.Source = wrapped{entry.Source.(*memory.Source), fetch}
	return entry
}

// upperOf is a house over one other, which it calls nel.
func upperOf(t testing.TB, lower *trial.House, options trial.Options, trust func(*peer.Peer)) *trial.House {
	t.Helper()
	authority := testkit.NewAuthority(t)
	ours := authority.Issue("london")
	options.Entries = append(options.Entries, under(t, lower, authority, "nel", "london", ours, trust))
	if options.Pace == 0 {
		options.Pace = time.Millisecond
	}
	return trial.Open(t, options)
}

// under lets a house answer one peer, and is how that peer asks it.
func under(t testing.TB, lower *trial.House, authority *testkit.Authority, name, asker string, certificate tls.Certificate,
	trust func(*peer.Peer)) sources.Entry {
	t.Helper()
	trusted := trial.Trusted(asker, certificate)
	if trust != nil {
		trust(&trusted)
	}
	return lower.Answers(t, authority, name, trusted).Asks(t, asker, certificate, clinical.SourceID(name))
}
