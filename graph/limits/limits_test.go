package limits_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/executor"

	"onelondon/graph"
	"onelondon/graph/limits"
	"onelondon/graph/refusal"
)

// code is what the limits make of a document: the code of the refusal, empty where it may pass.
func code(t *testing.T, l limits.Limits, document string, variables map[string]any) refusal.Code {
	t.Helper()
	engine := gqlgen.New(graph.NewExecutableSchema(graph.Config{}))
	engine.Use(l)
	ctx := graphql.StartOperationTrace(context.Background())
	_, errs := engine.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs == nil {
		return ""
	}
	return refusal.Code(fmt.Sprint(errs[0].Extensions["code"]))
}

func patient(selection string) string {
	return `{ patient(nhsNumber: "9434765919") { ` + selection + ` } }`
}

// nested is a selection of depth fields.
func nested(depth int) string {
	return strings.Repeat("contributors { ", depth-1) + "id" + strings.Repeat(" }", depth-1)
}

// changes is a document of many mutations, each of which writes to the ledger.
func changes(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "c%d: optOut(input: {}) { consentRevision } ", i)
	}
	return "mutation { " + b.String() + "}"
}

// ledgers is a document that reads the own ledger many times.
func ledgers(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "a%d: accesses(first: 1) { nodes { at } } ", i)
	}
	return "{ myRecord { " + b.String() + "} }"
}

func TestDocumentsThatCostTooMuchAreRefused(t *testing.T) {
	bombs := patient("...A") + " fragment A on Patient { ...B a: nhsNumber b: nhsNumber ...C ...D }" +
		" fragment B on Patient { ...C ...D } fragment C on Patient { ...D c: nhsNumber ...E } fragment D on Patient { d: nhsNumber ...E ...F }" +
		" fragment E on Patient { e: nhsNumber f: nhsNumber ...F } fragment F on Patient { g: nhsNumber h: nhsNumber i: nhsNumber }"
	tests := map[string]struct {
		document  string
		variables map[string]any
		limits    limits.Limits
		want      refusal.Code
	}{
		"within all":         {patient("conditions { nodes { " + nested(9) + " } }"), nil, deep(), ""},
		"too deep":           {patient("conditions { nodes { " + nested(10) + " } }"), nil, deep(), refusal.DocumentTooDeep},
		"lists within lists": {patient("conditions { nodes { " + nested(7) + " } }"), nil, limits.Default(), refusal.TooComplex},
		"too long":           {patient("nhsNumber #" + strings.Repeat("x", 64<<10)), nil, limits.Default(), refusal.DocumentTooLarge},
		"aliases at most":    {patient(aliases(100)), nil, limits.Default(), ""},
		"aliases too many":   {patient(aliases(101)), nil, limits.Default(), refusal.TooManyAliases},
		"fragments add up":   {bombs, nil, limits.Limits{Bytes: 1e6, Depth: 9, Aliases: 30, Patients: 1, Complexity: 1e6}, refusal.TooManyAliases},
		"twenty changes":     {changes(20), nil, limits.Default(), ""},
		"fifty changes":      {changes(50), nil, limits.Default(), refusal.TooComplex},
		"fifty ledgers":      {ledgers(50), nil, limits.Default(), refusal.TooComplex},
		"ten patients":       {patients(10), nil, limits.Default(), ""},
		"eleven patients":    {patients(11), nil, limits.Default(), refusal.TooManyPatients},
		"patients by spread": {"{ ...P } fragment P on Query { ...Q } fragment Q on Query " + patients(11), nil, limits.Default(), refusal.TooManyPatients},
		"long pages": {"query($n: Int!) " + strings.ReplaceAll(patients(10), "{ nhsNumber }", "{ "+wide()+" }"), map[string]any{"n": 200},
			limits.Default(), ""},
		"long pages of many fields": {"query($n: Int!) { patient(nhsNumber: \"1\") { " + wide() + " } }", map[string]any{"n": 200},
			limits.Limits{Bytes: 1e6, Depth: 9, Aliases: 9, Patients: 1, Complexity: 1000}, refusal.TooComplex},
		"short pages of many fields": {"query($n: Int!) { patient(nhsNumber: \"1\") { " + wide() + " } }", map[string]any{"n": 2},
			limits.Limits{Bytes: 1e6, Depth: 9, Aliases: 9, Patients: 1, Complexity: 1000}, ""},
		"a null condition": {"query($b: Boolean = true) " + patient("nhsNumber @include(if: $b)"), map[string]any{"b": nil},
			limits.Default(), refusal.BadRequest},
		"defer, sent whole":             {patient("nhsNumber ... @defer { conditions { nodes { id } } }"), nil, limits.Default(), refusal.DeferUnsupported},
		"defer that is off, sent whole": {patient("nhsNumber ... @defer(if: false) { conditions { nodes { id } } }"), nil, limits.Default(), refusal.DeferUnsupported},
		"defer in a fragment":           {patient("...F") + " fragment F on Patient { ... @defer { nhsNumber } }", nil, limits.Default(), refusal.DeferUnsupported},
		"defer, sent in parts":          {patient("nhsNumber ... @defer { conditions { nodes { id } } }"), nil, streaming(), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := code(t, test.limits, test.document, test.variables); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// deep lets any number of fields pass, so that only their depth counts.
func deep() limits.Limits {
	l := limits.Default()
	l.Complexity = 1 << 30
	return l
}

func streaming() limits.Limits {
	l := limits.Default()
	l.Streams = func(*graphql.OperationContext) bool { return true }
	return l
}

func aliases(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "a%d: nhsNumber ", i)
	}
	return b.String()
}

func patients(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, `p%d: patient(nhsNumber: "9434765919") { nhsNumber } `, i)
	}
	return "{ " + b.String() + "}"
}

func wide() string { return "conditions(first: $n) { nodes { id date end status note author } }" }

// TestTheWholeSchemaFits asks for every field of every kind of record, in the longest pages of a chart.
func TestTheWholeSchemaFits(t *testing.T) {
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	var lists strings.Builder
	for _, field := range schema.Types["Patient"].Fields {
		kind, paged := strings.CutSuffix(field.Type.Name(), "Connection")
		if !paged || kind == "Timeline" {
			continue
		}
		lists.WriteString(field.Name + "(first: 100) { nodes { ")
		for _, of := range schema.Types[kind].Fields {
			if schema.Types[of.Type.Name()].IsLeafType() {
				lists.WriteString(of.Name + " ")
			}
		}
		lists.WriteString("code { system code display text translations { system code display } } provenance { source localId } } } ")
	}
	if got := code(t, limits.Default(), patient(lists.String()), nil); got != "" {
		t.Errorf("refused with %s", got)
	}
}
