package audit_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"onelondon/internal/audit"
)

const innerLedger = "INNER_LEDGER"

// A killed process has told some callers that their entry is kept. It must be, whatever was being written.
func TestEveryAcknowledgedEntryOutlivesAKilledProcess(t *testing.T) {
	if file := os.Getenv(innerLedger); file != "" {
		appendForever(t, file)
	}
	file := path(t)
	var noted []audit.Receipt
	for round := range 10 {
		got := runUntilKilled(t, file, 40+round*37)
		noted = append(noted, got...)
		ledger := open(t, file)
		report := verify(t, ledger, noted...)
		if !report.Intact() || report.Entries < uint64(len(noted)) {
			t.Fatalf("round %d: %d acknowledged, report %+v", round, len(noted), report)
		}
		closeNow(t, ledger)
	}
}

// appendForever is the inner process: eight callers that print each receipt as they get it.
func appendForever(t *testing.T, file string) {
	ledger, person := open(t, file), number(t, "9434765919")
	var mutex sync.Mutex
	for caller := range 8 {
		go func() {
			for i := 0; ; i++ {
				receipts, err := ledger.Append(context.Background(), access(person, fmt.Sprintf("%d-%d", caller, i)))
				if err != nil {
					panic(err)
				}
				mutex.Lock()
				fmt.Println("RECEIPT", receipts[0])
				mutex.Unlock()
			}
		}()
	}
	select {}
}

// runUntilKilled kills the inner process, by SIGKILL, once it has acknowledged so many entries, and returns all that it did.
func runUntilKilled(t *testing.T, file string, entries int) []audit.Receipt {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	command.Env = append(os.Environ(), innerLedger+"="+file)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var receipts []audit.Receipt
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var text string
		if _, err := fmt.Sscanf(lines.Text(), "RECEIPT %s", &text); err != nil {
			continue
		}
		receipt, err := audit.ParseReceipt(text)
		if err != nil {
			continue // the line that the kill cut short
		}
		if receipts = append(receipts, receipt); len(receipts) == entries {
			_ = command.Process.Kill()
		}
	}
	_ = command.Wait()
	if len(receipts) < entries {
		t.Fatalf("the inner process ended after %d entries", len(receipts))
	}
	return receipts
}
