package testkit

import (
	"fmt"
	"os"
	"testing"
)

// NotRunVariable names the environment variable that holds the path of a file
// to which [NotRun] adds its lines. make check fails when that file has any.
const NotRunVariable = "ONELONDON_NOT_RUN"

// ElsewhereVariable names the environment variable that holds the path of a file to which [Address] adds its lines. make check
// prints them at its end, and does not fail for them.
const ElsewhereVariable = "ONELONDON_ELSEWHERE"

// Address is where a test finds a server that nothing here can start, such as one that its maker gives only as a program for other
// machines. Where the environment does not say, the test is skipped, as NOT RUN, with its reason, in a list of its own: such a
// server is for somebody who has one, and its lack is no fault of this machine's.
func Address(t testing.TB, variable, server string) string {
	t.Helper()
	address := os.Getenv(variable)
	if address != "" {
		return address
	}
	line := fmt.Sprintf("NOT RUN, needs an address: %s: no %s; set %s\n", t.Name(), server, variable)
	fmt.Print(line)
	if path := os.Getenv(ElsewhereVariable); path != "" {
		if err := appendLine(path, line); err != nil {
			t.Fatalf("noting a test that could not run: %v", err)
		}
	}
	t.SkipNow()
	return ""
}

// NotRun ends a test that lacks something outside the repository and says so,
// on standard output and in the file that [NotRunVariable] names. The test is
// then skipped: whether that is a failure is decided by who runs the tests.
func NotRun(t testing.TB, reason string) {
	t.Helper()
	line := fmt.Sprintf("NOT RUN: %s: %s\n", t.Name(), reason)
	fmt.Print(line)
	if path := os.Getenv(NotRunVariable); path != "" {
		if err := appendLine(path, line); err != nil {
			t.Fatalf("noting a test that could not run: %v", err)
		}
	}
	t.SkipNow()
}

func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	if _, err := file.WriteString(line); err != nil {
		file.Close()
		return fmt.Errorf("write: %w", err)
	}
	return file.Close()
}
