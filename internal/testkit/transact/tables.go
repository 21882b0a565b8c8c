package transact

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/sqlc-dev/teesql/ast"
)

// Database holds tables.
type Database struct {
	tables map[string]*table
	last   atomic.Pointer[checked]
}

// table is a table, a derived table or a list.
type table struct {
	name    string
	columns []column
	rows    [][]any
	places  map[string]int
}

type column struct {
	name  string
	kind  string // the type
	width int    // characters of char, or digits behind the point of decimal
	label label
}

// New makes an empty database.
func New() *Database { return &Database{tables: map[string]*table{}} }

// Exec runs CREATE TABLE, CREATE INDEX or INSERT ... VALUES.
func (d *Database) Exec(sql string, args ...any) (err error) {
	defer caught(&err)
	for _, statement := range statements(sql) {
		switch s := statement.(type) {
		case *ast.CreateTableStatement:
			d.create(s)
		case *ast.CreateIndexStatement:
		case *ast.DropTableStatement:
			for _, name := range s.Objects {
				delete(d.tables, strings.ToLower(name.BaseIdentifier.Value))
			}
		case *ast.AlterTableDropTableElementStatement:
			d.drop(s)
		case *ast.InsertStatement:
			d.insert(s, args)
		default:
			fail("cannot run %T", s)
		}
	}
	return nil
}

func (d *Database) create(s *ast.CreateTableStatement) {
	made := &table{name: s.SchemaObjectName.BaseIdentifier.Value}
	for _, c := range s.Definition.ColumnDefinitions {
		of := typeOf(c.DataType)
		made.columns = append(made.columns, column{name: c.ColumnIdentifier.Value, kind: of.name, width: of.width, label: columnLabel(of.name)})
	}
	made.placed()
	d.tables[strings.ToLower(made.name)] = made
}

// columnLabel is that of a column of a table: one that compares by language, if it is text.
func columnLabel(kind string) label {
	if isText(kind) {
		return label{collation: byLanguage, level: implicit}
	}
	return label{}
}

func (t *table) placed() {
	t.places = map[string]int{}
	for i, c := range t.columns {
		t.places[strings.ToLower(c.name)] = i
	}
}

// drop takes columns from a table that is still empty, or from its rows.
func (d *Database) drop(s *ast.AlterTableDropTableElementStatement) {
	from := d.table(s.SchemaObjectName)
	for _, element := range s.AlterTableDropTableElements {
		at, ok := from.places[strings.ToLower(element.Name.Value)]
		if !ok {
			fail("no column %s", element.Name.Value)
		}
		from.columns = slices.Delete(from.columns, at, at+1)
		for i := range from.rows {
			from.rows[i] = slices.Delete(from.rows[i], at, at+1)
		}
		from.placed()
	}
}

func (d *Database) insert(s *ast.InsertStatement, args []any) {
	target, ok := s.InsertSpecification.Target.(*ast.NamedTableReference)
	if !ok {
		fail("cannot insert into %T", s.InsertSpecification.Target)
	}
	into := d.table(target.SchemaObject)
	places := into.chosen(s.InsertSpecification.Columns)
	values, ok := s.InsertSpecification.InsertSource.(*ast.ValuesInsertSource)
	if !ok {
		fail("cannot insert %T", s.InsertSpecification.InsertSource)
	}
	q := &run{database: d, args: args}
	for _, row := range values.RowValues {
		if len(row.ColumnValues) != len(places) {
			fail("%d values for %d columns of %s", len(row.ColumnValues), len(places), into.name)
		}
		made := make([]any, len(into.columns))
		for at, e := range row.ColumnValues {
			i := places[at]
			of := dataType{into.columns[i].kind, into.columns[i].width, 0}
			made[i] = convert(q.value(e, nil), of, isoStyle)
			if text, isString := made[i].(string); isString && (of.name == "char" || of.name == "nchar") {
				made[i] = text + strings.Repeat(" ", max(0, of.width-len(units(text))))
			}
		}
		into.rows = append(into.rows, made)
	}
}

// chosen are the places of some columns, or of all.
func (t *table) chosen(columns []*ast.ColumnReferenceExpression) (places []int) {
	for _, c := range columns {
		identifiers := c.MultiPartIdentifier.Identifiers
		at, ok := t.places[strings.ToLower(identifiers[len(identifiers)-1].Value)]
		if !ok {
			fail("error 207: invalid column name")
		}
		places = append(places, at)
	}
	if len(columns) == 0 {
		for at := range t.columns {
			places = append(places, at)
		}
	}
	return places
}

// table finds a table by its name.
func (d *Database) table(name *ast.SchemaObjectName) *table {
	base := name.BaseIdentifier.Value
	if name.SchemaIdentifier != nil && strings.EqualFold(name.SchemaIdentifier.Value, "INFORMATION_SCHEMA") && base == "COLUMNS" {
		return d.catalogue()
	}
	if name.SchemaIdentifier != nil && strings.EqualFold(name.SchemaIdentifier.Value, "INFORMATION_SCHEMA") {
		if listed := keyless(base); listed != nil {
			return listed
		}
	}
	if name.SchemaIdentifier != nil && name.SchemaIdentifier.Value == "sys" && base == "databases" {
		return databases()
	}
	if found, ok := d.tables[strings.ToLower(base)]; ok {
		return found
	}
	fail("error 208: invalid object name '%s'", base)
	return nil
}

// databases lists this one.
func databases() *table {
	made := &table{name: "databases", columns: []column{{name: "database_id", kind: "int"}, {name: "compatibility_level", kind: "tinyint"}},
		rows: [][]any{{int64(5), int64(130)}}}
	made.placed()
	return made
}

// rights are those of a role that may only read.
func rights() *table {
	made := &table{columns: []column{{name: "permission_name", kind: "nvarchar", label: columnLabel("nvarchar")}}, rows: [][]any{{"CONNECT"}, {"SELECT"}}}
	made.placed()
	return made
}

// keyless are the views of INFORMATION_SCHEMA that list keys, with their columns. The model keeps no keys, so they are empty.
func keyless(base string) *table {
	names := map[string][]string{
		"TABLE_CONSTRAINTS":       {"CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "CONSTRAINT_TYPE", "TABLE_SCHEMA", "TABLE_NAME"},
		"KEY_COLUMN_USAGE":        {"CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION"},
		"REFERENTIAL_CONSTRAINTS": {"CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "UNIQUE_CONSTRAINT_SCHEMA", "UNIQUE_CONSTRAINT_NAME"},
	}[base]
	if names == nil {
		return nil
	}
	listed := &table{name: base}
	for _, name := range names {
		kind := "nvarchar"
		if name == "ORDINAL_POSITION" {
			kind = "int"
		}
		listed.columns = append(listed.columns, column{name: name, kind: kind, label: columnLabel(kind)})
	}
	listed.placed()
	return listed
}

// catalogue lists the columns of every table.
func (d *Database) catalogue() *table {
	listed := &table{name: "COLUMNS"}
	for _, name := range []string{"TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "COLLATION_NAME"} {
		listed.columns = append(listed.columns, column{name: name, kind: "nvarchar", label: columnLabel("nvarchar")})
	}
	listed.columns = append(listed.columns, column{name: "ORDINAL_POSITION", kind: "int", label: columnLabel("int")})
	listed.placed()
	for _, name := range slices.Sorted(maps.Keys(d.tables)) {
		for i, c := range d.tables[name].columns {
			row := []any{"dbo", d.tables[name].name, c.name, c.kind, nil, int64(i + 1)}
			if isText(c.kind) {
				row[4] = "Latin1_General_CI_AS"
			}
			listed.rows = append(listed.rows, row)
		}
	}
	return listed
}
