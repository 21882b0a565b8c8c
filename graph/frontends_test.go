package graph_test

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/graph/refusal"
)

// TestEveryDocumentOfThePageForFrontendsFitsTheSchema keeps what people paste true.
func TestEveryDocumentOfThePageForFrontendsFitsTheSchema(t *testing.T) {
	page, err := os.ReadFile("../docs/for-frontends.md")
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(string(page), "```graphql\n")[1:]
	asked := map[string]bool{}
	for _, rest := range documents {
		document, _, _ := strings.Cut(rest, "```")
		parsed, errs := gqlparser.LoadQueryWithRules(schema(), document, nil)
		if errs != nil {
			t.Errorf("%v\n%s", errs, document)
			continue
		}
		for _, operation := range parsed.Operations {
			for _, selection := range operation.SelectionSet {
				if field, ok := selection.(*ast.Field); ok {
					asked[field.Name] = true
				}
			}
		}
	}
	for _, root := range append(schema().Query.Fields, schema().Mutation.Fields...) {
		if !strings.HasPrefix(root.Name, "__") && root.Name != "sources" && !asked[root.Name] {
			t.Errorf("the page does not show %s", root.Name)
		}
	}
}

// TestThePageForFrontendsSaysWhatToDoAboutEveryCode and tells of none that there is not.
func TestThePageForFrontendsSaysWhatToDoAboutEveryCode(t *testing.T) {
	page, err := os.ReadFile("../docs/for-frontends.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "| code | it means | do this |\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	told := map[string]bool{}
	for line := range strings.Lines(table) {
		codes, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		for _, code := range strings.Split(codes, ",") {
			told[strings.Trim(code, " `")] = true
		}
	}
	for _, code := range refusal.Codes() {
		if !told[string(code)] {
			t.Errorf("the page does not say what to do about %s", code)
		}
		delete(told, string(code))
	}
	for other := range told {
		if strings.Trim(other, "-") != "" {
			t.Errorf("the page tells of %s, which is no code", other)
		}
	}
}

func TestEveryCodeIsListedOnce(t *testing.T) {
	seen := map[refusal.Code]bool{}
	for _, code := range refusal.Codes() {
		if seen[code] {
			t.Errorf("%s stands twice", code)
		}
		seen[code] = true
	}
}
