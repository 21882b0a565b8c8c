package approval_test

import (
	"crypto"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"

	"onelondon/policy/approval"
	"onelondon/policy/signing"
)

var (
	bundle = approval.Digest(sha256.Sum256([]byte("this bundle")))
	other  = approval.Digest(sha256.Sum256([]byte("another bundle")))
	at     = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
)

// panel is three people with their keys: Ada and Ben work for trusts, Cleo is a lay reviewer. Eve is nobody's approver.
type panel struct {
	keys  map[string]crypto.Signer
	rules approval.Rules
}

func newPanel(t testing.TB) panel {
	p := panel{keys: map[string]crypto.Signer{}}
	for _, person := range []struct {
		name      string
		role      approval.Role
		algorithm signing.Algorithm
	}{{"Ada", approval.Professional, signing.EdDSA}, {"Ben", approval.Professional, signing.ES256},
		{"Cleo", approval.Lay, signing.EdDSA}, {"Eve", "", signing.EdDSA}} {
		private, err := signing.Generate(person.algorithm)
		if err != nil {
			t.Fatal(err)
		}
		p.keys[person.name] = private
		if person.role != "" {
			p.rules.Approvers = append(p.rules.Approvers, approval.Approver{Name: person.name, Role: person.role, Key: private.Public()})
		}
	}
	return p
}

// signed is a token that says name and role of a bundle, under the key of whoever.
func (p panel) signed(t testing.TB, key, name string, role approval.Role, of approval.Digest) string {
	t.Helper()
	token, err := approval.Sign(approval.Approval{Bundle: of, Revision: "17", Name: name, Role: role, At: at}, p.keys[key])
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestABundleIsApprovedByDifferentPeopleOneOfThemLay(t *testing.T) {
	p := newPanel(t)
	ada := p.signed(t, "Ada", "Ada", approval.Professional, bundle)
	ben := p.signed(t, "Ben", "Ben", approval.Professional, bundle)
	cleo := p.signed(t, "Cleo", "Cleo", approval.Lay, bundle)
	for _, test := range []struct {
		name    string
		tokens  []string
		missing string
	}{
		{"a professional and a lay reviewer", []string{ada, cleo}, ""},
		{"all of them", []string{cleo, ben, ada}, ""},
		{"nobody", nil, "2 of 2 approvals; the approval of a lay reviewer"},
		{"two professionals", []string{ada, ben}, "the approval of a lay reviewer"},
		{"a lay reviewer alone", []string{cleo}, "1 of 2 approvals"},
		{"one person twice", []string{cleo, cleo, p.signed(t, "Cleo", "Cleo", approval.Lay, bundle)}, "1 of 2 approvals"},
		{"somebody's approval of another bundle", []string{cleo, p.signed(t, "Ada", "Ada", approval.Professional, other)},
			"1 of 2 approvals; approvals in its file that do not count: 1"},
		{"somebody unknown", []string{ada, p.signed(t, "Eve", "Eve", approval.Lay, bundle)}, "lay reviewer; approvals in its file"},
		{"somebody under another's name", []string{ada, p.signed(t, "Eve", "Cleo", approval.Lay, bundle)}, "lay reviewer; approvals in its file"},
		{"a professional who says they are lay", []string{ada, p.signed(t, "Ben", "Ben", approval.Lay, bundle)}, "lay reviewer; approvals in its file"},
		{"an approver under another approver's name", []string{ada, p.signed(t, "Ada", "Cleo", approval.Lay, bundle)}, "lay reviewer; approvals in its file"},
		{"a changed token", []string{ada, cleo[:len(cleo)-4] + "AAAA"}, "1 of 2 approvals"},
		{"no token at all", []string{ada, "not.a.token", "", "{}"}, "do not count: 3"},
		{"a token of no algorithm", []string{ada, unsigned(t)}, "do not count: 1"},
		{"a token of another purpose", []string{ada, p.foreign(t)}, "do not count: 1"},
	} {
		var content []byte
		var err error
		for _, token := range test.tokens {
			if content, err = approval.Append(content, token); err != nil {
				t.Fatal(err)
			}
		}
		verdict := p.rules.Judge(content, bundle)
		if (test.missing == "") != (verdict.Missing == "") || !strings.Contains(verdict.Missing, test.missing) {
			t.Errorf("%s: missing %q, want %q", test.name, verdict.Missing, test.missing)
		}
		for _, approved := range verdict.Approved {
			if approved.Bundle != bundle || !approved.At.Equal(at) || approved.Revision != "17" {
				t.Errorf("%s: %+v", test.name, approved)
			}
		}
	}
}

const said = `{"bundle":"%s","revision":"17","name":"Cleo","role":"lay","at":"2026-11-26T09:00:00Z"}`

func payload() []byte { return []byte(strings.Replace(said, "%s", bundle.String(), 1)) }

func unsigned(t testing.TB) string {
	t.Helper()
	token, err := jws.Sign(payload(), jws.WithInsecureNoSignature())
	if err != nil {
		t.Fatal(err)
	}
	return string(token)
}

// foreign is a token with the right words under the right key that was made for something else.
func (p panel) foreign(t testing.TB) string {
	t.Helper()
	token, err := jws.Sign(payload(), jws.WithKey(jwa.EdDSA(), p.keys["Cleo"]))
	if err != nil {
		t.Fatal(err)
	}
	return string(token)
}

func TestWithoutLayReviewersNoneIsNeeded(t *testing.T) {
	p := newPanel(t)
	p.rules.Approvers = p.rules.Approvers[:2]
	content, err := approval.Append(nil, p.signed(t, "Ada", "Ada", approval.Professional, bundle))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.rules.Judge(content, bundle).Missing; got != "1 of 2 approvals" {
		t.Errorf("one of two: %q", got)
	}
	p.rules.Needed = 1
	if got := p.rules.Judge(content, bundle).Missing; got != "" {
		t.Errorf("one of one: %q", got)
	}
}

func TestRulesThatOnePersonCouldSatisfyAreRefused(t *testing.T) {
	p := newPanel(t)
	if err := p.rules.Check(); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		change func(*approval.Rules)
		want   string
	}{
		{func(r *approval.Rules) { r.Approvers[1].Key = r.Approvers[0].Key }, `"Ada" and "Ben" have the same key`},
		{func(r *approval.Rules) { r.Approvers[1].Name = "Ada" }, `"Ada" is there twice`},
		{func(r *approval.Rules) { r.Needed = 4 }, "4 approvals are needed and there are 3 approvers"},
		{func(r *approval.Rules) { r.Approvers = nil }, "2 approvals are needed and there are 0 approvers"},
		{func(r *approval.Rules) { r.Approvers[0].Key = "a text" }, "not an Ed25519 or P-256 key"},
	} {
		p := newPanel(t)
		test.change(&p.rules)
		if err := p.rules.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestAFileThatIsNotOfApprovalsApprovesNothing(t *testing.T) {
	p := newPanel(t)
	for _, content := range []string{"[]", "{", `{"approvals": 3}`, `{"approvals": ["` + strings.Repeat(`","`, 200) + `"]}`} {
		if got := p.rules.Judge([]byte(content), bundle); got.Missing == "" {
			t.Errorf("%.20s: %+v", content, got)
		}
		if _, err := approval.Append([]byte(content), "token"); err == nil {
			t.Errorf("%.20s was added to", content)
		}
	}
	if _, err := approval.Sign(approval.Approval{Bundle: bundle, Name: "Ada", Role: "boss", At: at}, p.keys["Ada"]); err == nil {
		t.Error("a role that does not exist was signed")
	}
}

func FuzzJudge(f *testing.F) {
	p := newPanel(f)
	whole, err := approval.Append(nil, p.signed(f, "Ada", "Ada", approval.Professional, bundle))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"approvals": ["a.b.c"]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if verdict := p.rules.Judge(content, bundle); verdict.Missing == "" || len(verdict.Approved) > 1 {
			t.Errorf("approved by %v, of whom only Ada signed anything", verdict.Approved)
		}
	})
}
