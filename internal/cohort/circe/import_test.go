package circe_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/circe"
	"onelondon/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// update is a command-line flag, not state: go test ./internal/cohort/circe -update writes the goldens anew.
var update = flag.Bool("update", false, "write the goldens anew")

// synthea is the vocabulary that comes with the OMOP data set of 28 people.
func synthea(t *testing.T) *circe.Tables {
	t.Helper()
	folder := testkit.Shared(t, "data/omop-synthea27nj")
	files := fstest.MapFS{}
	for _, name := range []string{"CONCEPT.csv", "CONCEPT_ANCESTOR.csv", "CONCEPT_RELATIONSHIP.csv"} {
		packed, err := os.Open(filepath.Join(folder, name+".gz"))
		if err != nil {
			t.Fatal(err)
		}
		reader, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := packed.Close(); err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	vocabulary, err := circe.ReadTables(files)
	if err != nil {
		t.Fatal(err)
	}
	return vocabulary
}

// phenotype is one of OHDSI's definitions.
type phenotype struct {
	id   int
	name string
	data []byte
}

func phenotypes(t *testing.T) []phenotype {
	t.Helper()
	folder := testkit.Shared(t, "data/queries/circe")
	file, err := os.Open(filepath.Join(folder, "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []phenotype
	for _, row := range rows[1:] {
		id, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(folder, row[0]+".json"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, phenotype{id, row[1], data})
	}
	slices.SortFunc(all, func(a, b phenotype) int { return a.id - b.id })
	return all
}

func (p phenotype) options(vocabulary circe.Vocabulary) circe.Options {
	return circe.Options{Name: fmt.Sprintf("ohdsi-%d", p.id), Title: p.name, AsAt: day("2026-11-01"), Vocabulary: vocabulary}
}

func day(text string) clinical.Day {
	read, err := clinical.ParseDay(text)
	if err != nil {
		return clinical.NoDay
	}
	return read
}

// golden compares got with a file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestEachOfOHDSIsDefinitionsIsSaidAsFarAsItsLogicAllows(t *testing.T) {
	vocabulary := synthea(t)
	table := "| definition | people | entries | what is not said | codes |\n|---|---|---|---|---|\n"
	for _, each := range phenotypes(t) {
		imported, err := circe.Import(each.data, each.options(vocabulary))
		if err != nil {
			t.Errorf("%d: %v", each.id, err)
			continue
		}
		written, err := json.Marshal(imported.Definition)
		if err != nil {
			t.Fatal(err)
		}
		again, err := cohort.Parse("imported.json", written)
		if err != nil {
			t.Errorf("%d: what was made cannot be read: %v", each.id, err)
			continue
		}
		if again.Digest() != imported.Definition.Digest() {
			t.Errorf("%d: another digest after it was written and read", each.id)
		}
		words := each.name + "\n\n" + imported.Definition.Words() + "\n\n"
		for _, gap := range imported.Unsupported {
			words += fmt.Sprintf("%s: %s: %s\n", gap.Path, gap.Of, gap.Why)
		}
		golden(t, fmt.Sprintf("testdata/%d.words", each.id), words)
		table += line(each, imported)
	}
	golden(t, "testdata/table.md", table)
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs/cohorts.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), table) {
		t.Error("docs/cohorts.md does not hold testdata/table.md as it is")
	}
}

// line is a definition's line of the table.
func line(each phenotype, imported *circe.Imported) string {
	people, entries, codes := "the same", "the same", "all known"
	if imported.Lacks(circe.Logic) {
		people, entries = "may differ", "may differ"
	}
	if imported.Lacks(circe.Entries) {
		entries = "may differ"
	}
	if imported.Lacks(circe.Codes) {
		codes = "some not known"
	}
	var reasons []string
	for _, gap := range imported.Unsupported {
		if reason := fmt.Sprintf("`%s`: %s", gap.Path, gap.Why); gap.Of != circe.Codes && !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	return fmt.Sprintf("| %d %s | %s | %s | %s | %s |\n", each.id, strings.ReplaceAll(each.name, "|", "/"), people, entries, strings.Join(reasons, "<br>"), codes)
}
