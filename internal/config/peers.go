package config

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"regexp"
	"slices"
	"strings"

	"onelondon/internal/yamltree"
)

// Peers says under which name this OneLondon asks others, and which others may ask it.
type Peers struct {
	Instance    string // the name of this one; empty if it neither asks nor answers any
	Listen      string // host:port on which others ask; empty if none may
	Certificate tls.Certificate
	Depth       int // maximum number of OneLondons that a question may have passed; zero for the default
	Allow       []Peer
}

// Peer is another OneLondon that may ask, and what it is trusted to say.
type Peer struct {
	Instance      string
	Pins          [][sha256.Size]byte // of the public keys of its certificates
	For           []string            // others whose questions it may hand on
	Organisations Codes               // on behalf of whose staff it may ask
	Roles         Codes
	Purposes      []string
	Relationships []string // for which it may vouch
	Emergency     bool     // it may say that a caller has broken the glass
	Citizens      bool     // it may ask on behalf of members of the public
	OwnRegister   bool     // its register of preferences is not ours
	Locate        bool     // it may list the people known to the sources
	Concurrency   int
}

// Codes are either some codes or all.
type Codes struct {
	All   bool
	Codes []string
}

// OneLondon says how to ask another OneLondon.
type OneLondon struct {
	Certificate tls.Certificate // our own
	Authorities *x509.CertPool  // certificate authorities for the other; nil for the system's
}

var (
	instance = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	roleCode = regexp.MustCompile(`^R[0-9]{4}$`)
	hl7Code  = regexp.MustCompile(`^[A-Z]{2,16}$`)
)

func (s section) peers() Peers {
	if _, ok := s.keys["peers"]; !ok {
		return Peers{}
	}
	p := s.in("peers", "instance", "listen", "certificate", "key", "depth", "allow")
	read := Peers{Instance: p.instance(), Depth: p.count("depth")}
	if _, answers := p.keys["listen"]; !answers {
		for _, key := range []string{"certificate", "key", "depth", "allow"} {
			if n, ok := p.keys[key]; ok {
				p.Fault(n, "is for answering other OneLondons; say under listen where they ask, or take this out")
			}
		}
		return read
	}
	read.Listen = p.text("listen")
	if _, port, err := net.SplitHostPort(read.Listen); (err != nil || port == "") && read.Listen != "" {
		p.Fault(p.keys["listen"], "%s is not an address; write host:port", yamltree.Show(read.Listen))
	}
	read.Certificate = p.pair()
	read.Allow = p.allow(read.Instance)
	return read
}

// instance reads the name of a OneLondon.
func (s section) instance() string {
	text := s.required("instance", "give this OneLondon a short name of its own, such as nel")
	if text != "" && !instance.MatchString(text) {
		s.Fault(s.keys["instance"], "%s is not a name; use up to 40 small letters, digits and -", yamltree.Show(text))
	}
	return text
}

// pair reads a certificate and its key from PEM files.
func (s section) pair() tls.Certificate {
	before := len(s.Faults())
	s.required("certificate", "name the PEM file of our own certificate")
	s.required("key", "name the PEM file of our certificate's key")
	certificate, key := s.file("certificate"), s.file("key")
	if len(s.Faults()) > before {
		return tls.Certificate{}
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		s.Fault(s.keys["certificate"], "this and key are not a certificate and its key in PEM")
	}
	return pair
}

func (s section) allow(own string) []Peer {
	if _, ok := s.keys["allow"]; !ok {
		s.Fault(s.at, "%sallow is missing; list which OneLondons may ask, and what", s.absent)
		return nil
	}
	var read []Peer
	names, pins := map[string]bool{own: own != ""}, map[[sha256.Size]byte]bool{}
	for _, item := range s.List(s.keys["allow"]) {
		p := s.section(item, "instance", "pins", "for", "organisations", "roles", "purposes", "relationships", "emergency", "citizens",
			"register", "locate", "concurrency")
		peer := p.peer()
		if names[peer.Instance] && peer.Instance != "" {
			p.Fault(p.keys["instance"], "the name %s is used twice, or is our own; each OneLondon has its own", yamltree.Show(peer.Instance))
		}
		names[peer.Instance] = true
		for _, pin := range peer.Pins {
			if pins[pin] {
				p.Fault(p.keys["pins"], "a pin stands with two peers, which nobody could tell apart")
			}
			pins[pin] = true
		}
		read = append(read, peer)
	}
	return read
}

func (s section) peer() Peer {
	read := Peer{Instance: s.instance(), Pins: s.pins(), For: s.texts("for", instance, "is not the name of a OneLondon"),
		Organisations: s.codes("organisations", odsCode, "an ODS code, such as R1H"), Roles: s.codes("roles", roleCode, "an R-code, such as R0260"),
		Emergency: s.truth("emergency", false), Citizens: s.truth("citizens", false), Locate: s.truth("locate", false),
		Concurrency: s.count("concurrency")}
	if s.needed("purposes", "list for which purposes it may ask, such as [TREAT, ETREAT]") {
		read.Purposes = s.texts("purposes", hl7Code, "is not a purpose of use, such as TREAT")
	}
	for _, word := range s.texts("relationships", regexp.MustCompile(`^[a-z]+$`), "is not a relationship") {
		if !slices.Contains([]string{"registered", "record", "referral"}, word) {
			s.Fault(s.keys["relationships"], "%s is none that another can vouch for; use some of registered, record, referral", yamltree.Show(word))
			continue
		}
		read.Relationships = append(read.Relationships, word)
	}
	// Revisions of another register have no meaning here; if the register is shared, nobody may be answered from an
	// older revision.
	read.OwnRegister = s.oneOf("register", "shared", "own") == "own"
	return read
}

// needed reports whether a list is present, and reports a fault with advice if not.
func (s section) needed(key, advice string) bool {
	if _, ok := s.keys[key]; !ok {
		s.Fault(s.at, "%s is missing; %s", key, advice)
		return false
	}
	return true
}

func (s section) pins() [][sha256.Size]byte {
	if !s.needed("pins", "write sha256: and the digest of the public key of its certificate, see docs/another-onelondon.md") {
		return nil
	}
	items := s.List(s.keys["pins"])
	if s.keys["pins"].IsList() && len(items) == 0 {
		s.Fault(s.keys["pins"], "is empty; without a pin nobody can prove to be this peer")
	}
	var read [][sha256.Size]byte
	for _, item := range items {
		text, ok := s.Text(item)
		if !ok {
			continue
		}
		encoded, marked := strings.CutPrefix(text, "sha256:")
		raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if !marked || err != nil || len(raw) != sha256.Size {
			s.Fault(item, "is not sha256: and 44 characters of base64")
			continue
		}
		read = append(read, [sha256.Size]byte(raw))
	}
	return read
}

// codes reads either the word all or a list.
func (s section) codes(key string, form *regexp.Regexp, what string) Codes {
	if !s.needed(key, "write all, or list for which of them it may speak") {
		return Codes{}
	}
	if s.keys[key].IsList() {
		return Codes{Codes: s.texts(key, form, "is not "+what)}
	}
	if word := s.text(key); word != "all" {
		s.Fault(s.keys[key], "%s is neither all nor a list", yamltree.Show(word))
		return Codes{}
	}
	return Codes{All: true}
}

// texts reads a list of texts of one form; empty if it is left out.
func (s section) texts(key string, form *regexp.Regexp, fault string) []string {
	n, ok := s.keys[key]
	if !ok {
		return nil
	}
	var read []string
	for _, item := range s.List(n) {
		if text, ok := s.Text(item); ok && form.MatchString(text) {
			read = append(read, text)
		} else if ok {
			s.Fault(item, "%s %s", yamltree.Show(text), fault)
		}
	}
	return read
}

// oneLondon reads how to ask another OneLondon.
func (s section) oneLondon() OneLondon {
	for _, key := range []string{"mapping", "parameters", "connections", "fhir", "openehr"} {
		if n, ok := s.keys[key]; ok {
			s.Fault(n, "is for a record system; another OneLondon knows its own, so take this out")
		}
	}
	if _, ok := s.keys["onelondon"]; !ok {
		s.Fault(s.at, "onelondon is missing; name our certificate and its key, and the authorities that vouch for the other")
		return OneLondon{}
	}
	o := s.in("onelondon", "certificate", "key", "authorities")
	return OneLondon{Certificate: o.pair(), Authorities: o.authorities()}
}

// known reports sources that ask another OneLondon although this one has no name.
func (s section) known(peers Peers, sources []Source) {
	for i := range sources {
		if sources[i].Driver == AnotherOneLondon && peers.Instance == "" {
			s.Fault(s.keys["sources"], "%s is another OneLondon, which must know who asks; write peers: {instance: NAME}",
				yamltree.Show(string(sources[i].ID)))
			return
		}
	}
}
