package sqlsource_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

var update = flag.Bool("update", false, "write the golden files anew")

// representative asks one of each thing that a statement can be asked.
func representative(t testing.TB) sources.Query {
	narrowed := everything(t, clinical.KindObservation)
	narrowed.Fields = clinical.KindObservation.Descriptor().Set("code", "status", "value")
	narrowed.Filter = sources.Filter{From: date("2019"), Until: date("2021"), Statuses: []clinical.Status{clinical.StatusActive},
		Codes: []sources.Code{{System: clinical.SNOMED, Code: "38341003"}, {Code: "XE0Ub"}, {System: clinical.SNOMED, Code: "1"}}}
	narrowed.Condition = condition.Where(
		condition.Clause{
			{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}},
			{Attribute: condition.Code, Op: condition.NotIn, Values: []condition.Value{condition.Text("1"), condition.Text("2")}},
		},
		condition.Clause{
			{Attribute: condition.Source, Op: condition.Equal, Values: []condition.Value{condition.Text("clinic")}},
			{Attribute: condition.Date, Op: condition.Less, Values: []condition.Value{condition.Moment(date("2020"))}},
		})
	sensitive := everything(t, clinical.KindObservation)
	sensitive.Fields = clinical.KindObservation.Descriptor().Set("encounterId")
	sensitive.Condition = condition.Where(
		condition.Clause{about(clinical.LabelHIV, true, "86406008")}, condition.Clause{about(clinical.LabelSealed, false, "73211009")})
	narrowed.After = sources.Position{Date: date("2020"), Source: "clinic", ID: "o1"}
	registration := everything(t, clinical.KindRegistration)
	conditions := everything(t, clinical.KindCondition)
	conditions.Fields = clinical.KindCondition.Descriptor().Set("code")
	return sources.Query{Parts: []sources.Part{registration, narrowed, conditions, sensitive}}
}

// about is an atom on a label that goes by a list of one code.
func about(label clinical.Label, yes bool, code clinical.Text, covers ...clinical.CodeSystem) condition.Atom {
	return condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal, Values: []condition.Value{condition.Bool(yes)},
		Codes: condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: code}}, append(covers, clinical.ICD10)...)}
}

// silent is a connection that nothing is asked of.
type silent struct{ sqlsource.Connection }

// catalogued is one that is asked for nothing but the clinic's columns, with the types that SQL Server has for them.
type catalogued struct{ silent }

func (catalogued) Query(_ context.Context, _ *sqlsource.Statement, _ []any, each func([]string) error) (int, error) {
	for _, made := range regexp.MustCompile(`(?s)CREATE TABLE "(\w+)" \((.*?)\);`).FindAllStringSubmatch(clinic, -1) {
		for _, column := range regexp.MustCompile(`"(\w+)" (\w+)`).FindAllStringSubmatch(made[2], -1) {
			if err := each([]string{"", made[1], column[1], ofSQLServer(column[2])}); err != nil {
				return 1, err
			}
		}
	}
	return 1, nil
}

func ofSQLServer(word string) string {
	switch word {
	case "BOOL":
		return "bit"
	case "MOMENT":
		return "datetime"
	case "INTEGER":
		return "int"
	case "VARCHAR", "CHAR":
		return strings.ToLower(word) + "/Latin1_General_CI_AS"
	}
	return strings.ToLower(word)
}

func TestStatementsAreWrittenAsBefore(t *testing.T) {
	dialects := map[string]*sqlsource.Dialect{
		"sqlite": sqlite.Dialect(), "postgres": postgres.Dialect(), "mariadb": mysql.Dialect(true), "mysql": mysql.Dialect(false),
		"sqlserver": sqlserver.Dialect(),
	}
	for name, dialect := range dialects {
		t.Run(name, func(t *testing.T) {
			source, err := sqlsource.New(sqlsource.Options{ID: "clinic", Mapping: clinicMapping(t)}, dialect, catalogued{})
			if err != nil {
				t.Fatal(err)
			}
			if dialect.Transact {
				if err := source.LearnTypes(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := strings.Join(source.SQL(representative(t)), ";\n") + "\n"
			path := filepath.Join("testdata", name+".golden.sql")
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
				t.Errorf("statement changed; renew with -update if that is meant (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAStatementDependsOnTheShapeOfAQuestionAndOnNoValue(t *testing.T) {
	source, err := sqlsource.New(sqlsource.Options{ID: "clinic", Mapping: clinicMapping(t)}, postgres.Dialect(), silent{})
	if err != nil {
		t.Fatal(err)
	}
	one, two := representative(t), representative(t)
	part := &two.Parts[1]
	part.Person = person(t, "9990000026")
	part.Limit, part.After.ID, part.After.Date = 3, "x' OR ''='", clinical.DateTime{}
	part.Filter.From, part.Filter.Statuses[0], part.Filter.Codes[1].Code = date("1999-02-03"), "x'; DROP", "'; --"
	part.Condition = condition.Where(
		condition.Clause{
			{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}},
			{Attribute: condition.Code, Op: condition.NotIn, Values: []condition.Value{condition.Text("'"), condition.Text("\\")}},
		}, part.Condition.Clauses()[1])
	two.Parts[3].Condition = condition.Where(
		condition.Clause{about(clinical.LabelHIV, true, "' OR ''='")}, condition.Clause{about(clinical.LabelSealed, false, "\"]")})
	if diff := cmp.Diff(source.SQL(one), source.SQL(two)); diff != "" {
		t.Errorf("other values, another statement:\n%s", diff)
	}
	two.Parts[1].Filter.Codes[2].System = ""
	if cmp.Equal(source.SQL(one), source.SQL(two)) {
		t.Error("codes of other systems are looked for in the same way")
	}
	two = representative(t)
	clauses := two.Parts[3].Condition.Clauses()
	clauses[1][0].Codes = clauses[0][0].Codes
	if cmp.Equal(source.SQL(one), source.SQL(two)) {
		t.Error("one list and two lists make the same statement")
	}
	for what, other := range map[string]func(*condition.Codes) *condition.Codes{
		"presumes":         func(c *condition.Codes) *condition.Codes { return c.Presuming(condition.PresumesAll) },
		"presumes silence": func(c *condition.Codes) *condition.Codes { return c.Presuming(condition.PresumesSilence) },
		"covers more": func(*condition.Codes) *condition.Codes {
			return about(clinical.LabelHIV, true, "1", clinical.OPCS4).Codes
		},
		"covers something": func(*condition.Codes) *condition.Codes { return condition.NewCodes(nil, clinical.OPCS4) },
		"is not there":     func(*condition.Codes) *condition.Codes { return nil },
	} {
		two = representative(t)
		atom := &two.Parts[3].Condition.Clauses()[0][0]
		if atom.Codes = other(atom.Codes); cmp.Equal(source.SQL(representative(t)), source.SQL(two)) {
			t.Errorf("a list that %s makes the same statement", what)
		}
	}
}

func TestOnlyWhatIsAskedForIsSelected(t *testing.T) {
	source, err := sqlsource.New(sqlsource.Options{ID: "clinic", Mapping: clinicMapping(t)}, sqlite.Dialect(), silent{})
	if err != nil {
		t.Fatal(err)
	}
	part := everything(t, clinical.KindRegistration)
	part.Fields = clinical.KindRegistration.Descriptor().Set("birthDate")
	sql := source.SQL(sources.Query{Parts: []sources.Part{part}})[0]
	for _, column := range []string{"Surname", "Sex", "Practice"} {
		if strings.Contains(sql, column) {
			t.Errorf("%s is read although nobody asked for it:\n%s", column, sql)
		}
	}
}
