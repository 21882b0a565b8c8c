package mapping_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/sources/mapping"
)

func TestExpressionsAreRead(t *testing.T) {
	column := func(name string) mapping.Expr { return &mapping.Column{Alias: "o", Name: name, Line: 1} }
	text := func(value string) mapping.Literal { return mapping.Literal{Value: value} }
	a, b, c := column("A"), column("B"), column("C")
	for name, check := range map[string]struct {
		text string
		want mapping.Expr
	}{
		"a column":             {"o.A", a},
		"an odd column":        {`o."CAUSEOFDEATH 1B"`, column("CAUSEOFDEATH 1B")},
		"a text with a quote":  {"'King''s'", &mapping.Literal{Value: "King's"}},
		"a whole number":       {"-12", &mapping.Literal{Value: int64(-12)}},
		"nothing":              {"null", &mapping.Literal{}},
		"and before or":        {"o.A or o.B and o.C", &mapping.Logic{Op: "or", Parts: []mapping.Expr{a, &mapping.Logic{Op: "and", Parts: []mapping.Expr{b, c}}}}},
		"not after comparison": {"not o.A = o.B", &mapping.Not{Of: &mapping.Compare{Op: "=", Left: a, Right: b}}},
		"is null":              {"o.A is null", &mapping.IsNull{Of: a}},
		"is not null":          {"o.A is not null", &mapping.IsNull{Of: a, Negate: true}},
		"is not true":          {"o.A is not true", &mapping.IsTruth{Of: a, Want: true, Negate: true}},
		"is false":             {"o.A is false", &mapping.IsTruth{Of: a}},
		"in":                   {"o.A in ('x', 'y')", &mapping.InList{Of: a, Values: []mapping.Literal{text("x"), text("y")}}},
		"not in":               {"o.A not in ('x')", &mapping.InList{Of: a, Values: []mapping.Literal{text("x")}, Negate: true}},
		"a call":               {"COALESCE(o.A, 'x')", &mapping.Call{Function: "coalesce", Args: []mapping.Expr{a, &mapping.Literal{Value: "x"}}}},
		"keywords in capitals": {"o.A IS NOT NULL AND o.B", &mapping.Logic{Op: "and", Parts: []mapping.Expr{&mapping.IsNull{Of: a, Negate: true}, b}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mapping.ParseExpr(check.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(check.want, got); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongExpressionsAreRefusedAtTheirPlace(t *testing.T) {
	for name, check := range map[string]struct{ text, want string }{
		"a bare word":                {"Surname", `expression:1:1: "Surname" stands alone`},
		"a semicolon":                {"o.A; drop", `expression:1:4: ";" is not part of the language`},
		"a comment":                  {"o.A -- x", "expression:1:5:"},
		"an unknown function":        {"sleep(9)", `expression:1:1: function "sleep" is not known`},
		"too few arguments":          {"nullif(o.A)", "expression:1:1: nullif takes 2 arguments, not 1"},
		"too many arguments":         {"trim(o.A, o.B)", "trim takes 1 argument, not 2"},
		"a substring from nowhere":   {"substring(o.A, 0, o.B)", "both whole numbers from 1"},
		"two comparisons in a row":   {"o.A = o.B = o.C", "expression:1:11: unexpected"},
		"an open text":               {"o.A = 'x", "expression:1:7: a text literal is not closed"},
		"an open quoted name":        {`o."x`, "a quoted name is not closed"},
		"a quoted name breaking out": {"o.\"x`y\"", "a quoted name holds letters"},
		"a column in a list":         {"o.A in (o.B)", "a list after in holds literals"},
		"null in a list":             {"o.A in (null)", "a list after in holds literals"},
		"an empty text":              {"", "expected a column, a literal or a function, not the end"},
		"an unknown placeholder":     {"'${x}'", "placeholder ${x} is not known"},
		"a huge number":              {"99999999999999999999", "expression:1:1:"},
		"very deep nesting":          {strings.Repeat("(", 60) + "o.A" + strings.Repeat(")", 60), "nests deeper"},
		"very long text":             {"'" + strings.Repeat("x", 9000) + "'", "longer than 8000"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mapping.ParseExpr(check.text)
			if err == nil || !strings.Contains(err.Error(), check.want) {
				t.Errorf("got %v, want a fault with %q", err, check.want)
			}
		})
	}
}

func TestPrintedExpressionsReadBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := expressions(3).Draw(t, "expression")
		got, err := mapping.ParseExpr(want.String())
		if err != nil {
			t.Fatalf("reading %s: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", want, diff)
		}
	})
}

// expressions draws every form that the text language has, depth deep at most.
func expressions(depth int) *rapid.Generator[mapping.Expr] {
	return rapid.Custom(func(t *rapid.T) mapping.Expr {
		if depth == 0 {
			return leaf(t)
		}
		inner := expressions(depth - 1)
		some := func() []mapping.Expr { return rapid.SliceOfN(inner, 2, 3).Draw(t, "parts") }
		switch rapid.IntRange(0, 7).Draw(t, "form") {
		case 0:
			return &mapping.Call{Function: "coalesce", Args: some()}
		case 1:
			op := rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(t, "operator")
			return &mapping.Compare{Op: op, Left: inner.Draw(t, "left"), Right: inner.Draw(t, "right")}
		case 2:
			return &mapping.Logic{Op: rapid.SampledFrom([]string{"and", "or"}).Draw(t, "operator"), Parts: some()}
		case 3:
			return &mapping.Not{Of: inner.Draw(t, "negated")}
		case 4:
			return &mapping.IsNull{Of: inner.Draw(t, "tested"), Negate: rapid.Bool().Draw(t, "negate")}
		case 5:
			return &mapping.IsTruth{Of: inner.Draw(t, "tested"), Want: rapid.Bool().Draw(t, "want"), Negate: rapid.Bool().Draw(t, "negate")}
		case 6:
			values := []mapping.Literal{{Value: rapid.StringMatching(`[ -~]{0,8}`).Filter(plain).Draw(t, "value")}, {Value: int64(7)}}
			return &mapping.InList{Of: inner.Draw(t, "tested"), Values: values, Negate: rapid.Bool().Draw(t, "negate")}
		}
		return leaf(t)
	})
}

func leaf(t *rapid.T) mapping.Expr {
	switch rapid.IntRange(0, 4).Draw(t, "leaf") {
	case 0:
		return &mapping.Literal{Value: rapid.StringMatching(`[ -~éß']{0,12}`).Filter(plain).Draw(t, "text")}
	case 1:
		return &mapping.Literal{Value: rapid.Int64().Draw(t, "number")}
	case 2:
		return &mapping.Literal{Value: rapid.Bool().Draw(t, "truth")}
	case 3:
		return &mapping.Literal{}
	}
	name := rapid.StringMatching(`[A-Za-z_][A-Za-z0-9_]{0,8}|[A-Z]{2} [0-9#]{2}`).Draw(t, "column")
	return &mapping.Column{Alias: "o", Name: name, Line: 1}
}

// plain keeps out texts that would read as a placeholder.
func plain(text string) bool { return !strings.Contains(text, "${") }

func FuzzParseExpr(f *testing.F) {
	for _, seed := range []string{"o.A = 'x' and not (o.B is null or o.C in (1, 'y'))", `o."a b" is not true`, "substring(o.A, 1, 7) != ''",
		"datetime(o.D, o.T)", "((o.A))", "not not o.A", "o.A is", "'${x}'", "-9223372036854775808"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := mapping.ParseExpr(text)
		if err != nil {
			return
		}
		again, err := mapping.ParseExpr(first.String())
		if err != nil {
			t.Fatalf("%q prints as %q, which is refused: %v", text, first, err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("%q read back (-first +again):\n%s", text, diff)
		}
	})
}
