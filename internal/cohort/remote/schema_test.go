package remote_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/testkit"
)

func TestEveryDocumentFitsTheSchema(t *testing.T) {
	schema := theSchema(t)
	documents := remote.Documents()
	if len(documents) != 6 {
		t.Errorf("%d documents", len(documents))
	}
	for name, document := range documents {
		if _, faults := gqlparser.LoadQueryWithRules(schema, document, nil); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestTheStatesAreThoseOfTheSchema(t *testing.T) {
	schema := theSchema(t)
	for enum, want := range map[string][]string{
		"CohortState":       {string(remote.Waiting), string(remote.Running), string(remote.Answered), string(remote.Refused), string(remote.Failed), string(remote.Cancelled)},
		"CohortSourceState": {string(remote.SourceWaiting), string(remote.SourceAsked), string(remote.SourceAnswered), string(remote.SourceFailed)},
	} {
		var got []string
		for _, value := range schema.Types[enum].EnumValues {
			got = append(got, value.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", enum, got)
		}
	}
}

func TestEveryPartOfADefinitionFitsTheSchema(t *testing.T) {
	schema := theSchema(t)
	file, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	definition, err := cohort.Parse("everything.yaml", file)
	if err != nil {
		t.Fatal(err)
	}
	input, err := remote.InputOf(definition)
	if err != nil {
		t.Fatal(err)
	}
	document, faults := gqlparser.LoadQueryWithRules(schema, remote.Documents()["start"], nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	given := map[string]any{"input": map[string]any{"definition": input, "project": "p"}}
	if _, err := validator.VariableValues(schema, document.Operations[0], given); err != nil {
		t.Error(err)
	}
	input["title"] = nil
	if _, err := validator.VariableValues(schema, document.Operations[0], given); err == nil {
		t.Error("a definition without a title fits, so this proves nothing")
	}
}

func theSchema(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "schema.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
