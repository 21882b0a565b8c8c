package sqlsource

import (
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// Dialect is what differs between databases in the SQL that this package writes. All but Transact-SQL quote names with
// double quotes, join text with ||, and know TRUE, FALSE and IS TRUE; a driver sets its sessions up so that this holds.
type Dialect struct {
	Name      string // "SQLite", for messages
	Transact  bool   // the SQL is Transact-SQL, see idiom.go; what is said below of names and truth values is then not so
	Numbered  bool   // placeholders are $1, $2, ... and not ?
	TextType  string // the type to cast to for text
	Collation string // the collation under which text is equal only byte for byte, and ordered by bytes

	// LooseText says that columns may compare text by language, without case or trailing blanks, so that a comparison of a
	// column with a literal must go through the exact collation as well.
	LooseText bool
	// Parenthesised says that a branch of a UNION may carry its own order and limit in parentheses; otherwise it is wrapped.
	Parenthesised bool
	// Limit is how a limit that is a placeholder, written %, is said; just the placeholder where empty.
	Limit string
	// CallerRow is an expression with a placeholder, written % (several times only where placeholders are numbered), that hands the caller's identity to the session and
	// yields text. It becomes a first row of every statement, so that it costs no round trip. Empty where nobody listens.
	CallerRow string
	// CallerFirst is a statement of its own, with a placeholder written %, that hands the caller's identity to the session before
	// the question, in the same round trip: for dialects without a CallerRow. CallerWidth fills the caller up with blanks, for a
	// server that keeps a plan for each length of a text.
	CallerFirst string
	CallerWidth int
	// ShownType is the type to cast to for text that is shown and may be long; TextType where empty.
	ShownType string
	// MostParameters is how many placeholders one statement has at most; 0 is without bound.
	MostParameters int
	// Rights is a statement that lists what the session's role may do besides reading, a right a row. Empty where the session
	// itself refuses every write.
	Rights string
	// Unpack follows the name of a common table expression: it makes a table, with one column "code", of the texts in a JSON
	// array that is a placeholder, written %. It is made once however often it is read.
	Unpack string
	// Lists says how a column is compared, as it is, with a list of values.
	Lists Lists
	// Typed says that columns have types, and hold nothing else.
	Typed bool
	// Double is the type of numbers with a point.
	Double string
	// Number makes a number of text, written %, and null of what is no number; it may make a number of other text as well.
	Number string
	// Groups says that the server hands over one row a person faster than all of them.
	Groups bool
	// MostLookups bounds how often one statement looks a code up in a list; 0 is without bound. A question of many
	// branches under many denied categories needs some thousand, which not every database takes in one statement.
	MostLookups int
	// LongSelect begins a statement that may take its time, in the place of SELECT. Empty where the connection sees to that.
	LongSelect string
	// Explain asks the database how it would run the statement that follows; Scans reports the aliases or tables that a line
	// of the plan reads from end to end.
	Explain string
	Scans   func(row []string) (table string, whole bool)
	// FoldedNames says that names of tables and columns are the same whatever their case.
	FoldedNames bool
	// Columns is a statement that lists (schema, table, column, type) of everything the session can see; the schema is empty for
	// what needs none.
	Columns string
	// Once is Columns with every table in it once, for a dialect whose Columns lists some twice. Empty where Columns does.
	Once string
	// Keys is a statement that lists (schema, table, column, schema, table and column pointed at) of every primary key, whose last
	// three are empty, and of every foreign key. Empty where the catalogue does not say.
	Keys string
	// Bare says that a column comes over the wire as the text that a cast of it would give, so that none is needed.
	Bare bool

	// declared tells the type of a column as the catalogue writes it, "" where it is not known; nil where no type is.
	declared func(*mapping.Column) string
}

// typed is the dialect over tables whose types are known.
func (d *Dialect) typed(declared func(*mapping.Column) string) *Dialect {
	typed := *d
	typed.declared = declared
	return &typed
}

// typeOf is the type of a column as far as comparing goes.
func (d *Dialect) typeOf(at *mapping.Column) columnType {
	if d.declared == nil {
		return typeUnknown
	}
	return typeNamed(d.declared(at))
}

// plainTruth writes a column as a truth value without looking at words, where its type has none; ok is false for any other.
func (d *Dialect) plainTruth(e mapping.Expr) (sql string, ok bool) {
	at, isColumn := e.(*mapping.Column)
	if !isColumn {
		return "", false
	}
	switch d.typeOf(at) {
	case typeTruth:
		return d.bitColumn(at), true
	case typeWhole:
		return d.chosen(func(yes, no string) string {
			return "CASE " + d.column(at) + " WHEN 1 THEN " + yes + " WHEN 0 THEN " + no + " END"
		}), true
	}
	return "", false
}

func (d *Dialect) placeholder(number int) string {
	switch {
	case d.Transact:
		return "@p" + strconv.Itoa(number)
	case d.Numbered:
		return "$" + strconv.Itoa(number)
	}
	return "?"
}

// exact casts to text that is compared byte for byte.
func (d *Dialect) exact(sql string) string {
	if d.Transact && strings.Contains(sql, " COLLATE ") {
		// What has a collation within it takes no second one. An empty text that has one gives its own to what it is joined to.
		return "CAST(" + sql + " AS " + d.TextType + ") + CAST(N'' AS nvarchar(1)) COLLATE " + d.Collation
	}
	return "CAST(" + sql + " AS " + d.TextType + ") COLLATE " + d.Collation
}

// moment is the text that a dialect's moment gives for d in SQL, "" for a missing date.
func moment(d clinical.DateTime) string {
	if d.IsZero() {
		return ""
	}
	return d.At().Format("2006-01-02 15:04:05")
}
