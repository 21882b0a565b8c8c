package config

import (
	"crypto"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onelondon/internal/yamltree"
	"onelondon/policy/approval"
	"onelondon/policy/signing"
)

// Policy says where the rules come from and who must approve them. At most one of Folder, Bundle and URL is set;
// without any, the built-in policy is used. The fields after URL apply only to bundles.
type Policy struct {
	Folder    string // a plain folder, unsigned
	Bundle    string // the file of a bundle; it need not exist yet
	URL       string // of a bundle on a server
	Token     Token  // for that server
	Poll      time.Duration
	Keys      []PolicyKey
	Approval  approval.Rules
	History   string // folder of the bundles that have been in force
	Codelists string // folder of code lists; empty for none
}

// Bundled reports whether the policy comes as a bundle.
func (p *Policy) Bundled() bool { return p.Bundle != "" || p.URL != "" }

// PolicyKey is a key that signs bundles.
type PolicyKey struct {
	ID     string
	Public crypto.PublicKey
}

// Token is a credential that a server requires. It masks itself wherever it is printed or logged.
type Token string

// Reveal returns the token, for sending it.
func (t Token) Reveal() string { return string(t) }

// String masks the token.
func (t Token) String() string { return "token (masked)" }

// GoString masks the token under %#v.
func (t Token) GoString() string { return t.String() }

// LogValue masks the token in structured logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText masks the token: encoding a struct that holds one must not disclose it.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// ofBundles are the keys that apply only to bundles.
var ofBundles = [...]string{"keys", "approvers", "approvals_needed", "history"}

func (s section) policy() Policy {
	p := s.in("policy", "folder", "bundle", "url", "token", "poll", "keys", "approvers", "approvals_needed", "history", "codelists")
	read := Policy{Folder: p.folderPath("folder"), URL: p.bundleURL(), Codelists: p.folderPath("codelists")}
	if file := p.text("bundle"); file != "" {
		read.Bundle = p.path(file)
	}
	var places []string
	for _, key := range []string{"folder", "bundle", "url"} {
		if _, ok := p.keys[key]; ok {
			places = append(places, key)
		}
	}
	if len(places) > 1 {
		s.Fault(p.keys[places[1]], "%s is given too; a policy comes from one place, so take out all but one of folder, bundle and url", places[0])
	}
	read.Token, read.Poll = p.token(), p.duration("poll")
	for _, key := range []string{"token", "poll"} {
		if n, ok := p.keys[key]; ok && read.URL == "" {
			s.Fault(n, "is for a bundle server; give its url, or take this out")
		}
	}
	if read.Poll > 0 && read.Poll < time.Second {
		s.Fault(p.keys["poll"], "is less than 1s; a bundle server is asked at most every second")
	}
	p.ofBundle(&read)
	return read
}

// ofBundle reads who signs and approves bundles, and where past ones are stored.
func (s section) ofBundle(into *Policy) {
	if !into.Bundled() {
		for _, key := range ofBundles {
			if n, ok := s.keys[key]; ok {
				s.Fault(n, "is for a bundle; name it under bundle or url, or take this out: a plain folder is neither signed nor approved")
			}
		}
		return
	}
	into.Keys = s.signers()
	into.Approval = approval.Rules{Approvers: s.approvers(), Needed: s.count("approvals_needed")}
	if err := into.Approval.Check(); err != nil && len(into.Approval.Approvers) > 0 {
		for line := range strings.Lines(err.Error()) {
			s.Fault(s.keys["approvers"], "%s", strings.TrimSpace(line))
		}
	}
	if folder := s.required("history", "name a folder in which the bundles that were in force are kept, such as policy.history"); folder != "" {
		into.History = s.path(folder)
		if _, err := os.Stat(filepath.Dir(into.History)); err != nil {
			s.Fault(s.keys["history"], "the folder in which it would be made is not there; make it")
		}
	}
}

func (s section) signers() []PolicyKey {
	if _, ok := s.keys["keys"]; !ok {
		s.Fault(s.at, "%skeys is missing; list the public keys of whoever signs bundles, each with id and key (a PEM file)", s.absent)
		return nil
	}
	s.someOf("keys")
	var read []PolicyKey
	seen := map[string]bool{}
	for _, item := range s.List(s.keys["keys"]) {
		key := s.section(item, "id", "key")
		id := key.required("id", "give the key a name, such as build-2026")
		if seen[id] && id != "" {
			s.Fault(key.keys["id"], "the id %s is used twice; give each key its own", yamltree.Show(id))
		}
		seen[id] = true
		read = append(read, PolicyKey{ID: id, Public: key.publicKey()})
	}
	return read
}

func (s section) approvers() []approval.Approver {
	if _, ok := s.keys["approvers"]; !ok {
		s.Fault(s.at, "%sapprovers is missing; list who approves bundles, each with name, role (lay or professional) and key (a PEM file)", s.absent)
		return nil
	}
	s.someOf("approvers")
	before := len(s.Faults())
	var read []approval.Approver
	for _, item := range s.List(s.keys["approvers"]) {
		approver := s.section(item, "name", "role", "key")
		name := approver.required("name", "say who approves")
		if approver.required("role", "write lay or professional") != "" {
			approver.oneOf("role", string(approval.Lay), string(approval.Professional))
		}
		read = append(read, approval.Approver{Name: name, Role: approval.Role(approver.text("role")), Key: approver.publicKey()})
	}
	if len(s.Faults()) > before {
		return nil // each has been reported
	}
	return read
}

// someOf reports an empty list.
func (s section) someOf(key string) {
	if n := s.keys[key]; n.IsList() && len(s.List(n)) == 0 {
		s.Fault(n, "is empty, and without any no bundle is believed")
	}
}

// publicKey reads a PEM file with a public key.
func (s section) publicKey() crypto.PublicKey {
	if s.required("key", "name the PEM file with the public key; onelondon policy keys makes a pair") == "" {
		return nil
	}
	before := len(s.Faults())
	path := s.file("key")
	if len(s.Faults()) > before {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		s.Fault(s.keys["key"], "the file cannot be read")
		return nil
	}
	public, err := signing.ParsePublic(content)
	if err != nil {
		s.Fault(s.keys["key"], "%v", err)
	}
	return public
}

// bundleURL reads the URL of a bundle: https, or http on this machine, containing no secret and nothing after the
// file's name.
func (s section) bundleURL() string {
	text := s.text("url")
	if text == "" {
		return ""
	}
	place, err := url.Parse(text)
	switch {
	case err != nil || place.Host == "" || place.Scheme != "https" && place.Scheme != "http":
		s.Fault(s.keys["url"], "is not an https URL of a bundle, such as https://rules.example/london.tar.gz")
	case place.Scheme == "http" && !isLoopback(place.Hostname()):
		s.Fault(s.keys["url"], "a bundle fetched in clear gives its token away; use https")
	case place.User != nil:
		s.Fault(s.keys["url"], "holds a name or password; put a token under token")
	case place.RawQuery != "" || place.Fragment != "":
		s.Fault(s.keys["url"], "ends in a query or fragment; the approvals are fetched from the same URL with %s", approval.Suffix)
	}
	return text
}

// token reads a token given by reference.
func (s section) token() Token { return s.kept("token") }

// kept reads a value stored elsewhere and given by reference.
func (s section) kept(key string) Token {
	n := s.keys[key]
	text := s.text(key)
	if text == "" {
		return ""
	}
	if !strings.HasPrefix(text, "file:") && (!strings.HasPrefix(text, "${") || !strings.HasSuffix(text, "}")) {
		s.Fault(n, "a secret does not stand in the file; write file:PATH or ${NAME}")
		return ""
	}
	before := len(s.Faults())
	content := s.expand(n, text)
	if content == "" && len(s.Faults()) == before {
		s.Fault(n, "is empty where it is kept; put the %s there, or take this out", key)
	}
	return Token(content)
}
