package sqlserver_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"sync"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/testkit/transact"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

func TestTrafficIsEncryptedAndTheServerProvesWhoItIs(t *testing.T) {
	for dsn, want := range map[string]msdsn.Encryption{
		"sqlserver://reader:word@sql.example:1433?database=EMIS":                         msdsn.EncryptionRequired,
		"sqlserver://reader:word@sql.example?database=EMIS&encrypt=strict":               msdsn.EncryptionStrict,
		"sqlserver://reader:word@sql.example?Database=EMIS&Encrypt=true":                 msdsn.EncryptionRequired,
		"sqlserver://reader:word@127.0.0.1?database=EMIS&encrypt=disable":                msdsn.EncryptionDisabled,
		"sqlserver://reader:word@localhost?database=EMIS&trustservercertificate=true":    msdsn.EncryptionRequired,
		"sqlserver://reader:word@sql.example/EMISINSTANCE?database=EMIS&app+name=boards": msdsn.EncryptionRequired,
	} {
		config, err := sqlserver.ConfigOf(dsn)
		if err != nil || config.Encryption != want || !config.ReadOnlyIntent || config.Database != "EMIS" || config.LogFlags != 0 {
			t.Errorf("%s: encryption %v, read-only intent %v, database %q, logs %v, %v", dsn, config.Encryption, config.ReadOnlyIntent,
				config.Database, config.LogFlags, err)
		}
		if !strings.Contains(dsn, "trust") && want != msdsn.EncryptionDisabled && (config.TLSConfig == nil || config.TLSConfig.InsecureSkipVerify) {
			t.Errorf("%s: the certificate is not checked", dsn)
		}
	}
	for dsn, why := range map[string]string{
		"sqlserver://reader:secret@sql.example?database=EMIS&encrypt=false":               "in clear",
		"sqlserver://reader:secret@sql.example?database=EMIS&encrypt=disable":             "in clear",
		"sqlserver://reader:secret@sql.example?database=EMIS&TrustServerCertificate=true": "any certificate",
		"sqlserver://reader:secret@sql.example":                                           "no database",
		"server=sql.example;user id=reader;password=secret;database=EMIS":                 "cannot be read",
		"sqlserver://reader:secret@sql.example?database=EMIS&encrypt=perhaps":             "cannot be read",
		"sqlserver://reader:sec%ret@sql.example?database=EMIS":                            "cannot be read",
	} {
		_, err := sqlserver.Open(t.Context(), sqlsource.Options{ID: "emis", DSN: dsn, Mapping: &mapping.Mapping{}})
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", dsn, err, why)
		}
	}
}

func TestAnErrorIsOfItsKindAndHoldsNoValue(t *testing.T) {
	for number, kind := range map[int32]error{207: sources.ErrSchema, 208: sources.ErrSchema, 229: sqlsource.ErrDenied, 262: sqlsource.ErrDenied,
		468: sources.ErrSchema, 8114: sources.ErrSchema, 3906: sqlsource.ErrReadOnly, 1222: context.DeadlineExceeded,
		1205: sources.ErrUnavailable, 18456: sources.ErrUnavailable, 4060: sources.ErrUnavailable} {
		err := sqlserver.Classify(mssql.Error{Number: number, Class: 16, Message: "value 9990000018"})
		if !errors.Is(err, kind) || number != 207 && number != 208 && strings.Contains(err.Error(), "999") {
			t.Errorf("error %d is %v, want %v", number, err, kind)
		}
	}
	if err := sqlserver.Classify(mssql.Error{Number: 1, Class: 20}); !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("an error that ends the session is %v", err)
	}
	if err := sqlserver.Classify(errors.New("dial tcp: 9990000018")); !errors.Is(err, sources.ErrUnavailable) || strings.Contains(err.Error(), "999") {
		t.Errorf("an error of the network is %v", err)
	}
	if err := sqlserver.Classify(mssql.Error{Number: 50000, Class: 16, Message: "999"}); err == nil || strings.Contains(err.Error(), "999") {
		t.Errorf("an unknown error is %v", err)
	}
}

// The plan is as the server's own schema of plans (showplanxml.xsd) has it.
const plan = `<?xml version="1.0" encoding="utf-16"?>
<ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan" Version="1.564"><BatchSequence><Batch><Statements><StmtSimple>
<QueryPlan><RelOp PhysicalOp="Nested Loops" LogicalOp="Inner Join"><NestedLoops>
<RelOp PhysicalOp="Index Seek"><IndexScan><Object Table="[Patient]" Index="[nhs]" Alias="[p]"/></IndexScan></RelOp>
<RelOp PhysicalOp="Constant Scan"><ConstantScan/></RelOp>
<RelOp PhysicalOp="HOW"><IndexScan><Object Table="[Obs]" Index="[PK]"/></IndexScan></RelOp>
</NestedLoops></RelOp></QueryPlan></StmtSimple></Statements></Batch></BatchSequence></ShowPlanXML>`

func TestAPlanTellsWhichTableIsReadFromEndToEnd(t *testing.T) {
	for how, want := range map[string]string{"Clustered Index Scan": "Obs", "Table Scan": "Obs", "Index Scan": "Obs", "Index Seek": "", "Clustered Index Seek": ""} {
		table, whole := sqlserver.Scans([]string{strings.Replace(plan, "HOW", how, 1)})
		if table != want || whole != (want != "") {
			t.Errorf("%s: %q, %v", how, table, whole)
		}
	}
	for _, broken := range []string{"", "<", "<ShowPlanXML>"} {
		if table, whole := sqlserver.Scans([]string{broken}); whole {
			t.Errorf("%q reads %s", broken, table)
		}
	}
}

const few = `
system: few
title: Few
person:
  from: Patient as p
  nhs_number: p.Nhs
  organisation: {code: p.Practice}
records:
  Registration:
    - {id: p.Id, labels: {sealed: false}, fields: {familyName: p.Name, birthDate: p.Born}}
  Observation:
    - from: Obs as o
      person: o.PatientId = p.Id
      id: o.Id
      labels: {sealed: false}
      fields:
        code: {codings: [{system: SNOMED_CT, code: o.Code}]}
        date: {from: o.Taken, type: datetime}
        value: o.Amount
        note: o.Words
`

// sent opens a source over the model and notes what is sent to it.
func sent(t *testing.T, statements ...string) (*sqlsource.Source, func() []string) {
	t.Helper()
	db := transact.New()
	for _, statement := range append([]string{
		"CREATE TABLE [Patient] ([Id] int, [Nhs] char(12), [Practice] char(10), [Name] nvarchar(40), [Born] date)",
		"CREATE TABLE [Obs] ([Id] uniqueidentifier_, [PatientId] int, [Code] bigint, [Taken] datetime, [Amount] float, [Words] nvarchar(max))"}, statements...) {
		if err := db.Exec(strings.Replace(statement, "uniqueidentifier_", "nvarchar(40)", 1)); err != nil {
			t.Fatal(err)
		}
	}
	m, err := mapping.Load("few.yaml", []byte(few), nil)
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	var all []string
	connector := db.Connector()
	connector.Sent = func(sql string, args []driver.NamedValue) {
		mutex.Lock()
		defer mutex.Unlock()
		for _, arg := range args {
			if text, ok := arg.Value.(string); ok {
				sql += "\n<- " + text
			}
		}
		all = append(all, sql)
	}
	source, err := sqlserver.Over(t.Context(), connector, sqlsource.Options{ID: "few", Mapping: m})
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

func number(t *testing.T) clinical.NHSNumber {
	t.Helper()
	found, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func whole(t *testing.T, kind clinical.Kind) sources.Query {
	return sources.Query{Caller: sources.Caller{ID: "dr-1", Organisation: "F84001", Role: "R0260", Purpose: "TREAT", RequestID: "r-1"},
		Parts: []sources.Part{{Kind: kind, Person: number(t), Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 10}}}
}

func TestTypesBecomeTheTextThatOtherDatabasesGive(t *testing.T) {
	source, _ := sent(t, "INSERT INTO [Patient] VALUES (1, '9990000018', 'F84001', N'O''Neil', '1961-02-03')",
		"INSERT INTO [Obs] VALUES (N'a', 1, 38341003, '2019-04-03 10:22:00', 140.5, N'"+strings.Repeat("long ", 2000)+"')",
		"INSERT INTO [Obs] VALUES (N'b', 1, 38341003, NULL, 1234567, NULL), (N'c', 1, 999000011000001104, '1900-01-01', 0.0001, N' ')")
	answer, err := source.Fetch(t.Context(), whole(t, clinical.KindObservation))
	if err != nil {
		t.Fatal(err)
	}
	got := map[clinical.Text]*clinical.Observation{}
	for _, record := range answer.Parts[0].Records {
		got[record.About().ID] = record.(*clinical.Observation)
	}
	if len(got) != 3 || got["a"].Value != "140.5" || got["b"].Value != "1234567" || got["c"].Value != "0.0001" {
		t.Errorf("values are wrong: %v", got)
	}
	if got["a"].Date.String() != "2019-04-03T10:22:00" || !got["b"].Date.IsZero() || got["c"].Code.Coding.Code != "999000011000001104" {
		t.Errorf("date %s, %s; code %s", got["a"].Date, got["b"].Date, got["c"].Code.Coding.Code)
	}
	if len(got["a"].Note) != 10_000 || got["a"].Organisation.Code != "F84001" {
		t.Errorf("a text of %d letters, organisation %q", len(got["a"].Note), got["a"].Organisation.Code)
	}
}

func TestEveryStatementSaysWhoAsks(t *testing.T) {
	source, all := sent(t, "INSERT INTO [Patient] VALUES (1, '9990000018', 'F84001', N'O''Neil', '1961-02-03')")
	const caller = "<- onelondon request=r-1 id=dr-1 org=F84001 role=R0260 purpose=TREAT "
	if _, err := source.Fetch(t.Context(), whole(t, clinical.KindRegistration)); err != nil {
		t.Fatal(err)
	}
	if statements := all(); !strings.HasPrefix(statements[len(statements)-1], "EXEC sys.sp_set_session_context N'onelondon.caller', @p1;\n") ||
		!strings.Contains(statements[len(statements)-1], caller) {
		t.Errorf("the question does not say who asks: %s", statements[len(statements)-1])
	}
	stand := func(clinical.NHSNumber) (clinical.Pseudonym, bool) { return 1, true }
	err := source.Events(t.Context(), sources.EventQuery{Caller: whole(t, 0).Caller, Stand: stand, Sets: []sources.RecordedSet{{
		Kind: clinical.KindObservation, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay,
		Codes: []sources.Code{{System: clinical.SNOMED, Code: "1"}}}}}, func(int, sources.Event) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if statements := all(); !strings.Contains(statements[len(statements)-1], caller) {
		t.Errorf("a count does not say who asks: %s", statements[len(statements)-1])
	}
	if err := source.People(t.Context(), func(sources.Membership) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if statements := all(); !strings.HasPrefix(statements[len(statements)-1], "EXEC sys.sp_set_session_context N'onelondon.caller', NULL;\n") {
		t.Errorf("the listing of people goes by the caller before it: %s", statements[len(statements)-1])
	}
	for _, statement := range all() {
		if strings.Contains(strings.Split(statement, "\n<- ")[0], "9990000018") {
			t.Errorf("an NHS number stands in a statement: %s", statement)
		}
	}
}

func TestLongListsAreOneValue(t *testing.T) {
	source, all := sent(t)
	query := whole(t, clinical.KindObservation)
	for i := range 5000 {
		query.Parts[0].Filter.Codes = append(query.Parts[0].Filter.Codes, sources.Code{System: clinical.SNOMED, Code: clinical.Text(strings.Repeat("1", 6+i%9))})
	}
	if _, err := source.Fetch(t.Context(), query); err != nil {
		t.Fatal(err)
	}
	statements := all()
	if last := statements[len(statements)-1]; strings.Count(last, "\n<- ") > 10 {
		t.Errorf("5,000 codes are %d values", strings.Count(last, "\n<- "))
	}
	for _, parts := range []int{1, 100, 400} {
		query = whole(t, clinical.KindObservation)
		for range parts - 1 {
			query.Parts = append(query.Parts, query.Parts[0])
		}
		var values []condition.Value
		for range 60 {
			values = append(values, condition.Text("x"))
		}
		for i := range query.Parts {
			query.Parts[i].Condition = condition.Where(condition.Clause{{Attribute: condition.Code, Op: condition.NotIn, Values: values}})
		}
		if _, err := source.Fetch(t.Context(), query); err != nil { // the model refuses more than 2,100
			t.Errorf("%d parts of 60 values: %v", parts, err)
		}
	}
}

func TestASessionIsSetUpAsTheDialectNeedsIt(t *testing.T) {
	_, all := sent(t)
	first := all()[0]
	for _, line := range []string{"SET DATEFORMAT ymd", "SET LANGUAGE us_english", "SET LOCK_TIMEOUT 5000", "SET DEADLOCK_PRIORITY LOW",
		"CONCAT_NULL_YIELDS_NULL", "ISOLATION LEVEL SNAPSHOT ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED"} {
		if !strings.Contains(first, line) {
			t.Errorf("a session does not begin with %s: %s", line, first)
		}
	}
	if strings.Contains(first, "UNCOMMITTED") {
		t.Error("a session reads what is not committed")
	}
}
