// Package peer answers other OneLondons. It takes questions that they hand on for their own callers, over HTTP/2 with certificates
// on both sides, and puts each to the gate like any other: for that caller, in that role, for that purpose. Nothing it sends has gone
// round the gate, and nothing that it is told is believed beyond what the configuration lets this very peer say.
//
//	server, err := peer.New(peer.Options{Instance: "nel", Gate: gate, Peers: []peer.Peer{{Instance: "london", Pins: pins,
//		Organisations: peer.Only("F84003"), Roles: peer.All(), Purposes: []string{"TREAT"}}}})
//	err = server.Serve(ctx, tls.NewListener(listener, server.TLS(certificate)))
//
// A peer is known by the key of its certificate alone. Who asks it is for the peer to verify; the ledger here names both.
package peer
