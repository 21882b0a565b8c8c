package disclosure_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
)

const innerLedger = "INNER_DISCLOSURE_LEDGER"

// A killed process has told of answers. Each must be known afterwards, or a question that is near to it would be answered too.
func TestEveryAnswerThatLeftIsKnownAfterTheProcessWasKilled(t *testing.T) {
	if file := os.Getenv(innerLedger); file != "" {
		answerForever(t, file)
	}
	file := filepath.Join(t.TempDir(), "ledger")
	for round := range 3 {
		answered := answersUntilKilled(t, file, round, 5+round*3)
		ledger := open(t, file)
		for _, name := range answered {
			if earlier, err := ledger.Again(t.Context(), disclosure.Repeated{Digest: "sha256:" + name, Rules: rules()}); err != nil || earlier == nil {
				t.Fatalf("round %d: %s was answered and is not known: %v", round, name, err)
			}
		}
		if err := ledger.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// answerForever is the inner process. It prints the name of each question once its answer may leave.
func answerForever(t *testing.T, file string) {
	ledger, err := disclosure.Open(context.Background(), options(file))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		name := fmt.Sprintf("round-%s-%d", os.Getenv(innerLedger+"_ROUND"), i)
		q := asked(name, counted(cell(people(10*i, 100))))
		q.Known = counted(cohort.Cell{Key: []string{}, People: people(0, 5000)})
		q.Rules.MostQuestions = 1000
		reservation, err := ledger.Reserve(context.Background(), q)
		if err == nil && reservation.Earlier == nil {
			err = reservation.Commit(context.Background(), &cohort.Answer{Digest: q.Digest})
		}
		if err == nil {
			fmt.Println("ANSWERED", name)
		}
	}
}

func answersUntilKilled(t *testing.T, file string, round, answers int) (names []string) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	command.Env = append(os.Environ(), innerLedger+"="+file, fmt.Sprintf("%s_ROUND=%d", innerLedger, round))
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var name string
		if _, err := fmt.Sscanf(lines.Text(), "ANSWERED %s", &name); err != nil {
			continue
		}
		if names = append(names, name); len(names) == answers {
			_ = command.Process.Kill()
		}
	}
	_ = command.Wait()
	if len(names) < answers {
		t.Fatalf("the inner process ended after %d answers", len(names))
	}
	return names
}
