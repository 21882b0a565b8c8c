package sqlserver_test

import (
	"database/sql/driver"
	"flag"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit/transact"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recorded opens the suite's own tables, empty, over the model, and notes what is sent.
func recorded(t *testing.T) (*sqlsource.Source, func() []string) {
	t.Helper()
	db := transact.New()
	if err := sourcetest.Load(sourcetest.SQLServer, sourcetest.Dataset{}, db.Exec); err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Load("suite.yaml", []byte(sourcetest.MappingYAML()), nil)
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	var all []string
	connector := db.Connector()
	connector.Sent = func(sql string, _ []driver.NamedValue) {
		mutex.Lock()
		defer mutex.Unlock()
		all = append(all, sql)
	}
	source, err := sqlserver.Over(t.Context(), connector, sqlsource.Options{ID: "suite", Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source, func() []string {
		mutex.Lock()
		defer mutex.Unlock()
		return all
	}
}

// everyOperator asks for a kind under a condition with each operator.
func everyOperator(t *testing.T, kind clinical.Kind) sources.Query {
	query := whole(t, kind)
	listed := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}}, clinical.ICD10)
	yes, no := []condition.Value{condition.Bool(true)}, []condition.Value{condition.Bool(false)}
	text, texts := []condition.Value{condition.Text("x")}, []condition.Value{condition.Text("x"), condition.Text("y")}
	query.Parts[0].Condition = condition.Where(
		condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: text}, {Attribute: condition.Code, Op: condition.NotIn, Values: texts}},
		condition.Clause{{Attribute: condition.System, Op: condition.NotEqual, Values: text}, {Attribute: condition.Status, Op: condition.In, Values: texts}},
		condition.Clause{{Attribute: condition.Publisher, Op: condition.Less, Values: text}, {Attribute: condition.Code, Op: condition.GreaterEqual, Values: text}},
		condition.Clause{{Attribute: condition.Date, Op: condition.LessEqual, Values: []condition.Value{condition.Moment(clinical.DateTime{})}}},
		condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: no, Codes: listed},
			{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal, Values: no, Codes: listed.Presuming(condition.PresumesAll)}},
		condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSensitive), Op: condition.Equal, Values: yes}})
	return query
}

// ties asks which records hang together with such as carry a label.
func ties(t *testing.T) (query sources.Query) {
	listed := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}})
	for _, kind := range []clinical.Kind{clinical.KindObservation, clinical.KindMedication} {
		part := whole(t, kind).Parts[0]
		part.Ties = true
		part.Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(true)}, Codes: listed}})
		query.Parts = append(query.Parts, part)
	}
	return query
}

// counted is a set with everything bounded.
func counted() sources.RecordedSet {
	least := 1.5
	return sources.RecordedSet{Kind: clinical.KindObservation, Condition: condition.Always(), From: 18000, Until: 19000, Undated: true,
		Codes: []sources.Code{{System: clinical.SNOMED, Code: "1"}, {Code: "2"}}, Statuses: []clinical.Status{clinical.StatusActive},
		Organisations: []clinical.Text{"F84001"}, Value: sources.ValueBounds{AtLeast: &least, Units: []clinical.Text{"mmol/L"}},
		Wanted: sources.WantDay | sources.WantEnd | sources.WantValue | sources.WantMark | sources.WantOrganisation}
}

// The statements of the suite, as they are sent; what is drawn at random there is made of the same pieces.
func TestStatementsAreSentAsBefore(t *testing.T) {
	source, all := recorded(t)
	if _, err := source.Fetch(t.Context(), whole(t, clinical.KindRegistration)); err != nil {
		t.Fatal(err)
	}
	for _, kind := range clinical.Kinds() {
		if _, err := source.Fetch(t.Context(), whole(t, kind)); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []sources.Query{everyOperator(t, clinical.KindCondition), ties(t)} {
		if _, err := source.Fetch(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	stand := func(clinical.NHSNumber) (clinical.Pseudonym, bool) { return 1, true }
	if err := source.Events(t.Context(), sources.EventQuery{Stand: stand, Sets: []sources.RecordedSet{counted()}}, func(int, sources.Event) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := source.Facts(t.Context(), sources.FactQuery{Stand: stand, Condition: condition.Always()}, func(sources.Facts) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := source.People(t.Context(), func(sources.Membership) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Watermark(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A session's beginning and the first questions about the server come once for each session.
	got := strings.Join(all(), ";\n\n") + "\n"
	if len(all()) < len(clinical.Kinds())+8 {
		t.Fatalf("only %d statements were sent", len(all()))
	}
	const path = "testdata/suite.golden.sql"
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
		t.Errorf("statements changed; renew with -update if that is meant (-want +got):\n%s", diff)
	}
	if found := regexp.MustCompile(`999 ?000 ?0018|F84001|mmol|86406008`).FindString(got); found != "" {
		t.Errorf("a value of a question stands in a statement: %s", found)
	}
}
