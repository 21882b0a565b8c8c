package trial

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/onelondon"
)

// Answering is a house that answers other OneLondons on a port of this machine, in its own name and with its own certificate.
type Answering struct {
	*House
	Instance    string
	Base        string
	Certificate tls.Certificate
	authority   *testkit.Authority
}

// Answers lets a house answer peers until the test ends.
func (h *House) Answers(t testing.TB, authority *testkit.Authority, instance string, peers ...peer.Peer) *Answering {
	t.Helper()
	s := &Answering{House: h, Instance: instance, Certificate: authority.Issue(instance), authority: authority}
	server, err := peer.New(peer.Options{Instance: instance, Gate: h.Gate, Peers: peers, Log: h.log})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Base = "https://" + listener.Addr().String()
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, tls.NewListener(listener, server.TLS(s.Certificate))) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", instance, err)
		}
	})
	return s
}

// Asks is how an instance with a certificate asks the house, as an entry of its own catalogue.
func (s *Answering) Asks(t testing.TB, instance string, certificate tls.Certificate, id clinical.SourceID) sources.Entry {
	t.Helper()
	source, err := onelondon.Open(context.Background(), onelondon.Options{ID: id, Instance: instance, Base: s.Base,
		TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: s.authority.Pool()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return sources.Entry{Source: source, Spec: sources.Spec{ID: id, Name: s.Instance, System: "onelondon", Kinds: source.Holds()}}
}

// Trusted is a peer of a certificate that may say everything there is to say.
func Trusted(instance string, certificate tls.Certificate) peer.Peer {
	return peer.Peer{Instance: instance, Pins: []peer.Pin{peer.PinOf(certificate.Leaf)}, Organisations: peer.All(), Roles: peer.All(),
		Purposes: []string{"TREAT", "ETREAT", "PATRQT"}, Relationships: peer.Vouchable(), Emergency: true, Citizens: true, Locate: true,
		OwnRegister: true}
}
