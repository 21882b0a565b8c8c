package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// telling is a demo's folder in which the script of the page on running tells people, with a program in the place of mail that
// writes what it is given to a file, and fails where a file says so.
type telling struct {
	dir, bin string
	served   served
	doctor   *caller
	person   *caller
	number   string
}

// standInMail takes a message, or fails at the one whose number stands in the file full.
const standInMail = `#!/bin/sh
sent=$(cat sent)
[ "$sent" != "$(cat full)" ] || { echo "mail: disk full" >&2; exit 75; }
echo $((sent + 1)) > sent
{ echo "mail" "$@"; cat; } >> outbox
`

func newTelling(t *testing.T) *telling {
	t.Helper()
	dir, _ := smallLondon(t)
	s := &telling{dir: dir, bin: t.TempDir(), served: serveFolder(t, dir)}
	cast := heroine()
	s.number, s.doctor, s.person = cast.heroine.NHSNumber.Reveal(), cast.callers["ae_doctor"], cast.callers["citizen"]
	s.doctor.token, s.person.token = s.served.tokens["ae_doctor"], s.served.tokens["citizen"]
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(string(page), "\n## Telling people\n")
	_, rest, ok := strings.Cut(chapter, "\n```sh\n")
	script, _, closed := strings.Cut(rest, "```\n")
	if !ok || !closed {
		t.Fatal("the page has no script")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"bin/mail": standInMail, "tell.sh": script, "after": "0\n", "sent": "0\n", "full": "none\n",
		"bin/onelondon": "#!/bin/sh\nexec env " + asProgram + "=1 '" + program + "' \"$@\"\n",
		"people.csv":    "9990000026,somebody@else.example\n9990000018\n\n9990000042,-Oevil@else.example\n" + s.number + ",grace@home.example\n"} {
		path := filepath.Join(s.dir, name)
		if strings.HasPrefix(name, "bin/") {
			path = filepath.Join(s.bin, filepath.Base(name))
		}
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// run runs the script and gives how it ended, and what it said beside.
func (s *telling) run(t *testing.T) (code int, said string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "./tell.sh")
	command.Dir, command.Env = s.dir, append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"))
	output, err := command.CombinedOutput()
	if ended := (*exec.ExitError)(nil); errors.As(err, &ended) {
		return ended.ExitCode(), string(output)
	} else if err != nil {
		t.Fatal(err)
	}
	return 0, string(output)
}

// file is what a file of the folder holds; nothing where there is none.
func (s *telling) file(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(content)
}

func (s *telling) put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sends runs the script to its end and demands what the messages of this run are about, in order. It gives what the script said.
func (s *telling) sends(t *testing.T, about ...string) string {
	t.Helper()
	s.put(t, "outbox", "")
	code, said := s.run(t)
	if code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	s.holds(t, about...)
	return said
}

// holds demands what the messages of the outbox are about.
func (s *telling) holds(t *testing.T, about ...string) {
	t.Helper()
	outbox := s.file(t, "outbox")
	messages := strings.Split(outbox, "mail -s Your record ")[1:]
	if len(messages) != len(about) {
		t.Errorf("%d messages, want %q:\n%s", len(messages), about, outbox)
		return
	}
	for i, message := range messages {
		if !strings.HasPrefix(message, "grace@home.example\n"+about[i]+" (20") || strings.Count(message, "\n") != 2 {
			t.Errorf("message %d is %q, want it to be about %q", i, message, about[i])
		}
	}
}

// private demands that no NHS number is anywhere but in the list of people.
func (s *telling) private(t *testing.T) {
	t.Helper()
	for _, name := range []string{"outbox", "notices", "said", "after"} {
		for _, number := range []string{s.number, "9990000026", "9990000018", "9990000042"} {
			if strings.Contains(s.file(t, name), number) {
				t.Errorf("%s holds an NHS number", name)
			}
		}
	}
}

const (
	opened = "Your record was opened in an emergency"
	looked = "Somebody looked at your record"
)

// What the page says of its script holds, with accesses that a server took.
func TestTheScriptOfThePageTellsPeopleOnceAndLosesNothing(t *testing.T) {
	s := newTelling(t)
	s.sends(t, s.since(t, "0")...)
	if told := s.file(t, "outbox"); !strings.Contains(told, opened) || !strings.Contains(told, ", A&E Doctor ") {
		t.Errorf("of the glass that the demo breaks nothing is said, or not by whom:\n%s", told)
	}
	s.private(t)
	s.sends(t) // nothing twice
	ask := func(document string, who *caller) {
		t.Helper()
		var told map[string]any
		if err := send(t.Context(), s.served.url, who, document, map[string]any{"nhsNumber": s.number}, &told); err != nil {
			t.Fatal(err)
		}
	}
	ask(`mutation { askToBeTold(input: {told: true}) { consentRevision } }`, s.person)
	const look = `query($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) { conditions { nodes { id } } } }`
	ask(look, s.doctor)
	ask(look, s.doctor)
	ask(emergency, s.doctor)
	before := s.file(t, "after")

	t.Run("cut short", func(t *testing.T) {
		s.put(t, "outbox", "")
		sent := strings.TrimSpace(s.file(t, "sent"))
		s.put(t, "full", strings.TrimSpace(sent)+"\n")
		if code, said := s.run(t); code == 0 || !strings.Contains(said, "disk full") || s.file(t, "after") != before {
			t.Errorf("nothing is sent: exit %d, after %s: %s", code, s.file(t, "after"), said)
		}
		s.holds(t)
		s.put(t, "sent", "0\n")
		s.put(t, "full", "1\n")
		if code, said := s.run(t); code == 0 || !strings.Contains(said, "disk full") || s.file(t, "after") != before {
			t.Errorf("one is sent: exit %d, after %s: %s", code, s.file(t, "after"), said)
		}
		s.holds(t, looked)
		s.put(t, "full", "none\n")
	})
	t.Run("without what it needs", func(t *testing.T) {
		s.put(t, "outbox", "")
		for _, name := range []string{"people.csv", "onelondon.yaml", "after"} {
			content := s.file(t, name)
			if err := os.Remove(filepath.Join(s.dir, name)); err != nil {
				t.Fatal(err)
			}
			if code, said := s.run(t); code == 0 || !strings.Contains(said, name) || name != "after" && s.file(t, "after") != before {
				t.Errorf("%s: exit %d, after %s: %s", name, code, s.file(t, "after"), said)
			}
			s.put(t, name, content)
		}
		people := s.file(t, "people.csv")
		s.put(t, "people.csv", people+"9990000027,wrong@digit.example\n")
		if code, said := s.run(t); code == 0 || !strings.Contains(said, "line 6 of standard input") || s.file(t, "after") != before {
			t.Errorf("a number that is none: exit %d, after %s: %s", code, s.file(t, "after"), said)
		}
		s.put(t, "people.csv", people)
		s.holds(t)
	})
	s.sends(t, looked, looked, opened)
	s.private(t)
	s.sends(t)
	t.Run("no address", func(t *testing.T) {
		for _, line := range []string{s.number, s.number + ",", s.number + ",-Oevil@else.example", s.number + ",by the door"} {
			s.put(t, "people.csv", line+"\n")
			s.put(t, "after", before)
			if said := s.sends(t); strings.Count(said, "line 1 of people.csv has no address") != 3 || strings.Contains(said, s.number) {
				t.Errorf("%q: %s", line, said)
			}
			s.private(t)
		}
	})
}

// since is what the notices of the person are about, after an entry.
func (s *telling) since(t *testing.T, after string) (about []string) {
	t.Helper()
	all := fed(t, s.number+"\n", "audit", "notices", "--config", filepath.Join(s.dir, "onelondon.yaml"), "--after", after, "--for", "-")
	for line := range strings.Lines(all.out) {
		about = append(about, map[bool]string{true: opened, false: looked}[strings.Contains(line, `"event":"break_glass"`)])
	}
	if len(about) == 0 {
		t.Fatalf("the demo leaves nothing to tell: %+v", all)
	}
	return about
}
