package scaffold_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/scaffold"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// published reads a list of real tables and columns. Columns that differ in case alone are one.
func published(t *testing.T, schema string) (names []string, columns map[string][][2]string) {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "schemas/"+schema+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns = map[string][][2]string{}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		table, column := row[1], strings.TrimPrefix(row[3], "#")
		if columns[table] == nil {
			names = append(names, table)
		}
		if key := strings.ToLower(table + "." + column); !seen[key] {
			seen[key] = true
			columns[table] = append(columns[table], [2]string{column, row[4]})
		}
	}
	return names, columns
}

// complete adds to a database the published tables that it does not have, with rows made up by the type of each column. It
// returns how many it added.
func complete(t *testing.T, db *sql.DB, schema string) int {
	t.Helper()
	names, columns := published(t, schema)
	random := rand.New(rand.NewPCG(1, 2))
	added := 0
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, name := range names {
		var there int
		if err := tx.QueryRow("SELECT COUNT(*) FROM sqlite_schema WHERE lower(name) = lower(?)", name).Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there > 0 {
			continue
		}
		added++
		var made []string
		for _, column := range columns[name] {
			typ := column[1]
			if typ == "" {
				typ = "text"
			}
			made = append(made, quoted(column[0])+" "+quoted(typ))
		}
		if _, err := tx.Exec("CREATE TABLE " + quoted(name) + " (" + strings.Join(made, ", ") + ")"); err != nil {
			t.Fatal(err)
		}
		insert := "INSERT INTO " + quoted(name) + " VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(made)), ", ") + ")"
		for row := range 20 {
			var values []any
			for _, column := range columns[name] {
				values = append(values, invented(random, row, column[0], column[1]))
			}
			if _, err := tx.Exec(insert, values...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return added
}

// invented is a value of a column's type. A type of text holds dates where the column says date, and NHS numbers where it says
// so in full; identifiers count from the same number in every table, so that they agree with each other and tell nothing;
// anything else is a number or a few letters, so that the guess has nothing but the name to go by.
func invented(random *rand.Rand, row int, name, typ string) any {
	typ, name = strings.ToLower(typ), strings.ToLower(name)
	plain := strings.NewReplacer("_", "", " ", "").Replace(name)
	switch {
	case strings.Contains(plain, "pseudo") || strings.Contains(plain, "hash"):
		return fmt.Sprintf("%016x", random.Uint64())
	case strings.HasSuffix(plain, "nhsnumber") || strings.HasSuffix(plain, "nhsnbrident") || strings.HasSuffix(plain, "nhsno"):
		return nhsNumber(random)
	case strings.HasSuffix(plain, "id") || strings.HasPrefix(name, "id") || strings.HasSuffix(plain, "guid") || strings.HasSuffix(plain, "identifier"):
		return 1001 + row
	case strings.Contains(typ, "bool") || strings.HasPrefix(typ, "bit"):
		return random.IntN(2)
	case strings.Contains(typ, "date") || strings.Contains(typ, "timestamp") || strings.Contains(plain, "date") || strings.Contains(plain, "dttm"):
		return fmt.Sprintf("20%02d-%02d-%02d", random.IntN(25), 1+random.IntN(12), 1+random.IntN(28))
	case strings.Contains(typ, "int") || strings.Contains(typ, "numeric") || strings.Contains(typ, "decimal") || strings.Contains(typ, "number"):
		return 1_000_000 + random.IntN(9_000_000)
	case strings.Contains(typ, "uuid") || strings.Contains(typ, "uniqueidentifier"):
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), random.Uint32())
	}
	return string(rune('a'+random.IntN(26))) + string(rune('a'+random.IntN(26))) + fmt.Sprint(random.IntN(1_000_000))
}

// nhsNumber is one of the range that is never given to anybody.
func nhsNumber(random *rand.Rand) string {
	for {
		number := fmt.Sprintf("999%07d", random.IntN(10_000_000))
		if _, err := clinical.ParseNHSNumber(number); err == nil {
			return number
		}
	}
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// subject is a system whose mapping was written by hand.
type subject struct {
	file, schema, database string // database is a file of the demo site, empty where rows are made up
	heldOut                bool
}

func subjects() []subject {
	return []subject{
		{"emis-web.yaml", "emis_im1_extract_v8_2", "emis", false},
		{"tpp-systmone.yaml", "tpp_systmone_extract", "systmone", false},
		{"discovery-compass-v2.yaml", "discovery_compass_v2", "discovery", false},
		{"bhrut-pas.yaml", "bhrut_pas", "pas", false},
		{"cerner-millennium.yaml", "barts_cerner_millennium", "barts-millennium", true},
		{"omop-cdm-5.4.yaml", "omop_cdm_5_4", "omop", true},
	}
}

func TestScore(t *testing.T) {
	dir := t.TempDir()
	if _, err := london.Build(t.Context(), dir, london.Options{People: 150}); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.sqlite"))
	t.Log(files)
	only := os.Getenv("ONLY")
	for _, s := range subjects() {
		if only != "" && !strings.Contains(s.file, only) {
			continue
		}
		t.Run(s.file, func(t *testing.T) { score(t, dir, s) })
	}
}

func score(t *testing.T, dir string, s subject) {
	path := filepath.Join(t.TempDir(), "store.sqlite")
	if s.database == "omop" {
		loadOMOP(t, path)
	} else if s.database != "" {
		files, _ := filepath.Glob(filepath.Join(dir, "*"+s.database+"*.sqlite"))
		if len(files) == 0 {
			t.Fatal("no database like ", s.database)
		}
		path = files[0]
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	complete(t, db, s.schema)
	db.Close()
	text := drafted(t, path)
	if out := os.Getenv("DRAFTS"); out != "" {
		os.WriteFile(filepath.Join(out, s.file), text, 0o600)
	}
	parameters := map[string]string{}
	for _, name := range []string{"organisation", "organisation_name", "nhs_number_table"} {
		parameters[name] = "x"
	}
	guessed := loaded(t, "draft.yaml", text, parameters)
	hand, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples/london/mappings", s.file))
	if err != nil {
		t.Fatal(err)
	}
	want := loaded(t, s.file, hand, parameters)
	r := compared(want, guessed)
	t.Log("\n" + r.String())
	if os.Getenv("DETAIL") != "" {
		t.Log("\n" + strings.Join(r.detail, "\n"))
	}
}

// loadOMOP makes an OMOP store of a published export of made-up people.
func loadOMOP(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	loader, err := seed.OpenTables(t.Context(), db, seed.SQLite, seed.OMOP)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"person", "visit_occurrence", "condition_occurrence", "drug_exposure", "procedure_occurrence", "observation", "death", "concept",
		"observation_period", "location"} {
		file, err := os.Open(testkit.Shared(t, "data/omop-synthea27nj/"+strings.ToUpper(table)+".csv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := loader.LoadCSV(t.Context(), table, unzipped); err != nil {
			t.Fatal(err)
		}
	}
	if err := loader.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func drafted(t *testing.T, path string) []byte {
	t.Helper()
	source, err := sqlite.Open(context.Background(), sqlsource.Options{ID: "unknown", DSN: path, Mapping: &mapping.Mapping{System: "unknown"}})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c, err := scaffold.Survey(t.Context(), source, scaffold.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return scaffold.Guess(c, "unknown", "An unknown system").YAML()
}

// loaded loads a mapping with those of the parameters that it lists.
func loaded(t *testing.T, name string, text []byte, parameters map[string]string) *mapping.Mapping {
	t.Helper()
	given := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "parameters: ["); ok {
			list, _, _ = strings.Cut(list, "]")
			for _, name := range strings.Split(list, ", ") {
				given[name] = parameters[name]
			}
		}
	}
	m, err := mapping.Load(name, text, given)
	if err != nil {
		t.Fatalf("\n%v", err)
	}
	return m
}

// result is what a draft got right.
type result struct {
	number                       bool
	kinds, kindsFound, invented  int
	fields, right, wrong, missed int
	extra, sets                  int
	joins, joinsFound            int
	detail                       []string
}

func (r *result) String() string {
	return fmt.Sprintf("NHS number %v; kinds %d of %d (%d more); fields %d right, %d wrong, %d missed of %d (%d more); joins %d of %d; %d sets more",
		r.number, r.kindsFound, r.kinds, r.invented, r.right, r.wrong, r.missed, r.fields, r.extra, r.joinsFound, r.joins, r.sets)
}

type columnSet map[string]bool

func compared(want, got *mapping.Mapping) *result {
	r := &result{number: samePeople(want, got)}
	for _, kind := range clinical.Kinds() {
		w, g := want.Records[kind], got.Records[kind]
		switch {
		case len(w) == 0 && len(g) > 0:
			r.invented++
			r.detail = append(r.detail, "MORE "+kind.String()+" from "+g[0].From.Name)
		case len(w) > 0:
			r.kinds++
			if overlap(tablesOf(want, w), fromOf(g)) {
				r.kindsFound++
			} else {
				r.detail = append(r.detail, fmt.Sprintf("KIND %s want %v got %v", kind, slices.Sorted(maps.Keys(tablesOf(want, w))), slices.Sorted(maps.Keys(fromOf(g)))))
			}
			r.compareFields(kind, fieldColumns(want, w, false), fieldColumns(got, r.matching(tablesOf(want, w), g), true))
		}
	}
	wanted, found := joinsOf(want), joinsOf(got)
	r.joins = len(wanted)
	for join := range wanted {
		if found[join] {
			r.joinsFound++
		} else {
			r.detail = append(r.detail, "JOIN "+join)
		}
	}
	return r
}

// matching are the draft's sets of tables that the hand-written mapping reads too; the others are counted.
func (r *result) matching(tables columnSet, got []mapping.RecordSet) []mapping.RecordSet {
	var same []mapping.RecordSet
	for i := range got {
		if tables[strings.ToLower(got[i].From.Name)] {
			same = append(same, got[i])
		} else {
			r.sets++
			r.detail = append(r.detail, "SET "+got[i].Kind.String()+" from "+got[i].From.Name)
		}
	}
	return same
}

// compareFields counts a field as right where the draft's first column is one that the hand-written mapping reads for it.
func (r *result) compareFields(kind clinical.Kind, want, got map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if len(want[name]) == 0 {
			continue
		}
		r.fields++
		switch {
		case len(got[name]) == 0:
			r.missed++
			r.detail = append(r.detail, fmt.Sprintf("MISSED %s.%s want %v", kind, name, want[name]))
		case slices.ContainsFunc(got[name], func(first string) bool { return slices.Contains(want[name], first) }):
			r.right++
		default:
			r.wrong++
			r.detail = append(r.detail, fmt.Sprintf("WRONG %s.%s want %v got %v", kind, name, want[name], got[name]))
		}
	}
	for name, columns := range got {
		if len(want[name]) == 0 && len(columns) > 0 {
			r.extra++
			r.detail = append(r.detail, fmt.Sprintf("EXTRA %s.%s got %v", kind, name, columns))
		}
	}
}

func overlap(a, b columnSet) bool {
	for key := range a {
		if b[key] {
			return true
		}
	}
	return false
}

// samePeople reports whether the draft reads the NHS number from a column of that name in one of the tables by which the
// hand-written mapping finds people: some systems write it in two of them.
func samePeople(want, got *mapping.Mapping) bool {
	tables := columnSet{}
	for _, table := range scopeOf(&want.Person, nil) {
		tables[table] = true
	}
	name := func(m *mapping.Mapping) *mapping.Column { return columnsOf(m.Person.NHSNumber)[0] }
	return tables[scopeOf(&got.Person, nil)[name(got).Alias]] && strings.EqualFold(name(want).Name, name(got).Name)
}

func fromOf(sets []mapping.RecordSet) columnSet {
	all := columnSet{}
	for i := range sets {
		all[strings.ToLower(sets[i].From.Name)] = true
	}
	return all
}

func tablesOf(m *mapping.Mapping, sets []mapping.RecordSet) columnSet {
	all := columnSet{}
	for _, join := range m.Person.Joins {
		all[strings.ToLower(join.Name)] = true
	}
	for i := range sets {
		all[strings.ToLower(sets[i].From.Name)] = true
		for _, join := range sets[i].Joins {
			all[strings.ToLower(join.Name)] = true
		}
	}
	return all
}

func scopeOf(person *mapping.Person, set *mapping.RecordSet) map[string]string {
	scope := map[string]string{person.From.Alias: strings.ToLower(person.From.Name)}
	for _, join := range person.Joins {
		scope[join.Alias] = strings.ToLower(join.Name)
	}
	if set != nil {
		scope[set.From.Alias] = strings.ToLower(set.From.Name)
		for _, join := range set.Joins {
			scope[join.Alias] = strings.ToLower(join.Name)
		}
	}
	return scope
}

// fieldColumns lists the columns that each field reads, or the first of them in each set.
func fieldColumns(m *mapping.Mapping, sets []mapping.RecordSet, first bool) map[string][]string {
	all := map[string][]string{}
	for i := range sets {
		scope := scopeOf(&m.Person, &sets[i])
		for name, field := range sets[i].Fields {
			exprs := []mapping.Expr{field.Value}
			if field.Date != nil {
				exprs = append(exprs, field.Date.From)
			}
			if field.Concept != nil {
				for _, coding := range field.Concept.Codings {
					exprs = append(exprs, coding.Code, coding.Display)
				}
				exprs = append(exprs, field.Concept.Text)
			}
			columns := ofAll(exprs...)
			if first {
				columns = columns[:min(1, len(columns))]
			}
			{
				for _, column := range columns {
					if key := scope[column.Alias] + "." + strings.ToLower(column.Name); !slices.Contains(all[name], key) {
						all[name] = append(all[name], key)
					}
				}
			}
		}
	}
	return all
}

// joinsOf lists the pairs of columns that tie tables together.
func joinsOf(m *mapping.Mapping) columnSet {
	all := columnSet{}
	add := func(scope map[string]string, expr mapping.Expr) {
		var walk func(mapping.Expr)
		walk = func(e mapping.Expr) {
			switch typed := e.(type) {
			case *mapping.Logic:
				for _, part := range typed.Parts {
					walk(part)
				}
			case *mapping.Compare:
				left, isLeft := typed.Left.(*mapping.Column)
				right, isRight := typed.Right.(*mapping.Column)
				if isLeft && isRight && typed.Op == "=" {
					pair := []string{scope[left.Alias] + "." + strings.ToLower(left.Name), scope[right.Alias] + "." + strings.ToLower(right.Name)}
					slices.Sort(pair)
					all[strings.Join(pair, " = ")] = true
				}
			}
		}
		walk(expr)
	}
	for _, join := range m.Person.Joins {
		add(scopeOf(&m.Person, nil), join.On)
	}
	for _, sets := range m.Records {
		for i := range sets {
			scope := scopeOf(&m.Person, &sets[i])
			add(scope, sets[i].Person)
			for _, join := range sets[i].Joins {
				add(scope, join.On)
			}
		}
	}
	return all
}

func columnsOf(expr mapping.Expr) []*mapping.Column {
	switch e := expr.(type) {
	case *mapping.Column:
		return []*mapping.Column{e}
	case *mapping.Call:
		return ofAll(e.Args...)
	case *mapping.Compare:
		return ofAll(e.Left, e.Right)
	case *mapping.Logic:
		return ofAll(e.Parts...)
	case *mapping.Not:
		return columnsOf(e.Of)
	case *mapping.IsNull:
		return columnsOf(e.Of)
	case *mapping.IsTruth:
		return columnsOf(e.Of)
	case *mapping.InList:
		return columnsOf(e.Of)
	case *mapping.Case:
		return ofAll(e.Of, e.Else)
	}
	return nil
}

func ofAll(exprs ...mapping.Expr) []*mapping.Column {
	var all []*mapping.Column
	for _, expr := range exprs {
		all = append(all, columnsOf(expr)...)
	}
	return all
}

func TestAll(t *testing.T) {
	files, _ := filepath.Glob(testkit.Shared(t, "schemas") + "/*.csv")
	for _, file := range files {
		schema := strings.TrimSuffix(filepath.Base(file), ".csv")
		if schema == "SUMMARY" {
			continue
		}
		t.Run(schema, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.sqlite")
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			n := complete(t, db, schema)
			db.Close()
			text := drafted(t, path)
			os.WriteFile("/tmp/drafts/all-"+schema+".yaml", text, 0o600)
			m := loaded(t, "draft.yaml", text, map[string]string{"organisation": "x", "organisation_name": "x", "nhs_number_table": "x"})
			var kinds []string
			for _, k := range clinical.Kinds() {
				if len(m.Records[k]) > 0 {
					from := []string{}
					for _, s := range m.Records[k] {
						from = append(from, s.From.Name)
					}
					kinds = append(kinds, k.String()+"("+strings.Join(from, " ")+")")
				}
			}
			t.Log(n, m.Person.From.Name, m.Person.NHSNumber, "\n", strings.Join(kinds, "; "))
		})
	}
}
