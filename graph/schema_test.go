package graph_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/graph"
	"onelondon/graph/scalars"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

var update = flag.Bool("update", false, "write schema.golden.txt anew")

func schema() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() }

// ownTypes are the types that schema.graphqls defines, by name.
func ownTypes() []*ast.Definition {
	var types []*ast.Definition
	for name, definition := range schema().Types {
		if !definition.BuiltIn && !strings.HasPrefix(name, "__") {
			types = append(types, definition)
		}
	}
	slices.SortFunc(types, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return types
}

// TestSchemaIsTheOnePublished keeps one line for each field, so that a change which breaks a client is seen as one.
func TestSchemaIsTheOnePublished(t *testing.T) {
	var b strings.Builder
	for _, definition := range ownTypes() {
		fmt.Fprintf(&b, "%s %s%s\n", strings.ToLower(string(definition.Kind)), definition.Name, implemented(definition))
		for _, field := range definition.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				fmt.Fprintf(&b, "%s.%s%s: %s\n", definition.Name, field.Name, argumentList(field), field.Type)
			}
		}
		for _, value := range definition.EnumValues {
			fmt.Fprintf(&b, "%s.%s\n", definition.Name, value.Name)
		}
	}
	if *update {
		if err := os.WriteFile("schema.golden.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("schema.golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), b.String()); diff != "" {
		t.Errorf("the schema has changed; go test ./graph -update accepts it (-published +now):\n%s", diff)
	}
}

func implemented(definition *ast.Definition) string {
	if len(definition.Interfaces) == 0 {
		return ""
	}
	return " implements " + strings.Join(definition.Interfaces, " & ")
}

func argumentList(field *ast.FieldDefinition) string {
	if len(field.Arguments) == 0 {
		return ""
	}
	arguments := make([]string, len(field.Arguments))
	for i, argument := range field.Arguments {
		arguments[i] = argument.Name + ": " + argument.Type.String()
		if argument.DefaultValue != nil {
			arguments[i] += " = " + argument.DefaultValue.String()
		}
	}
	return "(" + strings.Join(arguments, ", ") + ")"
}

func TestEverythingIsDescribedInSentences(t *testing.T) {
	demand := func(what, description string) {
		if !strings.HasSuffix(description, ".") || len(description) < 4 {
			t.Errorf("%s: description %q does not end in a full stop", what, description)
		}
	}
	for _, definition := range ownTypes() {
		demand(definition.Name, definition.Description)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			demand(definition.Name+"."+field.Name, field.Description)
			for _, argument := range field.Arguments {
				demand(definition.Name+"."+field.Name+"."+argument.Name, argument.Description)
			}
		}
		for _, value := range definition.EnumValues {
			demand(definition.Name+"."+value.Name, value.Description)
		}
	}
}

func TestNamesFollowTheHouseStyle(t *testing.T) {
	typeName := regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
	fieldName := regexp.MustCompile(`^[a-z][A-Za-z]*$`)
	valueName := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	demand := func(name string, pattern *regexp.Regexp) {
		if !pattern.MatchString(name) {
			t.Errorf("%q does not match %s", name, pattern)
		}
	}
	for _, definition := range ownTypes() {
		demand(definition.Name, typeName)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			demand(field.Name, fieldName)
			for _, argument := range field.Arguments {
				demand(argument.Name, fieldName)
			}
		}
		for _, value := range definition.EnumValues {
			demand(value.Name, valueName)
		}
	}
}

func TestListsThatGrowAreConnections(t *testing.T) {
	for _, owner := range []string{"Query", "Patient", "MyRecord"} {
		for _, field := range schema().Types[owner].Fields {
			first := field.Arguments.ForName("first")
			if strings.HasSuffix(field.Type.Name(), "Connection") != (first != nil) {
				t.Errorf("%s.%s: a connection has the argument first, and nothing else has", owner, field.Name)
			}
			if first != nil && (first.Type.String() != "Int!" || first.DefaultValue.String() != "20") {
				t.Errorf("%s.%s: first is Int! = 20", owner, field.Name)
			}
		}
	}
}

func TestEnumsAreTheListsOfTheProgram(t *testing.T) {
	for enum, want := range map[string][]string{
		"RecordStatus":         named(clinical.Statuses()),
		"CodeSystem":           named(clinical.CodeSystems()),
		"EncounterClass":       named(clinical.EncounterClasses()),
		"AdministrativeGender": named(clinical.Genders()),
		"SourceOutcome":        named(gate.Outcomes()),
		"WarningKind":          named(gate.WarningKinds()),
		"SourceHealth":         named(scalars.Healths()),
		"ConflictKind":         named(scalars.ConflictKinds()),
		"PlanStanding":         named(gate.PlanStandings()),
		"RecordKind":           kindNames(),
		"Authority":            named(gate.Authorities()),
		"ObjectionStanding":    named(gate.ObjectionStandings()),
		"OptOutList":           named(gate.OptOutLists()),
		"OptOutStanding":       named(gate.OptOutStandings()),
		"PreferenceEffect":     named(gate.Effects()),
		"PartyKind":            named(gate.PartyKinds()),
		"SensitiveCategory":    categoryNames(),
		"AccessEvent":          named(gate.AccessEvents()),
		"AccessOutcome":        named(gate.AccessOutcomes()),
	} {
		var got []string
		for _, value := range schema().Types[enum].EnumValues {
			got = append(got, value.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("enum %s (-program +schema):\n%s", enum, diff)
		}
	}
}

func named[S ~string](values []S) []string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = string(value)
	}
	return names
}

func kindNames() []string {
	var names []string
	for _, kind := range clinical.Kinds() {
		names = append(names, scalars.KindName(kind))
	}
	return names
}

func categoryNames() []string {
	var names []string
	for _, category := range clinical.Categories() {
		names = append(names, scalars.CategoryName(category))
	}
	return names
}

// TestEveryMutationHasOneInputAndAPayload holds mutations to one shape. A payload may be null: what one mutation refuses must
// not take away what another one of the same document did.
func TestEveryMutationHasOneInputAndAPayload(t *testing.T) {
	for _, field := range schema().Mutation.Fields {
		name := strings.ToUpper(field.Name[:1]) + field.Name[1:]
		if got := argumentList(field); got != "(input: "+name+"Input!)" {
			t.Errorf("Mutation.%s takes %s", field.Name, got)
		}
		if got := field.Type.String(); got != name+"Payload" {
			t.Errorf("Mutation.%s gives %s", field.Name, got)
		}
	}
}

func TestFieldsOfRecordsAreTheFieldsOfTheProgram(t *testing.T) {
	for _, kind := range clinical.Kinds() {
		own := map[string]bool{"id": true, "provenance": true}
		if kind != clinical.KindRegistration {
			own["contributors"] = true
		}
		for i := range kind.Descriptor().Fields {
			own[kind.Descriptor().Fields[i].Name] = true
		}
		for _, name := range fieldNames(kind) {
			if !own[name] {
				t.Errorf("%s.%s is in the schema and not in the descriptor", kind, name)
			}
			delete(own, name)
		}
		for name := range own {
			t.Errorf("%s.%s is in the descriptor and not in the schema", kind, name)
		}
	}
}

// fieldNames are the fields that the schema shows of a kind, those of a plan's groups by the names of the descriptor.
func fieldNames(kind clinical.Kind) (names []string) {
	for _, field := range schema().Types[kind.String()].Fields {
		if kind != clinical.KindUrgentCarePlan || !slices.Contains(clinical.PlanGroups(), field.Name) {
			names = append(names, field.Name)
			continue
		}
		for _, member := range schema().Types[field.Type.Name()].Fields {
			names = append(names, clinical.Grouped(field.Name, member.Name))
		}
	}
	return names
}
