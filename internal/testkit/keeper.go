package testkit

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// keeperScript runs a server and outlives the test process just long enough to
// end the server and remove its folder. It learns of the test process's end by
// the end of its standard input, which comes however that process dies. Its
// arguments are the signal that stops the server, the folder, and the command.
const keeperScript = `
signal=$1 folder=$2; shift 2
exec 3<&0
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -s "$signal" "$server"; } & watch=$!
wait "$server"
kill "$watch" 2>/dev/null
rm -rf "$folder"
`

// keeper is the process that runs one server.
type keeper struct {
	lifeline io.Closer
	log      *os.File
	ended    chan struct{}
}

func keep(account account, home home, stopSignal string, serve []string) (*keeper, error) {
	log, err := os.OpenFile(filepath.Join(string(home), "log"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	script := []string{"sh", "-c", keeperScript, "keeper", stopSignal, string(home)}
	command := account.command(append(script, serve...)...)
	command.Stdout, command.Stderr = log, log
	// A group of its own, so that an interrupt from the terminal does not end
	// the keeper before it has cleaned up.
	command.SysProcAttr.Setpgid = true
	lifeline, err := command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open lifeline: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start keeper: %w", err)
	}
	k := &keeper{lifeline: lifeline, log: log, ended: make(chan struct{})}
	go func() {
		defer close(k.ended)
		// How the keeper ended says nothing more than the server's log does.
		_ = command.Wait()
	}()
	return k, nil
}

func (k *keeper) stop() {
	k.lifeline.Close()
	select {
	case <-k.ended:
	case <-time.After(startLimit):
	}
	k.log.Close()
}

// lastWords returns the end of what the server logged.
func (k *keeper) lastWords() string {
	const enough = 2000
	text := make([]byte, enough)
	info, err := k.log.Stat()
	if err != nil {
		return err.Error()
	}
	read, err := k.log.ReadAt(text, max(0, info.Size()-enough))
	if err != nil && err != io.EOF {
		return err.Error()
	}
	return strings.TrimSpace(string(text[:read]))
}

// account is whom a server runs as: nil is whoever runs the tests.
type account struct{ credential *syscall.Credential }

func (a account) command(argv ...string) *exec.Cmd {
	command := exec.Command(argv[0], argv[1:]...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential}
	// The working folder may be closed to the account, and what a developer has
	// set for PostgreSQL or MariaDB must not reach a private server.
	command.Dir = "/"
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	return command
}

func (a account) id() int {
	if a.credential == nil {
		return os.Getuid()
	}
	return int(a.credential.Uid)
}
