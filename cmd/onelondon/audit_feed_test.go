package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/mappings"
	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/config"
)

// toldLondon is a small London in whose ledger somebody asked to be told of an access, and somebody else of none.
func toldLondon(t *testing.T) (path string, number clinical.NHSNumber) {
	t.Helper()
	dir, _ := smallLondon(t)
	path = filepath.Join(dir, "onelondon.yaml")
	loaded, err := config.Load(path, mappings.Files)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := audit.Open(t.Context(), loaded.Ledger, audit.Key(loaded.Secrets.Person), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	number = heroine().heroine.NHSNumber
	entry := audit.Entry{Time: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), RequestID: "told", Outcome: audit.OutcomeReleased, Person: number,
		Caller: audit.Caller{ID: "u9", Name: "Dr Canary", Role: "R0260", Organisation: "R1H"}, Purpose: "TREAT", Notify: true,
		ClaimedReason: "typed canary", Decided: &audit.Decided{Objection: "upheld"}}
	untold := entry
	untold.Notify, untold.RequestID = false, "untold"
	if _, err := ledger.Append(t.Context(), entry, untold); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	return path, number
}

// fed is what a command says when it is given something on standard input.
func fed(t *testing.T, in string, args ...string) spoken {
	t.Helper()
	var out, errs bytes.Buffer
	root := command()
	root.SetArgs(args)
	root.SetIn(strings.NewReader(in))
	root.SetOut(&out)
	root.SetErr(&errs)
	code := exitFine
	if err := root.ExecuteContext(t.Context()); err != nil {
		code = exitNotRun
		errs.WriteString(err.Error())
	}
	return spoken{code, out.String(), errs.String()}
}

// subjectOf is the subject of the one line that holds what is sought, as the line has it.
func subjectOf(t *testing.T, lines, sought string) string {
	t.Helper()
	for line := range strings.Lines(lines) {
		if _, after, found := strings.Cut(line, `"subject":"`); found && strings.Contains(line, sought) {
			subject, _, _ := strings.Cut(after, `"`)
			return subject
		}
	}
	t.Fatalf("no line has %s", sought)
	return ""
}

func TestNoticesTellOfWhatPeopleAskedToBeToldAndOfNobodyByNumber(t *testing.T) {
	path, number := toldLondon(t)
	all := say(t, "audit", "notices", "--config", path)
	if all.code != exitFine || !strings.Contains(all.out, `"requestId":"told"`) || strings.Contains(all.out, "untold") ||
		!strings.Contains(all.out, `"role":"General Medical Practitioner"`) || !strings.Contains(all.out, `"subject":"`) {
		t.Fatalf("%+v", all)
	}
	ours := fed(t, "9990000026\n\n"+number.Reveal()+"\n", "audit", "notices", "--config", path, "--for", "-")
	theirs := subjectOf(t, all.out, `"requestId":"told"`)
	if ours.code != exitFine || strings.Count(ours.out, `"line":3`) != strings.Count(all.out, theirs) ||
		strings.Count(ours.out, theirs) != strings.Count(ours.out, "\n") {
		t.Errorf("of the person's number: %+v", ours)
	}
	others := fed(t, "9990000026\n", "audit", "notices", "--config", path, "--for", "-")
	if others.code != exitFine || others.out != "" {
		t.Errorf("of somebody else's number: %+v", others)
	}
	wrong := fed(t, "9990000026\n9990000027\n", "audit", "notices", "--config", path, "--for", "-")
	if wrong.code != exitNotRun || !strings.Contains(wrong.errs, "line 2 of standard input") || strings.Contains(wrong.errs, "9990000027") {
		t.Errorf("of no number: %+v", wrong)
	}
	next := all.errs[strings.LastIndex(all.errs, " ")+1:]
	if later := say(t, "audit", "notices", "--config", path, "--after", strings.TrimSpace(next)); later.out != "" || later.errs != all.errs {
		t.Errorf("later: %+v", later)
	}
	for _, said := range []spoken{all, ours} {
		if strings.Contains(said.out+said.errs, number.Reveal()) || strings.Contains(said.out, "Canary") {
			t.Error("a notice holds a number or the name of a member of staff")
		}
	}
	if said := say(t, "audit", "notices", "--config", path, "--for", number.Reveal()); said.code != exitNotRun || strings.Contains(said.errs, number.Reveal()) {
		t.Errorf("a number as an argument: %+v", said)
	}
}

func TestTheLedgerIsExportedWithoutWhatIsAPatients(t *testing.T) {
	path, number := toldLondon(t)
	all := say(t, "audit", "export", "--config", path)
	for _, want := range []string{`"requestId":"told"`, `"requestId":"untold"`, `"name":"Dr Canary"`, `"leftOut":["decided","claimedReason"]`, `"event":"access"`} {
		if !strings.Contains(all.out, want) {
			t.Errorf("no %s in\n%s", want, all.out)
		}
	}
	for _, secret := range []string{number.Reveal(), "typed canary", "upheld", `"decided":`} {
		if strings.Contains(all.out, secret) {
			t.Errorf("%q is in the export", secret)
		}
	}
	if typed := say(t, "audit", "export", "--config", path, "--typed"); !strings.Contains(typed.out, "typed canary") {
		t.Errorf("with what was typed: %+v", typed)
	}
	elsewhere := say(t, "audit", "export", "--config", path, "--organisation", "RYJ")
	if elsewhere.code != exitFine || strings.Contains(elsewhere.out, `"organisation":"R1H"`) {
		t.Errorf("of another organisation: %+v", elsewhere)
	}
	if later := say(t, "audit", "export", "--config", path, "--after", "1000000"); later.out != "" || !strings.Contains(later.errs, "next time --after 1000000") {
		t.Errorf("later: %+v", later)
	}
}
