package testkit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/internal/testkit"
)

// again runs one test of this package in a process of its own, as a caller of
// the tests would, and returns what it printed.
func again(t *testing.T, test string, environment ...string) string {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.v")
	command.Env = append(os.Environ(), environment...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", test, err, output)
	}
	return string(output)
}

func TestATestThatCannotRunSaysSoAndIsNoted(t *testing.T) {
	const inner = "INNER_OF_NOT_RUN"
	if os.Getenv(inner) != "" {
		testkit.NotRun(t, "no oxygen")
		t.Fatal("went on after NotRun")
	}
	const line = "NOT RUN: TestATestThatCannotRunSaysSoAndIsNoted: no oxygen\n"
	file := filepath.Join(t.TempDir(), "not-run")
	for round := 1; round <= 2; round++ {
		output := again(t, t.Name(), inner+"=yes", testkit.NotRunVariable+"="+file)
		if !strings.Contains(output, line) {
			t.Errorf("printed %q, want %q in it", output, line)
		}
		if noted, err := os.ReadFile(file); err != nil || string(noted) != strings.Repeat(line, round) {
			t.Errorf("after round %d noted %q, %v", round, noted, err)
		}
	}
}

func TestATestThatNeedsAnAddressSaysSoElsewhere(t *testing.T) {
	const inner, variable = "INNER_OF_ADDRESS", "ONELONDON_NO_SUCH_SERVER"
	if os.Getenv(inner) != "" {
		if address := testkit.Address(t, variable, "server of glass"); address != "there" {
			t.Fatalf("went on with the address %q", address)
		}
		return
	}
	const line = "NOT RUN, needs an address: TestATestThatNeedsAnAddressSaysSoElsewhere: no server of glass; set ONELONDON_NO_SUCH_SERVER\n"
	file, failing := filepath.Join(t.TempDir(), "elsewhere"), filepath.Join(t.TempDir(), "not-run")
	output := again(t, t.Name(), inner+"=yes", testkit.ElsewhereVariable+"="+file, testkit.NotRunVariable+"="+failing)
	if noted, err := os.ReadFile(file); err != nil || string(noted) != line || !strings.Contains(output, line) {
		t.Errorf("noted %q, %v, printed %q", noted, err, output)
	}
	if _, err := os.Stat(failing); err == nil {
		t.Error("a server that nothing here can start fails the check")
	}
	if output := again(t, t.Name(), inner+"=yes", variable+"=there"); strings.Contains(output, "NOT RUN") {
		t.Errorf("did not run with an address: %q", output)
	}
}

func TestSharedDataIsFoundFromTheModule(t *testing.T) {
	path := testkit.Shared(t, "data")
	if !filepath.IsAbs(path) || filepath.Base(filepath.Dir(path)) != "shared" {
		t.Errorf("found %q", path)
	}
}

func TestSharedDataThatIsNotThereMakesTheTestNotRun(t *testing.T) {
	const inner = "INNER_OF_SHARED"
	if os.Getenv(inner) != "" {
		testkit.Shared(t, "data/no-such-set")
		t.Fatal("went on without the data")
	}
	output := again(t, t.Name(), inner+"=yes", testkit.NotRunVariable+"=")
	if !strings.Contains(output, "../shared/data/no-such-set is not there") {
		t.Errorf("printed %q", output)
	}
}

func TestLogsKeepWhatWasLoggedAtAnyLevel(t *testing.T) {
	logger, logs := testkit.Logs(t)
	logger.Debug("asked", "source", "barts")
	if !logs.Contains(`"source":"barts"`) || logs.Contains("emis") {
		t.Errorf("logged %q", logs)
	}
}

func TestTheClockMovesOnlyWhenTold(t *testing.T) {
	start := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	clock := testkit.NewClock(start)
	if !clock.Now().Equal(start) {
		t.Errorf("stands at %v", clock.Now())
	}
	clock.Advance(time.Hour)
	if got := clock.Now().Sub(start); got != time.Hour {
		t.Errorf("moved %v", got)
	}
}
