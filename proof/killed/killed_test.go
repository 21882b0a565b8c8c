package killed_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

const writers, readers = 100, 100

// A server that is killed while 200 people write and read at once has lost nothing that it acknowledged, and no chain breaks.
func TestWhatWasAcknowledgedOutlivesTheServer(t *testing.T) {
	s, rounds := build(t), testkit.Size(5, 50)
	seed := testkit.Seed(t)
	dice := rand.New(rand.NewPCG(seed, 1))
	k := &kept{written: map[clinical.NHSNumber][]written{}}
	for range rounds {
		s.round(t, k, time.Duration(300+dice.IntN(900))*time.Millisecond)
		s.check(t, k)
	}
	testkit.Counted(t, "%d kills during %d concurrent writes and reads: %d acknowledged preferences and %d acknowledged reads, none lost, no chain broken; %s=%d",
		rounds, writers+readers, k.writes, len(k.reads), testkit.SeedVariable, seed)
	if k.writes < 20*rounds || len(k.reads) < 20*rounds {
		t.Error("too little was acknowledged to prove anything")
	}
}

// kept is what the server acknowledged, in all rounds so far.
type kept struct {
	sync.Mutex
	written map[clinical.NHSNumber][]written // by person, in the order of asking
	reads   []uint64                         // sequences in the ledger
	writes  int
}

// written is a preference that was sent, and the revision at which it was acknowledged; 0 if it was not.
type written struct {
	effect   consent.Effect
	revision consent.Revision
}

// round lets everybody write and read until the server is killed.
func (s *site) round(t *testing.T, k *kept, after time.Duration) {
	running := s.serve(t)
	var all sync.WaitGroup
	stop := make(chan struct{})
	for i := range writers {
		number := numberOf(i)
		token := s.token(t, auth.Person{Subject: fmt.Sprint("citizen-", i), Name: "A Citizen", NHSNumber: number.Reveal(), Purpose: "PATRQT"})
		all.Go(func() { k.keepWriting(running, stop, token, number) })
	}
	heroine := london.Imagine(london.Options{People: 1}).Cast.Heroine
	for i := range readers {
		token := s.token(t, auth.Person{Subject: fmt.Sprint("gp-", i), Name: "Dr Test", Role: "R0260", Organisation: string(heroine.Practice.Code),
			Activities: []string{"B0360"}, Purpose: "TREAT"})
		all.Go(func() { k.keepReading(running, stop, token, heroine.NHSNumber) })
	}
	time.Sleep(after)
	running.kill()
	close(stop)
	all.Wait()
}

func numberOf(i int) clinical.NHSNumber {
	for check := range 10 {
		if n, err := clinical.ParseNHSNumber(fmt.Sprintf("%d%d", 999_300_000+i, check)); err == nil {
			return n
		}
	}
	return numberOf(i + 1000)
}
