package peer_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/onelondon"
	"onelondon/sources/onelondon/wire"
)

// lower is a OneLondon that is asked by a program that keeps to nothing but the certificate.
type lower struct {
	*trial.Answering
	client *http.Client
	nonce  byte
	person clinical.NHSNumber
}

// lowerOf is one in which a person is registered at a practice, and trusts london as far as a test says.
func lowerOf(t *testing.T, trust func(*peer.Peer), records ...clinical.Record) (*lower, *testkit.Authority) {
	t.Helper()
	person := number(t, "9990000018")
	records = append(records, problem("F84003", "p1", "38341003", "2020-01-01"))
	house := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{holding(t, "practice", "F84003", person, records...)}})
	authority := testkit.NewAuthority(t)
	ours := authority.Issue("london")
	trusted := trial.Trusted("london", ours)
	if trust != nil {
		trust(&trusted)
	}
	l := &lower{Answering: house.Answers(t, authority, "nel", trusted), person: person}
	l.client = l.as(authority, ours)
	t.Cleanup(l.client.CloseIdleConnections)
	return l, authority
}

// as is a client with a certificate.
func (l *lower) as(authority *testkit.Authority, certificates ...tls.Certificate) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: &protocols, TLSClientConfig: &tls.Config{Certificates: certificates,
		RootCAs: authority.Pool(), MinVersion: tls.VersionTLS13}}}
}

// question is a fair one.
func (l *lower) question(t *testing.T) *wire.Question {
	t.Helper()
	l.nonce++
	kind := clinical.KindCondition
	return &wire.Question{Path: []string{"london"}, To: "nel", As: "nel", Nonce: [16]byte{l.nonce}, At: time.Now(), Within: 10 * time.Second,
		Query: sources.Query{
			Caller: sources.Caller{ID: "u1", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003", Purpose: "TREAT", RequestID: "request-1"},
			People: []sources.Standing{{Numbers: []clinical.NHSNumber{l.person}}},
			Parts:  []sources.Part{{Kind: kind, Person: l.person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 100}}}}
}

// send sends bytes, and returns the refusal, or the body.
func (l *lower) send(t *testing.T, body []byte) (refusal string, answer []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.Base+wire.AskPath, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", wire.Media)
	reply, err := l.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	var read bytes.Buffer
	if _, err := read.ReadFrom(reply.Body); err != nil {
		t.Fatal(err)
	}
	if (reply.StatusCode == http.StatusOK) != (reply.Header.Get(wire.RefusalHeader) == "") || reply.StatusCode != http.StatusOK && read.Len() > 0 {
		t.Errorf("HTTP %d with refusal %q and %d bytes", reply.StatusCode, reply.Header.Get(wire.RefusalHeader), read.Len())
	}
	return reply.Header.Get(wire.RefusalHeader), read.Bytes()
}

// post sends a question and returns the refusal, or how many records came.
func (l *lower) post(t *testing.T, question *wire.Question) string {
	t.Helper()
	refusal, body := l.send(t, wire.AppendQuestion(nil, question, func(wire.Digest) bool { return false }))
	if refusal != "" {
		return refusal
	}
	answer, err := wire.ReadAnswer(body, &question.Query, "nel")
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	for _, part := range answer.Parts {
		records += len(part.Records)
	}
	return strings.Repeat("record ", records)
}

func TestAPeerSpeaksOnlyForWhomItMay(t *testing.T) {
	l, _ := lowerOf(t, func(p *peer.Peer) {
		p.Organisations, p.Roles, p.Purposes, p.Citizens = peer.Only("F84003"), peer.Only("R0260"), []string{"TREAT"}, false
	})
	if got := l.post(t, l.question(t)); got != "record " {
		t.Fatalf("a fair question gets %q", got)
	}
	for name, forge := range map[string]func(*sources.Caller){
		"another organisation": func(c *sources.Caller) { c.Organisation = "R1H" },
		"no organisation":      func(c *sources.Caller) { c.Organisation = "" },
		"another role":         func(c *sources.Caller) { c.Role = "R8000" },
		"another purpose":      func(c *sources.Caller) { c.Purpose = "HRESCH" },
		"no purpose":           func(c *sources.Caller) { c.Purpose = "" },
		"a citizen": func(c *sources.Caller) {
			*c = sources.Caller{ID: "c", Citizen: true, Person: l.person, Purpose: "TREAT", RequestID: "r"}
		},
		"a citizen who is also staff":   func(c *sources.Caller) { c.Citizen, c.Person = true, l.person },
		"staff who are also the person": func(c *sources.Caller) { c.Person = l.person },
	} {
		question := l.question(t)
		forge(&question.Query.Caller)
		if got := l.post(t, question); got != "not allowed" {
			t.Errorf("%s: %q", name, got)
		}
		entry := entries(t, l.House)[0].Entry
		if entry.Outcome != audit.OutcomeRefused || !slices.Contains(entry.Reasons, "may_not_be_handed_on") || entry.Caller.Via != "london" ||
			entry.Caller.Organisation != question.Query.Caller.Organisation {
			t.Errorf("%s: the ledger says %+v", name, entry)
		}
	}
}

func TestAPeerVouchesOnlyForWhatItMay(t *testing.T) {
	elsewhere := func(q *wire.Question) { q.Query.Caller.Organisation = "Y99999" } // where nobody here is known
	for name, test := range map[string]struct {
		vouched, claimed string
		emergency        bool
		may              func(*peer.Peer)
		want             string
	}{
		"a relationship that it may vouch for":     {"registered", "", false, nil, "record "},
		"one that it may not":                      {"registered", "", false, func(p *peer.Peer) { p.Relationships = []policy.Relationship{policy.RelationshipReferral} }, ""},
		"none":                                     {"none", "", false, nil, ""},
		"one that nobody can vouch for":            {"self", "", false, func(p *peer.Peer) { p.Relationships = policy.Relationships() }, ""},
		"one that does not exist":                  {"friend", "", false, nil, ""},
		"a claim of the caller, which stands here": {"none", "Brought in by ambulance", false, nil, "record "},
	} {
		l, _ := lowerOf(t, test.may)
		question := l.question(t)
		elsewhere(question)
		question.Query.People[0].Relationship, question.Query.People[0].Claimed = test.vouched, test.claimed
		if got := l.post(t, question); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		entry := entries(t, l.House)[0].Entry
		if test.claimed != "" && (!entry.Alert || entry.ClaimedReason != test.claimed) {
			t.Errorf("%s: the ledger says %+v", name, entry)
		}
	}
}

func TestABrokenGlassHoldsBelowOnlyWhereThePeerMaySaySo(t *testing.T) {
	for name, may := range map[string]bool{"it may": true, "it may not": false} {
		l, _ := lowerOf(t, func(p *peer.Peer) { p.Emergency = may })
		question := l.question(t)
		question.Query.Caller.Organisation, question.Query.Caller.Purpose = "Y99999", "ETREAT"
		question.Query.Caller.Activities = []string{"B0082"}
		question.Query.People[0].Emergency = true
		got := l.post(t, question)
		entry := entries(t, l.House)[0].Entry
		if entry.Emergency != may || (got == "record ") != may || entry.Alert != may {
			t.Errorf("%s: %q, and the ledger says %+v", name, got, entry)
		}
	}
}

func TestAQuestionIsTakenOnce(t *testing.T) {
	l, _ := lowerOf(t, nil)
	question := l.question(t)
	body := wire.AppendQuestion(nil, question, func(wire.Digest) bool { return false })
	if refusal, _ := l.send(t, body); refusal != "" {
		t.Fatal(refusal)
	}
	if refusal, _ := l.send(t, body); refusal != "replayed" {
		t.Errorf("again: %q", refusal)
	}
	for name, at := range map[string]time.Time{"of long ago": time.Now().Add(-time.Hour), "of the future": time.Now().Add(time.Hour)} {
		old := l.question(t)
		old.At = at
		if got := l.post(t, old); got != "replayed" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAQuestionForSomebodyElseOrTooLargeOrGarbledIsRefused(t *testing.T) {
	l, _ := lowerOf(t, nil)
	for want, change := range map[string]func(*wire.Question){
		"wrong instance": func(q *wire.Question) { q.To = "barts" },
		"too large":      func(q *wire.Question) { q.Query.Parts = slices.Repeat(q.Query.Parts, 5000) },
		"malformed":      func(q *wire.Question) { q.Query.Caller.RequestID = "for 999 000 0018" },
		"not allowed":    func(q *wire.Question) { q.Path = []string{"wales"} },
	} {
		question := l.question(t)
		change(question)
		if got := l.post(t, question); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if refusal, _ := l.send(t, []byte("no question")); refusal != "malformed" {
		t.Errorf("garbled: %q", refusal)
	}
	if refusal, _ := l.send(t, bytes.Repeat([]byte{1}, 17<<20)); refusal != "too large" {
		t.Errorf("17 MiB: %q", refusal)
	}
}

// Sources keep those whose number nobody knows under none: all of them would come as one person.
func TestAQuestionAboutNoNumberIsRefused(t *testing.T) {
	l, _ := lowerOf(t, nil)
	for name, change := range map[string]func(*sources.Query){
		"of a part":     func(q *sources.Query) { q.Parts[0].Person = clinical.NHSNumber{} },
		"of a standing": func(q *sources.Query) { q.People[0].Numbers = append(q.People[0].Numbers, clinical.NHSNumber{}) },
	} {
		question := l.question(t)
		change(&question.Query)
		if got := l.post(t, question); got != "malformed" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOnlyThePinnedCertificateIsLetIn(t *testing.T) {
	l, authority := lowerOf(t, nil)
	stranger := authority.Issue("london") // the same name from the same authority, another key
	for name, client := range map[string]*http.Client{
		"another key":       l.as(authority, stranger),
		"no certificate":    l.as(authority),
		"another authority": l.as(authority, testkit.NewAuthority(t).Issue("london")),
	} {
		if reply, err := client.Get(l.Base + wire.AboutPath); err == nil {
			_ = reply.Body.Close()
			t.Errorf("%s: HTTP %d", name, reply.StatusCode)
		}
	}
	_, err := onelondon.Open(t.Context(), onelondon.Options{ID: "nel", Instance: "london", Base: l.Base,
		TLS: &tls.Config{Certificates: []tls.Certificate{stranger}, RootCAs: authority.Pool()}})
	if !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("the driver with another key: %v", err)
	}
	if count := len(entries(t, l.House)); count != 0 {
		t.Errorf("%d entries in the ledger", count)
	}
}

func TestACertificateThatNoLongerHoldsIsNotLetIn(t *testing.T) {
	authority := testkit.NewAuthority(t)
	expired := authority.IssueFor("london", time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour))
	house := trial.Open(t, trial.Options{Entries: []sources.Entry{holding(t, "practice", "F84003", number(t, "9990000018"))}})
	l := &lower{Answering: house.Answers(t, authority, "nel", trial.Trusted("london", expired))}
	if reply, err := l.as(authority, expired).Get(l.Base + wire.AboutPath); err == nil {
		_ = reply.Body.Close()
		t.Errorf("HTTP %d", reply.StatusCode)
	}
}

func TestALowerOneLondonMustProveWhoItIs(t *testing.T) {
	l, _ := lowerOf(t, nil)
	other := testkit.NewAuthority(t)
	_, err := onelondon.Open(t.Context(), onelondon.Options{ID: "nel", Instance: "london", Base: l.Base,
		TLS: &tls.Config{Certificates: []tls.Certificate{other.Issue("london")}, RootCAs: other.Pool()}})
	if !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestARegisterThatIsBehindRefuses(t *testing.T) {
	l, _ := lowerOf(t, func(p *peer.Peer) { p.OwnRegister = false })
	question := l.question(t)
	if got := l.post(t, question); got != "record " {
		t.Fatalf("a question of no revision gets %q", got)
	}
	question = l.question(t)
	question.Query.Consent = 1000
	if got := l.post(t, question); got != "behind" {
		t.Errorf("a question of a revision to come gets %q", got)
	}
	if entry := entries(t, l.House)[0].Entry; entry.Outcome != audit.OutcomeRefused || !slices.Contains(entry.Reasons, "register_behind") {
		t.Errorf("the ledger says %+v", entry)
	}
}

func TestWhoMayNotLocateGetsNoList(t *testing.T) {
	l, authority := lowerOf(t, func(p *peer.Peer) { p.Locate = false })
	source, err := onelondon.Open(t.Context(), onelondon.Options{ID: "nel", Instance: "london", Base: l.Base,
		TLS: &tls.Config{Certificates: l.client.Transport.(*http.Transport).TLSClientConfig.Certificates, RootCAs: authority.Pool()}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	err = source.People(t.Context(), func(sources.Membership) error { t.Error("somebody is on it"); return nil })
	if !errors.Is(err, sources.ErrRefused) {
		t.Errorf("got %v", err)
	}
}

// False is a program in a OneLondon's place that has its certificate.
func TestALowerOneLondonThatLiesIsNotBelieved(t *testing.T) {
	person, other := number(t, "9990000018"), number(t, "9990000026")
	kind := clinical.KindRegistration
	fair := func() (*sources.Query, *sources.Answer) {
		registration := &clinical.Registration{Meta: clinical.Meta{ID: "practice!r1", Below: "practice", Status: clinical.StatusActive}, NHSNumber: person}
		return &sources.Query{Parts: []sources.Part{{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 5}}},
			&sources.Answer{Parts: []sources.PartAnswer{{Records: []clinical.Record{registration},
				Below: []sources.Below{{Source: "practice", Name: "Practice", Outcome: sources.OutcomeAnswered}}}}}
	}
	for name, lie := range map[string]func(query *sources.Query, answer *sources.Answer) []byte{
		"nothing of the kind": func(query *sources.Query, answer *sources.Answer) []byte {
			return wire.AppendAnswer(nil, query, answer)
		},
		"somebody else's registration": func(query *sources.Query, answer *sources.Answer) []byte {
			answer.Parts[0].Records[0].(*clinical.Registration).NHSNumber = other
			return wire.AppendAnswer(nil, query, answer)
		},
		"a record of a source without a line": func(query *sources.Query, answer *sources.Answer) []byte {
			answer.Parts[0].Records[0].About().Below = "ghost"
			return wire.AppendAnswer(nil, query, answer)
		},
		"a record under another source's name": func(query *sources.Query, answer *sources.Answer) []byte {
			answer.Parts[0].Records[0].About().ID = "other!r1"
			return wire.AppendAnswer(nil, query, answer)
		},
		"a source that is no path": func(query *sources.Query, answer *sources.Answer) []byte {
			answer.Parts[0].Below[0].Source, answer.Parts[0].Records = "../practice", nil
			return wire.AppendAnswer(nil, query, answer)
		},
		"a part more": func(query *sources.Query, answer *sources.Answer) []byte {
			query.Parts, answer.Parts = append(query.Parts, query.Parts[0]), append(answer.Parts, answer.Parts[0])
			return wire.AppendAnswer(nil, query, answer)
		},
		"garbage":   func(*sources.Query, *sources.Answer) []byte { return []byte("garbage") },
		"oversized": func(*sources.Query, *sources.Answer) []byte { return make([]byte, 20<<20) },
	} {
		query, answer := fair()
		source := falseOneLondon(t, lie(query, answer))
		catalogue, err := sources.NewCatalogue(nil, sources.Entry{Source: source, Spec: sources.Spec{ID: "nel", Name: "NEL"}})
		if err != nil {
			t.Fatal(err)
		}
		asked, _ := fair()
		reply := catalogue.Ask(t.Context(), []sources.Ask{{Source: "nel", Query: *asked}})[0]
		if fine := name == "nothing of the kind"; (reply.Outcome == sources.OutcomeAnswered) != fine || !fine && reply.Class != sources.ClassMalformed {
			t.Errorf("%s: %s %s", name, reply.Outcome, reply.Class)
		}
	}
}

func falseOneLondon(t *testing.T, answer []byte) *onelondon.Source {
	t.Helper()
	return answering(t, func(w http.ResponseWriter, _ []byte, _ shelf) { _, _ = w.Write(answer) })
}

// answering is a program in a OneLondon's place.
func answering(t *testing.T, answer func(w http.ResponseWriter, body []byte, lists shelf)) *onelondon.Source {
	t.Helper()
	lists := shelf{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", wire.Media)
		if r.URL.Path == wire.AboutPath {
			_ = json.NewEncoder(w).Encode(wire.About{Instance: "nel", Kinds: wire.Vocabulary(clinical.Kinds())})
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		answer(w, body, lists)
	}))
	authority := testkit.NewAuthority(t)
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{authority.Issue("nel")}, MinVersion: tls.VersionTLS13}
	server.StartTLS()
	t.Cleanup(server.Close)
	source, err := onelondon.Open(context.Background(), onelondon.Options{ID: "nel", Instance: "london", Base: server.URL,
		TLS: &tls.Config{Certificates: []tls.Certificate{authority.Issue("london")}, RootCAs: authority.Pool()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// What it cannot do is plain to see, and not a figure too small.
func TestAStudyIsToldThatAnotherOneLondonWasNotAsked(t *testing.T) {
	source := falseOneLondon(t, nil)
	catalogue, err := sources.NewCatalogue(nil, sources.Entry{Source: source, Spec: sources.Spec{ID: "nel", Name: "NEL"}})
	if err != nil {
		t.Fatal(err)
	}
	reply := catalogue.Count(t.Context(), "nel", func(context.Context, sources.Counter) error {
		t.Error("it is asked to count")
		return nil
	})
	if reply.Outcome != sources.OutcomeNotAsked || reply.Err == nil {
		t.Errorf("got %s, %v", reply.Outcome, reply.Err)
	}
}
