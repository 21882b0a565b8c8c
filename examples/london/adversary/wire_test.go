package adversary_test

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
)

// wire stands between the product and a database server, and can be cut.
type wire struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	open  []net.Conn
	left  int  // bytes that the server may still say before the wire is cut; below zero for any number
	mute  bool // what the server says goes nowhere
	close bool // new connections are closed at once
}

// lay lays a wire to the server of a DSN and returns the DSN that leads through it.
func lay(t *testing.T, dsn string) (*wire, string) {
	t.Helper()
	_, rest, _ := strings.Cut(dsn, "@")
	rest = strings.TrimPrefix(rest, "tcp(")
	server := rest[:strings.IndexAny(rest, ")/")]
	if strings.HasPrefix(dsn, "postgres:") {
		address, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		server = address.Host
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener, server: server, left: -1}
	t.Cleanup(func() { listener.Close(); w.cut() })
	go w.serve()
	return w, strings.Replace(dsn, server, listener.Addr().String(), 1)
}

func (w *wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.server)
		w.mu.Lock()
		if err != nil || w.close {
			w.mu.Unlock()
			near.Close()
			continue
		}
		w.open = append(w.open, near, far)
		w.mu.Unlock()
		go func() { _, _ = io.Copy(far, near); far.Close() }()
		go func() { _, _ = io.Copy(voice{w, near}, far); near.Close() }()
	}
}

// voice is what the server says, as far as the wire carries it.
type voice struct {
	wire *wire
	near net.Conn
}

// Write carries what it may.
func (v voice) Write(said []byte) (int, error) {
	v.wire.mu.Lock()
	mute, left := v.wire.mute, v.wire.left
	if left >= 0 {
		v.wire.left = max(0, left-len(said))
	}
	v.wire.mu.Unlock()
	switch {
	case mute:
		return len(said), nil
	case left >= 0 && len(said) >= left:
		_, _ = v.near.Write(said[:left])
		_ = v.near.(*net.TCPConn).SetLinger(0) // a reset, not an end
		v.near.Close()
		return 0, io.ErrClosedPipe
	}
	return v.near.Write(said)
}

// cut ends every connection.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, connection := range w.open {
		connection.Close()
	}
	w.open = nil
}

// change changes what the wire does from now on.
func (w *wire) change(f func(w *wire)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

func TestAServerThatGoesAwayCostsItsOwnLineAndIsFoundAgain(t *testing.T) {
	population := people(nil)
	london := build(t, population)
	healthy := london.open(t)
	whole, _ := chart(t, healthy, healthy.Token(t, trial.GP(heroinesPractice)), london.cast.Heroine.NHSNumber)
	want := whole.held()
	for _, e := range trial.Engines()[1:] { // a file does not go away over a network
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			here := london.with(pas, database{})
			there := here.fill(t, population, pas, e)
			line, through := lay(t, there.Reader)
			there.Reader = through
			here.databases[pas] = there
			house := here.open(t, hurried)
			token := house.Token(t, trial.GP(heroinesPractice))
			recovers(t, house, token, here.cast.Heroine.NHSNumber, want)
			for _, fault := range []struct {
				name    string
				begins  func()
				outcome string
			}{
				{"stopped", func() { line.change(func(w *wire) { w.close = true }); line.cut() }, "FAILED"},
				{"reset half way through its answer", func() { line.change(func(w *wire) { w.left = 300 }) }, "FAILED"},
				{"silent", func() { line.change(func(w *wire) { w.mute = true }) }, "TIMED_OUT"},
			} {
				t.Run(fault.name, func(t *testing.T) {
					fault.begins()
					suffer(t, house, token, here.cast.Heroine.NHSNumber, want, fault.outcome)
					line.change(func(w *wire) { w.close, w.left, w.mute = false, -1, false })
					recovers(t, house, token, here.cast.Heroine.NHSNumber, want)
				})
			}
		})
	}
}

// recovers asks until everybody answers: a connection that was cut may be noticed one question late, and a busy machine may let
// a short deadline pass.
func recovers(t *testing.T, house *trial.House, token string, number clinical.NHSNumber, want map[clinical.SourceID][]string) {
	t.Helper()
	var again answer
	for range 4 {
		if again, _ = chart(t, house, token, number); cmp.Equal(again.held(), want) {
			return
		}
	}
	t.Errorf("not everything is there, though every source is: %s", cmp.Diff(want, again.held()))
}
