package sqlsource

import (
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// Dialect is what differs between databases in the SQL that this package writes. All of them quote names with double
// quotes, join text with ||, and know TRUE, FALSE and IS TRUE; a driver sets its sessions up so that this holds.
type Dialect struct {
	Name      string // "SQLite", for messages
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
	// Bare says that a column comes over the wire as the text that a cast of it would give, so that none is needed.
	Bare bool

	// typeOf tells the type of a column, where it is known; nil where no type is.
	typeOf func(*mapping.Column) columnType
}

// typed is the dialect over tables whose types are known.
func (d *Dialect) typed(typeOf func(*mapping.Column) columnType) *Dialect {
	typed := *d
	typed.typeOf = typeOf
	return &typed
}

// plainTruth writes a column as a truth value without looking at words, where its type has none; ok is false for any other.
func (d *Dialect) plainTruth(e mapping.Expr) (sql string, ok bool) {
	at, isColumn := e.(*mapping.Column)
	if !isColumn || d.typeOf == nil {
		return "", false
	}
	switch d.typeOf(at) {
	case typeTruth:
		return column(at), true
	case typeWhole:
		return "CASE " + column(at) + " WHEN 1 THEN TRUE WHEN 0 THEN FALSE END", true
	}
	return "", false
}

func (d *Dialect) placeholder(number int) string {
	if d.Numbered {
		return "$" + strconv.Itoa(number)
	}
	return "?"
}

// name quotes an identifier.
func name(identifier string) string {
	return `"` + strings.ReplaceAll(identifier, `"`, `""`) + `"`
}

// literal quotes text. Sessions treat a backslash as any other character.
func literal(text string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "'", "''") + "'"
}

// exact casts to text that is compared byte for byte.
func (d *Dialect) exact(sql string) string {
	return "CAST(" + sql + " AS " + d.TextType + ") COLLATE " + d.Collation
}

// moment is the text that a dialect's moment gives for d in SQL, "" for a missing date.
func moment(d clinical.DateTime) string {
	if d.IsZero() {
		return ""
	}
	return d.At().Format("2006-01-02 15:04:05")
}
