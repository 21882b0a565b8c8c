package plans_test

import (
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"onelondon/graph/plans"
)

func parse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func request(doc *ast.QueryDocument, variables map[string]any) *graphql.OperationContext {
	return &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: variables}
}

func TestAPlanIsWorkedOutOnceForEachCombinationOfConditions(t *testing.T) {
	cache := plans.New[int](10)
	worked := 0
	plan := func(doc *ast.QueryDocument, variables map[string]any) int {
		return cache.Plan(request(doc, variables), func() int { worked++; return worked })
	}
	first := parse(t, `query($a: Boolean!, $n: Int) { x @skip(if: $a) y(n: $n) }`)
	for range 3 {
		if got := plan(first, map[string]any{"a": true, "n": worked}); got != 1 {
			t.Errorf("a true: plan %d", got)
		}
		if got := plan(first, map[string]any{"a": false, "n": worked}); got != 2 {
			t.Errorf("a false: plan %d", got)
		}
	}
	if got := plan(parse(t, `query($a: Boolean!, $n: Int) { x @skip(if: $a) y(n: $n) }`), map[string]any{"a": true}); got != 3 {
		t.Errorf("the same text parsed again: plan %d", got)
	}
}

func TestOperationsThatDoNotFitAreWorkedOutAgain(t *testing.T) {
	cache := plans.New[int](1)
	one, two := parse(t, `{ a }`), parse(t, `{ b }`)
	worked := 0
	for _, doc := range []*ast.QueryDocument{one, two, one} {
		cache.Plan(request(doc, nil), func() int { worked++; return worked })
	}
	if worked != 3 {
		t.Errorf("worked out %d times, want 3", worked)
	}
}

func TestConditionsAreFoundWhereverTheyStand(t *testing.T) {
	doc := parse(t, `query { a @skip(if: $one) { ... @include(if: $two) { b } ...F @skip(if: $three) ...F } c @include(if: true) }
		fragment F on X { d @include(if: $four) @skip(if: $one) e @other(if: $five) }`)
	got := plans.Conditions(doc, doc.Operations[0])
	slices.Sort(got)
	if want := []string{"four", "one", "three", "two"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDeferIsFoundWhereverItStands(t *testing.T) {
	for text, want := range map[string]bool{
		`{ a { b } }`:                                                false,
		`{ a { ... @defer { b } } }`:                                 true,
		`{ a { ... @defer(if: false) { b } } }`:                      true,
		`{ a { ...F @defer } } fragment F on X { b }`:                true,
		`{ a { ...F } } fragment F on X { b { ... @defer { c } } }`:  true,
		`query A { a } query B { b { ... { c ... @defer { d } } } }`: true,
	} {
		if got := plans.Defers(parse(t, text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
