package adversary_test

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/codelists"
	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
)

// studied is a house that takes questions about many people, and whose leavings are looked through.
type studied struct {
	*watched
	token  string
	sealed []string // what must not be in a file as bytes
	loud   int      // how much the log held before the first question
}

const studiedProject = "example-diabetes"

func study(t *testing.T) *studied {
	t.Helper()
	population := london.Imagine(london.Options{People: 70})
	marked(population)
	c := build(t, population)
	registry, err := codelist.Load(codelists.Files)
	if err != nil {
		t.Fatal(err)
	}
	var everybody []string
	for _, held := range population.Held {
		for _, person := range held {
			everybody = append(everybody, person.NHSNumber)
		}
	}
	slices.Sort(everybody)
	everybody = slices.Compact(everybody)
	boroughs := london.Boroughs()
	options := c.options(t)
	options.Studies = &trial.Studies{People: everybody, Codelists: registry, Borough: func(practice clinical.Text) string { return boroughs[practice] }}
	s := &studied{watched: &watched{House: trial.Open(t, options), cast: c.cast, marks: marks(&c.cast)}}
	s.watched.token(t, auth.Person{Subject: "example-analyst", Name: "Priya Shah", Role: "R8012", Organisation: "QMF", Purpose: "HOPERAT"})
	s.token, s.loud = s.tokens[0], len(s.Logs.String())
	s.stands(t, everybody)
	return s
}

// stands adds everybody's number, and what stands for them in the project, to what must not be found.
func (s *studied) stands(t *testing.T, everybody []string) {
	t.Helper()
	root := trial.StudyKey()
	key, err := hkdf.Key(sha256.New, root[:], []byte(studiedProject), "onelondon study pseudonyms", 32)
	if err != nil {
		t.Fatal(err)
	}
	s.marks = append(s.marks, hex.EncodeToString(key), strings.ToLower(base64.StdEncoding.EncodeToString(key)), hex.EncodeToString(root[:]))
	s.sealed = append(s.sealed, string(key), string(root[:]), "example-analyst", "by-sex")
	for _, number := range everybody {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(number))
		stand := mac.Sum(nil)[:8]
		value := binary.BigEndian.Uint64(stand)
		s.marks = append(s.marks, number, hex.EncodeToString(stand), strconv.FormatUint(value, 10), strings.ToLower(base64.RawStdEncoding.EncodeToString(stand)))
		s.sealed = append(s.sealed, string(stand), string(binary.LittleEndian.AppendUint64(nil, value)), number)
	}
}

// asks sends a question and looks through all that comes back.
func (s *studied) asks(t *testing.T, name, query string, variables map[string]any) trial.Reply {
	t.Helper()
	reply := s.Ask(t, s.token, query, variables)
	if found := find(fmt.Sprint(reply.Body, reply.Header), s.marks); len(found) > 0 {
		t.Errorf("%s: %v in %s", name, found, reply.Body)
	}
	s.exact(t, name, reply.Body)
	return reply
}

// exact looks for numbers that are of too few people, or not rounded.
func (s *studied) exact(t *testing.T, name, body string) {
	t.Helper()
	for what, each := range map[string]struct {
		numbers *regexp.Regexp
		round   int
	}{
		"a figure":           {regexp.MustCompile(`"number":([0-9]+)`), 5},
		"rows":               {regexp.MustCompile(`"rows":([0-9]+)`), 1000},
		"who may be missing": {regexp.MustCompile(`"missingAtMost":([0-9]+)`), 10},
		"a warning":          {regexp.MustCompile(`(?:Up to|about|About) ([0-9]+) people`), 10},
	} {
		for _, found := range each.numbers.FindAllStringSubmatch(body, -1) {
			if number, err := strconv.Atoi(found[1]); err != nil || number%each.round != 0 {
				t.Errorf("%s: %s is %s", name, what, found[1])
			}
		}
	}
}

const followed = `{ id state fraction fault sources { source name state rows } refusal { reasons words allowed }
  answer { name title words digest definition warnings missingAtMost result { rows { key figures { shown number } } total { figures { shown number } } notes }
    sources { source name outcome rows freshness } } }`

// runs puts a definition and follows it to its end; every step is looked through.
func (s *studied) runs(t *testing.T, name string, definition map[string]any) (state, body string) {
	t.Helper()
	reply := s.asks(t, name, `mutation S($i: StartCohortInput!) { startCohort(input: $i) { run `+followed+` } }`,
		map[string]any{"i": map[string]any{"project": studiedProject, "definition": definition}})
	var told struct {
		Data struct {
			StartCohort struct{ Run struct{ ID, State string } }
		}
	}
	if err := json.Unmarshal([]byte(reply.Body), &told); err != nil {
		t.Fatal(err)
	}
	id, state := told.Data.StartCohort.Run.ID, told.Data.StartCohort.Run.State
	for tries := 0; state == "WAITING" || state == "RUNNING"; tries++ {
		if tries > 2000 {
			t.Fatalf("%s does not end: %s", name, reply.Body)
		}
		time.Sleep(10 * time.Millisecond)
		reply = s.asks(t, name, `query F($id: ID!) { cohortRun(id: $id) `+followed+` }`, map[string]any{"id": id})
		var seen struct {
			Data struct{ CohortRun struct{ State string } }
		}
		if err := json.Unmarshal([]byte(reply.Body), &seen); err != nil {
			t.Fatal(err)
		}
		state = seen.Data.CohortRun.State
	}
	return state, reply.Body
}

// leaves looks through what stays behind: the log, the metrics, and every file, also for what stands for people as bytes.
func (s *studied) leaves(t *testing.T) {
	t.Helper()
	for where, text := range map[string]string{"the log": s.Logs.String(), "/metrics": s.Send(t, "GET", "/metrics", "", "").Body} {
		if found := find(text, s.marks); len(found) > 0 {
			t.Errorf("%s holds %v", where, found)
		}
	}
	since := regexp.MustCompile(`"(?:bytes|elapsed|status)":[0-9]+|"time":"[^"]*"`).ReplaceAllString(s.Logs.String()[s.loud:], "")
	for _, spec := range s.Catalogue.Specs() {
		if people, known := s.Locator.Listed(spec.ID); known && regexp.MustCompile(fmt.Sprintf(`[=: ]%d\b`, people)).MatchString(since) && people > 9 {
			t.Errorf("the log holds %d, how many %s knows:\n%s", people, spec.ID, since)
		}
	}
	files := 0
	err := filepath.WalkDir(s.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		text := string(raw)
		files++
		for _, bytes := range s.sealed {
			if strings.Contains(text, bytes) {
				t.Errorf("%s holds %x", filepath.Base(path), bytes)
			}
		}
		if found := find(text, s.marks); len(found) > 0 {
			t.Errorf("%s holds %v", filepath.Base(path), found)
		}
		return err
	})
	if err != nil || files < 4 {
		t.Fatalf("%d files: %v", files, err)
	}
}

// bySex is people with diabetes, by sex, changed as wanted.
func bySex(change func(definition map[string]any)) map[string]any {
	definition := map[string]any{"name": "by-sex", "version": 1, "title": "People with diabetes by sex", "asAt": time.Now().Format(time.DateOnly),
		"codelists": []any{map[string]any{"name": "diabetes"}},
		"events":    []any{map[string]any{"name": "diabetes", "kind": "CONDITION", "codes": []any{"diabetes"}}, map[string]any{"name": "visits", "kind": "ENCOUNTER"}},
		"people":    map[string]any{"has": map[string]any{"events": "visits"}},
		"measures":  []any{map[string]any{"kind": "PEOPLE"}, map[string]any{"kind": "EVENTS", "events": "diabetes"}},
		"by":        []any{map[string]any{"kind": "SEX"}}}
	change(definition)
	return definition
}

func TestNothingOfAPersonLeavesByAnyRouteOfAStudy(t *testing.T) {
	s := study(t)
	number := s.cast.Heroine.NHSNumber.Reveal()
	few := func(d map[string]any) {
		d["version"], d["by"] = 2, []any{map[string]any{"kind": "AGE_BAND", "bands": []any{30, 31, 50, 51, 52, 80, 90, 95}}}
	}
	if state, body := s.runs(t, "answered", bySex(func(map[string]any) {})); state != "ANSWERED" || !strings.Contains(body, `"shown":true`) || !strings.Contains(body, `"shown":false`) {
		t.Fatalf("%s: %s", state, body)
	}
	for name, each := range map[string]struct {
		change func(map[string]any)
		state  string
	}{
		"few in each group": {few, ""},
		"not permitted":     {func(d map[string]any) { d["version"], d["by"] = 3, []any{map[string]any{"kind": "PRACTICE"}} }, "REFUSED"},
		"of one borough": {func(d map[string]any) {
			d["version"], d["people"] = 4, map[string]any{"all": []any{map[string]any{"has": map[string]any{"events": "diabetes"}}, map[string]any{"borough": []any{"Newham"}}}}
			d["by"] = []any{map[string]any{"kind": "SEX"}}
		}, ""},
		"a number for a title": {func(d map[string]any) { d["version"], d["title"] = 5, "About "+number }, ""},
	} {
		if state, body := s.runs(t, name, bySex(each.change)); each.state != "" && state != each.state {
			t.Errorf("%s: %s, want %s: %s", name, state, each.state, body)
		}
	}
	s.saves(t, number)
	s.faults(t, number)
	for name, each := range map[string][2]string{
		"the answers":  {`{ cohorts(project: "example-diabetes") { name title words definition warnings withheld result { rows { key figures { shown number } } } } }`, "by-sex"},
		"the register": {`{ studies(first: 100) { nodes { project organisation purpose name title words digest reasons } } }`, "by-sex"},
		"the shelf":    {`{ savedCohorts(project: "example-diabetes") { name title definition words } }`, "never-asked"},
	} {
		if reply := s.asks(t, name, each[0], nil); strings.Contains(reply.Body, `"errors"`) || !strings.Contains(reply.Body, each[1]) {
			t.Errorf("%s: %s", name, reply.Body)
		}
	}
	s.leaves(t)
}

// saves puts a definition on the shelf: of one that was not asked the register says nothing.
func (s *studied) saves(t *testing.T, number string) {
	t.Helper()
	save := `mutation S($i: SaveCohortInput!) { saveCohort(input: $i) { saved { name title words definition digest } } }`
	definition := bySex(func(d map[string]any) { d["name"], d["title"] = "never-asked", "About "+number })
	if reply := s.asks(t, "a saved one", save, map[string]any{"i": map[string]any{"project": studiedProject, "definition": definition}}); !strings.Contains(reply.Body, "never-asked") {
		t.Errorf("not saved: %s", reply.Body)
	}
	if reply := s.asks(t, "the register", `{ studies(first: 100) { nodes { name title words } } }`, nil); strings.Contains(reply.Body, "never-asked") {
		t.Errorf("of what was not asked the register says %s", reply.Body)
	}
}

// faults puts somebody's number wherever a study takes text.
func (s *studied) faults(t *testing.T, number string) {
	t.Helper()
	start := `mutation S($i: StartCohortInput!) { startCohort(input: $i) { run { state refusal { words } } } }`
	for name, input := range map[string]map[string]any{
		"a set's name": {"project": studiedProject, "definition": bySex(func(d map[string]any) { d["people"] = map[string]any{"has": map[string]any{"events": number}} })},
		"the name":     {"project": studiedProject, "definition": bySex(func(d map[string]any) { d["name"] = number + " x" })},
		"a list":       {"project": studiedProject, "definition": bySex(func(d map[string]any) { d["codelists"] = []any{map[string]any{"name": "a", "from": number}} })},
		"the day":      {"project": studiedProject, "definition": bySex(func(d map[string]any) { d["asAt"] = number })},
		"a code": {"project": studiedProject, "definition": bySex(func(d map[string]any) {
			d["codelists"] = []any{map[string]any{"name": "diabetes", "codes": []any{map[string]any{"system": "SNOMED_CT", "code": number}}}}
		})},
		"the project":             {"project": number, "definition": bySex(func(map[string]any) {})},
		"a citation":              {"project": studiedProject, "cite": "n" + number + "@1"},
		"a citation that is none": {"project": studiedProject, "cite": number},
	} {
		s.asks(t, name, start, map[string]any{"i": input})
	}
	s.asks(t, "a run", `query F($id: ID!) { cohortRun(id: $id) { state } }`, map[string]any{"id": number})
	s.asks(t, "a place in the register", `query R($a: Cursor) { studies(after: $a) { nodes { name } } }`, map[string]any{"a": number})
}
