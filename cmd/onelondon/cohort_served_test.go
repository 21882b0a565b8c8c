package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"onelondon/examples/london/careplans"
	"onelondon/internal/cohort"
	"onelondon/internal/testkit"
	"onelondon/sources/fhir/fhirstore"
)

// program is the tested program as a process of its own.
type program struct {
	command   *exec.Cmd
	out, errs testkit.LogBuffer
	ended     chan struct{}
}

func start(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{command: exec.Command(os.Args[0], args...), ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), asProgram+"=1")
	p.command.Stdout, p.command.Stderr = &p.out, &p.errs
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends it as a power cut would, and waits until it is gone.
func (p *program) kill() {
	_ = p.command.Process.Kill()
	<-p.ended
}

// ends waits for its end and says with which code.
func (p *program) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		t.Fatalf("it does not end\n%s%s", p.out.String(), p.errs.String())
	}
	return p.command.ProcessState.ExitCode()
}

// says waits until it has written something on standard error.
func (p *program) says(t *testing.T, text string) {
	t.Helper()
	for range 1200 {
		if strings.Contains(p.errs.String(), text) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it does not say %q\n%s%s", text, p.out.String(), p.errs.String())
}

// clinic is a FHIR server of one person that answers, waits or is down.
type clinic struct {
	*httptest.Server
	holds, down atomic.Bool
	open        chan struct{} // closed once those who wait may go on
	given       atomic.Int32  // how many who waited were called off
}

func openClinic(t *testing.T) *clinic {
	t.Helper()
	store := careplans.Units(heroine().heroine.NHSNumber.Reveal(), unitsOrganisation)
	c := &clinic{open: make(chan struct{})}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if c.holds.Load() {
			body, err := io.ReadAll(r.Body) // or it is not heard that whoever asked has left
			if err != nil {
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			select {
			case <-c.open:
			case <-r.Context().Done():
				c.given.Add(1)
				return
			}
		}
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

// servedLondon is a site that a process of its own serves, one of whose sources a test commands.
type servedLondon struct {
	dir, url string
	clinic   *clinic
	server   *program
}

func serveLondon(t *testing.T) *servedLondon {
	t.Helper()
	dir, _ := londonOf(t, "240")
	l := &servedLondon{dir: dir, clinic: openClinic(t)}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	l.url = "http://" + address
	text, err := os.ReadFile(filepath.Join(dir, "onelondon.yaml"))
	if err := errors.Join(err, free.Close()); err != nil {
		t.Fatal(err)
	}
	site := strings.Replace(string(text), "listen: 127.0.0.1:8080", "listen: "+address, 1) + fmt.Sprintf(`
  - {id: clinic, name: The clinic, driver: fhir, dsn: "%s%s", organisation: RAT, fhir: {labelled: true}}
`, l.clinic.URL, fhirstore.Base)
	for name, content := range map[string]string{"onelondon.yaml": site, "token": tokens(t, dir)["analyst"]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l.serve(t)
	return l
}

// serve starts the server and waits until it is ready and has listed every source.
func (l *servedLondon) serve(t *testing.T) {
	t.Helper()
	l.server = start(t, "serve", "--config", filepath.Join(l.dir, "onelondon.yaml"))
	for range 600 {
		if reply, err := http.Get(l.url + "/readyz"); err == nil {
			_ = reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it does not become ready\n%s", l.server.errs.String())
}

// definition writes who has been to a doctor or a hospital, by sex, as a file.
func (l *servedLondon) definition(t *testing.T, version int, by string) string {
	t.Helper()
	file := filepath.Join(l.dir, fmt.Sprintf("visits-%d.yaml", version))
	text := fmt.Sprintf("name: visits\nversion: %d\ntitle: Who has been to a doctor or a hospital\nasAt: %s\nevents: [{name: visits, kind: Encounter}]\n"+
		"people: {has: {events: visits}}\nmeasures: [{kind: PEOPLE}, {kind: EVENTS, events: visits}]\nby: [{kind: %s}]\n", version, time.Now().Format(time.DateOnly), by)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (l *servedLondon) cohort(t *testing.T, verb string, more ...string) *program {
	t.Helper()
	return start(t, append([]string{"cohort", verb, "--server", l.url, "--token-file", filepath.Join(l.dir, "token"), "--project", demoProject}, more...)...)
}

func TestACohortIsAskedOfAServedSiteWhateverIsInterruptedOrKilled(t *testing.T) {
	l := serveLondon(t)
	file := l.definition(t, 1, "SEX")

	l.clinic.holds.Store(true)
	interrupted := l.cohort(t, "run", file)
	interrupted.says(t, "answered")
	if err := interrupted.command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := interrupted.ends(t); code != exitNotRun || !strings.Contains(interrupted.errs.String(), "interrupted; the run is cancelled") || interrupted.out.String() != "" {
		t.Errorf("exit %d\n%s%s", code, interrupted.out.String(), interrupted.errs.String())
	}
	for tries := 0; l.clinic.given.Load() == 0; tries++ { // its connection is closed by and by
		if tries > 200 {
			t.Fatal("the server still waits for a source, though the run was called off")
		}
		time.Sleep(50 * time.Millisecond)
	}

	killed := l.cohort(t, "run", file)
	killed.says(t, "answered")
	killed.kill()
	again := l.cohort(t, "run", file, "--format", "csv")
	again.says(t, "answered")
	close(l.clinic.open)
	if code := again.ends(t); code != exitFine || !strings.HasPrefix(again.out.String(), "sex,people,people_shown,") || !strings.Contains(again.out.String(), ",true") {
		t.Fatalf("exit %d\n%s%s", code, again.out.String(), again.errs.String())
	}
	l.forms(t, file, again.out.String())

	l.clinic.open = make(chan struct{})
	second := l.definition(t, 2, "SEX")
	orphan := l.cohort(t, "run", second, "--format", "csv")
	orphan.says(t, "answered")
	l.server.kill()
	close(l.clinic.open)
	l.serve(t)
	if code := orphan.ends(t); code != exitFine || orphan.out.String() != again.out.String() || !strings.Contains(orphan.errs.String(), "the server has lost the run") {
		t.Errorf("exit %d\n%s%s", code, orphan.out.String(), orphan.errs.String())
	}
	l.clinic.holds.Store(false)
	l.shelf(t, file, again.out.String())
	l.refuses(t)
	l.lacks(t)
	l.published(t)
}

// published looks through the public register as everybody reads it: by then questions were answered, refused, called off and saved. What
// was saved and never asked is in no page, nor is anybody's number, a figure, who asked, or where the site keeps things.
func (l *servedLondon) published(t *testing.T) {
	t.Helper()
	number := heroine().heroine.NHSNumber.Reveal()
	spaced := number[:3] + " " + number[3:6] + " " + number[6:]
	write := func(name, title, set string) string {
		file := filepath.Join(l.dir, name+".yaml")
		text := fmt.Sprintf("name: %s\nversion: 1\ntitle: %q\nasAt: %s\nevents: [{name: %s, kind: Encounter}]\npeople: {has: {events: %s}}\n"+
			"measures: [{kind: PEOPLE}]\nby: [{kind: AGE_BAND, bands: [18, 19, 40, 41, 42, 90]}]\n", name, title, time.Now().Format(time.DateOnly), set, set)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	few := l.cohort(t, "run", write("few", "<b>Few</b> <script>alert(1)</script> of "+spaced, "of-"+number), "--format", "csv")
	if code := few.ends(t); code != exitRefused && !strings.Contains(few.out.String(), ",false") {
		t.Fatalf("nothing of it is withheld, exit %d\n%s%s", code, few.out.String(), few.errs.String())
	}
	if said := l.cohort(t, "save", write("unpublished", "Zqunpublished", "zqset")); said.ends(t) != exitFine {
		t.Fatal(said.errs.String())
	}
	for _, path := range []string{"/studies", "/studies.json", "/studies?after=1", "/studies?after=" + number} {
		reply, err := http.Get(l.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(reply.Body)
		if err := errors.Join(err, reply.Body.Close()); err != nil {
			t.Fatal(err)
		}
		told := fmt.Sprint(string(body), reply.Header)
		for _, secret := range []string{number, spaced, "Zqunpublished", "zqset", "unpublished", "Priya", "example-analyst", "<script", "<b>", "few_people", "few people told apart", ">cancelled<", l.dir, "visits@9", "version 9", `"version":9`} {
			if strings.Contains(told, secret) {
				t.Errorf("%s holds %q\n%s", path, secret, told)
			}
		}
		if path == "/studies" && (reply.StatusCode != http.StatusOK || !strings.Contains(told, "(an NHS number)") || !strings.Contains(told, "&lt;b&gt;Few") ||
			!strings.Contains(told, ">Not answered<") || !strings.Contains(told, "<dd>Planning and improving services</dd>") || !strings.Contains(told, ">The question was called off before it was answered.<") ||
			!strings.Contains(told, "<dd>NHS North East London Integrated Care Board (QMF)</dd>")) {
			t.Errorf("%d\n%s", reply.StatusCode, told)
		}
		l.figures(t, path, string(body))
	}
}

// figures looks for numbers that the register has no business to tell: it holds days, times, ages, versions and digests alone.
func (l *servedLondon) figures(t *testing.T, path, body string) {
	t.Helper()
	body = regexp.MustCompile(`(?s)<style>.*</style>|\\u[0-9a-f]{4}|per 1,000 |[0-9a-f]{64}|[0-9-]+T[0-9:.]+Z|[0-9]+ [A-Z][a-z]+ 20[0-9]{2}|[0-9]{2}:[0-9]{2} UTC|20[0-9]{2}-[0-9]{2}-[0-9]{2}|version"?:? ?[0-9]+|depth[0-9]|<h[12]|</h[12]|sha256|utf-8`).ReplaceAllString(body, " ")
	for _, found := range regexp.MustCompile(`[0-9]+`).FindAllString(body, -1) {
		if !slices.Contains([]string{"18", "19", "40", "41", "42", "90", "1", "17", "39", "89", "34"}, found) {
			t.Errorf("%s tells %s\n%s", path, found, body)
		}
	}
}

// forms asks for the same answer in every form.
func (l *servedLondon) forms(t *testing.T, file, csv string) {
	t.Helper()
	out := func(ending string) string { return filepath.Join(l.dir, "answer."+ending) }
	for _, ending := range []string{"csv", "json", "parquet", "txt"} {
		if said := l.cohort(t, "run", file, "--quiet", "--out", out(ending)); said.ends(t) != exitFine || said.errs.String() != "" {
			t.Fatalf("%s: %s", ending, said.errs.String())
		}
	}
	var answer cohort.Answer
	read := func(ending string) []byte {
		content, err := os.ReadFile(out(ending))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	if err := json.Unmarshal(read("json"), &answer); err != nil || !answer.Complete() || len(answer.Result.Rows) < 2 {
		t.Fatalf("%+v, %v", answer, err)
	}
	table, err := parquet.OpenFile(bytes.NewReader(read("parquet")), int64(len(read("parquet"))))
	if err != nil || int(table.NumRows()) != len(answer.Result.Rows) {
		t.Errorf("%v rows, %v", table, err)
	}
	female := fmt.Sprintf("FEMALE,%.0f,true", answer.Result.Rows[0].Figures[0].Number)
	if string(read("csv")) != csv || !strings.Contains(csv, female) || !bytes.Contains(read("txt"), []byte(answer.Digest)) {
		t.Errorf("the forms differ: %s\n%s", csv, read("txt"))
	}
}

// shelf saves what was asked, and asks it by its citation.
func (l *servedLondon) shelf(t *testing.T, file, csv string) {
	t.Helper()
	if said := l.cohort(t, "save", file); said.ends(t) != exitFine || !strings.Contains(said.out.String(), "cite    visits@1\ndigest  sha256:") {
		t.Fatalf("%s%s", said.out.String(), said.errs.String())
	}
	if said := l.cohort(t, "run", "--cite", "visits@1", "--format", "csv"); said.ends(t) != exitFine || said.out.String() != csv {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
	if said := l.cohort(t, "show", "visits@2", "--format", "csv"); said.ends(t) != exitFine || said.out.String() != csv {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
	other := l.definition(t, 1, "AGE_BAND, bands: [40]")
	if said := l.cohort(t, "save", other); said.ends(t) != exitNotRun || !strings.Contains(said.errs.String(), "visits@1 is saved and says something else") {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
	if said := l.cohort(t, "save", l.definition(t, 9, "SEX")); said.ends(t) != exitFine {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
	if said := start(t, "cohort", "register", "--server", l.url, "--all"); said.ends(t) != exitFine || !strings.Contains(said.out.String(), "hospital, version 2\n") ||
		strings.Contains(said.out.String(), "version 9") {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
	if said := l.cohort(t, "list"); said.ends(t) != exitFine || strings.Count(said.out.String(), "\nvisits@") != 3 {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
}

// refuses asks what the project may not.
func (l *servedLondon) refuses(t *testing.T) {
	t.Helper()
	said := l.cohort(t, "run", l.definition(t, 3, "PRACTICE"))
	if said.ends(t) != exitRefused || !strings.Contains(said.errs.String(), "refused: ") || !strings.Contains(said.errs.String(), "dimension_not_of_the_project") ||
		!strings.Contains(said.errs.String(), "allowed") || said.out.String() != "" {
		t.Errorf("%s%s", said.out.String(), said.errs.String())
	}
}

// lacks asks while a source is down.
func (l *servedLondon) lacks(t *testing.T) {
	t.Helper()
	l.clinic.down.Store(true)
	said := l.cohort(t, "run", l.definition(t, 4, "SEX"))
	code, errs := said.ends(t), said.errs.String()
	if code != exitIncomplete || !strings.Contains(errs, "!!! INCOMPLETE: 1 of ") || !strings.Contains(errs, "did not answer. Up to 10 people may be missing or wrongly counted.") ||
		!strings.Contains(said.out.String(), "\n!!! INCOMPLETE") || !strings.Contains(said.out.String(), "The clinic") {
		t.Errorf("exit %d\n%s%s", code, said.out.String(), errs)
	}
}
