package peer

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// Gate is what answers. [gate.Gate] is one.
type Gate interface {
	Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error)
	Refuse(ctx context.Context, caller auth.Caller, questions []gate.Question) error
	People(ctx context.Context, caller auth.Caller, yield func(sources.Membership) error) error
	Watermark(ctx context.Context) clinical.DateTime
	Holds() []clinical.Kind
}

// Options are what a Server is made of. Instance and Gate are required.
type Options struct {
	Instance string // what this OneLondon is called by others
	Peers    []Peer
	Gate     Gate
	Depth    int // the most OneLondons that a question may have passed before it comes here; default 4
	Log      *slog.Logger
	Now      func() time.Time // default time.Now
}

// Server answers other OneLondons. It is safe for concurrent use.
type Server struct {
	options Options
	desks   atomic.Pointer[[]*desk]
	handler http.Handler
	said    atomic.Pointer[said]
}

// desk is where one peer is served.
type desk struct {
	Peer
	places chan struct{} // one token for each question under way
	lists  *lists
	nonces *nonces
}

// ErrPeers reports peers that cannot be told apart.
var ErrPeers = errors.New("peers need a name and a pin each that no other has")

// New makes a server.
func New(options Options) (*Server, error) {
	if !wire.IsInstance(options.Instance) || options.Gate == nil {
		return nil, errors.New("answer other OneLondons: an instance and a gate are required")
	}
	if options.Depth <= 0 {
		options.Depth = 4
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{options: options}
	if err := s.Allow(options.Peers); err != nil {
		return nil, err
	}
	routes := http.NewServeMux()
	routes.HandleFunc("POST "+wire.AskPath, s.at((*Server).ask))
	routes.HandleFunc("GET "+wire.AboutPath, s.at((*Server).about))
	routes.HandleFunc("GET "+wire.WatermarkPath, s.at((*Server).watermark))
	routes.HandleFunc("GET "+wire.PeoplePath, s.at((*Server).people))
	s.handler = routes
	return s, nil
}

// Allow puts peers in the place of those that might ask until now. One that is no longer among them is refused from its next question on, on
// connections that it has already; one that stays keeps what it must not ask twice. Where they cannot be told apart nothing changes.
func (s *Server) Allow(peers []Peer) error {
	before, desks := s.served(), make([]*desk, 0, len(peers))
	pins, names := map[Pin]bool{}, map[string]bool{s.options.Instance: true}
	for _, peer := range peers {
		if !wire.IsInstance(peer.Instance) || names[peer.Instance] || len(peer.Pins) == 0 {
			return ErrPeers
		}
		names[peer.Instance] = true
		for _, pin := range peer.Pins {
			if pins[pin] {
				return ErrPeers
			}
			pins[pin] = true
		}
		if peer.Concurrency <= 0 {
			peer.Concurrency = 64
		}
		made := &desk{Peer: peer, places: make(chan struct{}, peer.Concurrency), lists: &lists{}, nonces: &nonces{}}
		for _, old := range before {
			if old.Instance == peer.Instance {
				made.lists, made.nonces = old.lists, old.nonces
			}
		}
		desks = append(desks, made)
	}
	s.desks.Store(&desks)
	return nil
}

// served are the desks of the peers that may ask now.
func (s *Server) served() []*desk {
	if desks := s.desks.Load(); desks != nil {
		return *desks
	}
	return nil
}

// TLS is how connections are taken: with our certificate, TLS 1.3, and from nobody but a peer.
func (s *Server) TLS(certificates ...tls.Certificate) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: certificates, ClientAuth: tls.RequireAnyClientCert,
		NextProtos: []string{"h2"}, SessionTicketsDisabled: true, VerifyConnection: func(state tls.ConnectionState) error {
			if s.deskOf(&state) == nil {
				return errStranger
			}
			return nil
		}}
}

var errStranger = errors.New("not a certificate of a peer")

// deskOf finds the peer at the other end of a connection: by the pin of a certificate that holds now. That it has the key of the
// certificate was proved by the handshake.
func (s *Server) deskOf(state *tls.ConnectionState) *desk {
	if state == nil || len(state.PeerCertificates) == 0 {
		return nil
	}
	certificate, now := state.PeerCertificates[0], s.options.Now()
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		return nil
	}
	pin := PinOf(certificate)
	for _, desk := range s.served() {
		for _, known := range desk.Pins {
			if known == pin {
				return desk
			}
		}
	}
	return nil
}

// Serve answers on a listener whose connections are secured as TLS says, until ctx ends; questions under way may finish.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	serving := &http.Server{Handler: s.handler, Protocols: &protocols, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 3 * time.Minute, IdleTimeout: 10 * time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- serving.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := serving.Shutdown(grace); err != nil {
		return errors.Join(errors.New("shut down: questions of other OneLondons did not finish within the grace"), serving.Close())
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// visit is one request of a peer.
type visit struct {
	desk *desk
	w    http.ResponseWriter
	r    *http.Request
}

// at lets peers in, no more of one at once than it may.
func (s *Server) at(answer func(*Server, *visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{s.deskOf(r.TLS), w, r}
		if v.desk == nil {
			v.refuse(s, wire.RefusedCaller)
			return
		}
		select {
		case v.desk.places <- struct{}{}:
			defer func() { <-v.desk.places }()
			answer(s, v)
		default:
			v.refuse(s, wire.RefusedBusy)
		}
	}
}

// refuse answers with a refusal, and says so in the log.
func (v *visit) refuse(s *Server, why wire.Refusal) {
	name := "nobody"
	if v.desk != nil {
		name = v.desk.Instance
	}
	if why != wire.RefusedLists {
		s.options.Log.LogAttrs(v.r.Context(), slog.LevelWarn, "a question of another OneLondon was refused", slog.String("peer", name),
			slog.String("why", string(why)))
	}
	v.w.Header().Set(wire.RefusalHeader, string(why))
	v.w.WriteHeader(status(why))
}

func status(why wire.Refusal) int {
	switch why {
	case wire.RefusedMalformed, wire.RefusedReplayed:
		return http.StatusBadRequest
	case wire.RefusedUnsupported:
		return http.StatusUnprocessableEntity
	case wire.RefusedTooLarge:
		return http.StatusRequestEntityTooLarge
	case wire.RefusedLists, wire.RefusedBehind:
		return http.StatusConflict
	case wire.RefusedInstance:
		return http.StatusMisdirectedRequest
	case wire.RefusedLoop, wire.RefusedDepth:
		return http.StatusLoopDetected
	case wire.RefusedCaller:
		return http.StatusForbidden
	case wire.RefusedLate:
		return http.StatusGatewayTimeout
	}
	return http.StatusServiceUnavailable
}

// send answers with bytes.
func (v *visit) send(body []byte) {
	v.w.Header()["Content-Type"] = []string{wire.Media}
	v.w.Header()["Cache-Control"] = []string{"no-store"}
	_, _ = v.w.Write(body)
}
