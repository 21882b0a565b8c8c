package cohorts_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/examples/london/codelists"
	"onelondon/examples/london/cohorts"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
)

// update is a command-line flag, not state: go test ./examples/london/cohorts -update writes the goldens anew.
var update = flag.Bool("update", false, "write the goldens anew")

// questions are the names of the definitions' files.
func questions(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(cohorts.Files, "*.yaml")
	if err != nil || len(names) < 15 {
		t.Fatalf("found %d definitions (%v)", len(names), err)
	}
	return names
}

func parse(t *testing.T, name string) *cohort.Definition {
	t.Helper()
	data, err := fs.ReadFile(cohorts.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := cohort.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestEveryQuestionIsValidAndSaidInWords(t *testing.T) {
	for _, name := range questions(t) {
		t.Run(name, func(t *testing.T) {
			question := parse(t, name)
			if question.Name+".yaml" != name {
				t.Errorf("the file is called otherwise than the definition, %s", question.Name)
			}
			golden := filepath.Join("testdata", question.Name+".words")
			words := question.Title + "\n\n" + question.Words() + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(words), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), words); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryListThatAQuestionNamesIsRegisteredAndNoOther(t *testing.T) {
	registry, err := codelist.Load(codelists.Files)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range questions(t) {
		question := parse(t, name)
		resolved, lists, err := codelist.Resolve(question, registry)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, list := range lists {
			used[list.Name] = true
		}
		for _, list := range resolved.Codelists {
			if len(list.Codes) == 0 {
				t.Errorf("%s: the list %s has no codes", name, list.Name)
			}
		}
		if len(question.Needs().Inline) > 0 {
			t.Errorf("%s brings codes of its own", name)
		}
	}
	for _, name := range registry.Names() {
		if !used[name] {
			t.Errorf("no question uses the list %s", name)
		}
	}
}

func TestNoSetAndNoListOfAQuestionIsUnused(t *testing.T) {
	for _, name := range questions(t) {
		data, err := fs.ReadFile(cohorts.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		question := parse(t, name)
		for _, set := range question.Events {
			if mentions(string(data), set.Name) < 2 {
				t.Errorf("%s: nothing uses the set %s", name, set.Name)
			}
		}
	}
}

// mentions counts how often a name stands as a word of its own.
func mentions(text, name string) int {
	return len(regexp.MustCompile(`[\s\[:]`+regexp.QuoteMeta(name)+`[,\]}\s]`).FindAllString(text, -1))
}

// The table of README.md says what each question needs; it is compared with what the definitions say.
func TestTheTableTellsWhatEachQuestionNeeds(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range questions(t) {
		question := parse(t, name)
		needs := question.Needs()
		var kinds []string
		for _, kind := range needs.Kinds {
			kinds = append(kinds, kind.String())
		}
		lists := strings.Join(needs.Codelists, ", ")
		if lists == "" {
			lists = "none"
		}
		line := "| [" + question.Name + "](" + name + ") |"
		start := strings.Index(string(page), line)
		if start < 0 {
			t.Errorf("README.md has no line for %s", name)
			continue
		}
		row, _, _ := strings.Cut(string(page)[start:], "\n")
		cells := strings.Split(row, "|")
		if len(cells) != 7 || strings.TrimSpace(cells[3]) != strings.Join(kinds, ", ") || strings.TrimSpace(cells[4]) != lists {
			t.Errorf("README.md says of %s\n%s\nwant kinds %s and lists %s", name, row, strings.Join(kinds, ", "), lists)
		}
	}
}

// docs/cohorts.md begins with a definition; it is one of these.
func TestTheFirstDefinitionOfTheManualIsOneOfThese(t *testing.T) {
	page, err := os.ReadFile("../../../docs/cohorts.md")
	if err != nil {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(cohorts.Files, "diabetes-emergencies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, definition, _ := strings.Cut(string(data), "\n") // without its comment
	if !strings.Contains(string(page), definition) {
		t.Error("docs/cohorts.md does not hold diabetes-emergencies.yaml as it is")
	}
}
