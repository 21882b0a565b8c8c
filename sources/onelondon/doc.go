// Package onelondon asks another OneLondon: a trust or a region that runs its own next to its data, under its own policy. To the
// one that asks it is a source like any other. What it sends has gone through its whole gate, for the very caller who asks; what
// it withholds is not there.
//
//	source, err := onelondon.Open(ctx, onelondon.Options{ID: "nel", Instance: "london", Base: "https://onelondon.nel.example:8443",
//		TLS: &tls.Config{Certificates: []tls.Certificate{ours}, RootCAs: theirs}})
//
// All that one query asks of all people travels together, over HTTP/2 with certificates on both sides. The other's own sources are
// told apart by paths: a record of its source barts has the identifier "barts!" and its own, and is shown as of nel/barts. How each
// of them did comes with every part, so that what is missing there is seen to be missing here.
//
// It cannot count: figures about many people are made where one engine sees everybody, and another OneLondon's people are protected
// by its own.
package onelondon
