package consent_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"onelondon/internal/consent"
)

const innerRegister = "INNER_REGISTER"

// Each round's people are objected for by a process that is killed; whoever it acknowledged must be known afterwards.
func TestEveryAcknowledgedObjectionOutlivesAKilledProcess(t *testing.T) {
	if file := os.Getenv(innerRegister); file != "" {
		objectForever(t, file)
	}
	file := path(t)
	last := consent.Revision(0)
	for round := range 10 {
		acknowledged := runUntilKilled(t, file, round, 30+round*23)
		register := open(t, file)
		for n, revision := range acknowledged {
			state, at, err := register.State(person(t, n))
			if err != nil || state.Objection != consent.ObjectionUpheld || at < revision || revision <= last {
				t.Fatalf("round %d: %v at revision %d (%v), acknowledged at %d", round, state.Objection, at, err, revision)
			}
		}
		_, last, _ = register.State(person(t, 1))
		closeNow(t, register)
	}
}

func objectForever(t *testing.T, file string) {
	var round int
	if _, err := fmt.Sscan(os.Getenv("ROUND"), &round); err != nil {
		t.Fatal(err)
	}
	register := open(t, file)
	var mutex sync.Mutex
	for caller := range 8 {
		go func() {
			for i := 0; ; i++ {
				n := round*100_000 + i*8 + caller
				revision, err := register.Record(context.Background(), says(person(t, n), consent.Upheld))
				if err != nil {
					panic(err)
				}
				mutex.Lock()
				fmt.Println("RECORDED", n, uint64(revision), "end")
				mutex.Unlock()
			}
		}()
	}
	select {}
}

// runUntilKilled kills the inner process, by SIGKILL, once it has acknowledged so many people, and returns all it did.
func runUntilKilled(t *testing.T, file string, round, people int) map[int]consent.Revision {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	command.Env = append(os.Environ(), innerRegister+"="+file, fmt.Sprint("ROUND=", round))
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[int]consent.Revision{}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var n int
		var revision consent.Revision
		if _, err := fmt.Sscanf(lines.Text(), "RECORDED %d %d end", &n, &revision); err != nil {
			continue // the test's own output, or the line that the kill cut short
		}
		if acknowledged[n] = revision; len(acknowledged) == people {
			_ = command.Process.Kill()
		}
	}
	_ = command.Wait()
	if len(acknowledged) < people {
		t.Fatalf("the inner process ended after %d people", len(acknowledged))
	}
	return acknowledged
}
