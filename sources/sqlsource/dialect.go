package sqlsource

import (
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// Dialect holds the differences between databases in the SQL that this package writes. All except Transact-SQL quote
// names with double quotes, join text with ||, and know TRUE, FALSE and IS TRUE; a driver configures its sessions
// accordingly.
type Dialect struct {
	Name      string // "SQLite", for messages
	Transact  bool   // the SQL is Transact-SQL, see idiom.go; names and truth values then differ
	Numbered  bool   // placeholders are $1, $2, ... instead of ?
	TextType  string // the type to which text is cast
	Collation string // a collation that compares and orders text by bytes

	// LooseText says that columns may compare text by language, ignoring case or trailing blanks, so that a comparison
	// of a column with a literal must be repeated under the exact collation.
	LooseText bool
	// Parenthesised says that a branch of a UNION may have its own order and limit in parentheses; otherwise it is
	// wrapped.
	Parenthesised bool
	// Limit is the form of a limit whose placeholder is written %; just the placeholder if empty.
	Limit string
	// CallerRow is an expression that passes the caller's identity, a placeholder written %, to the session and yields
	// text. (% may occur several times only if placeholders are numbered.) It becomes the first row of every statement,
	// so it costs no round trip. Empty if the database has no use for it.
	CallerRow string
	// CallerFirst is a separate statement that passes the caller's identity, a placeholder written %, to the session
	// before the question, in the same round trip; it is for dialects without a CallerRow. CallerWidth pads the caller
	// with blanks, for a server that keeps a plan for each length of text.
	CallerFirst string
	CallerWidth int
	// ShownType is the type to which long text is cast for display; TextType if empty.
	ShownType string
	// MostParameters is the maximum number of placeholders in a statement; 0 means unlimited.
	MostParameters int
	// Rights is a statement that lists the rights of the session's role besides reading, one per row. Empty if the
	// session itself refuses every write.
	Rights string
	// Unpack follows the name of a common table expression. It makes a table with one column "code" from the texts in a
	// JSON array, which is a placeholder written %. The table is made once, however often it is read.
	Unpack string
	// Lists says how a bare column is compared with a list of values.
	Lists Lists
	// Typed says that columns have types that are enforced.
	Typed bool
	// Double is the floating-point type.
	Double string
	// Number makes a number of text, written %, and null of what is no number; it may make a number of other text as well.
	Number string
	// Groups says that the server returns one row per person faster than all rows.
	Groups bool
	// Antijoin says that NOT EXISTS finds the rows of one table that are missing from another faster than NOT IN,
	// unless one of them is small.
	Antijoin bool
	// MostLookups limits the lookups of codes in lists within one statement; 0 means unlimited. A question with many
	// branches under many denied categories needs some thousands, which not every database accepts.
	MostLookups int
	// LongSelect replaces SELECT in a statement that may take a long time. Empty if the connection takes care of that.
	LongSelect string
	// Explain asks the database for its plan of the statement that follows; Scans returns the aliases or tables that a
	// line of the plan scans completely.
	Explain string
	Scans   func(row []string) (table string, whole bool)
	// FoldedNames says that names of tables and columns are case-insensitive.
	FoldedNames bool
	// Columns is a statement that lists (schema, table, column, type) of everything visible to the session; the schema
	// is empty for tables that need none.
	Columns string
	// Once is a variant of Columns that lists every table once, for a dialect whose Columns may list some twice. Empty
	// if Columns does not.
	Once string
	// Keys is a statement that lists (schema, table, column, referenced schema, table and column) for every primary
	// key, whose last three are empty, and every foreign key. Empty if the catalogue does not say.
	Keys string
	// Bare says that a column arrives as the same text as if it were cast, so that it need not be.
	Bare bool

	// declared returns the type of a column in the catalogue, "" if unknown; nil if no types are known.
	declared func(*mapping.Column) string
}

// typed is the dialect for tables whose types are known.
func (d *Dialect) typed(declared func(*mapping.Column) string) *Dialect {
	typed := *d
	typed.declared = declared
	return &typed
}

// typeOf is the type of a column as far as it matters for comparison.
func (d *Dialect) typeOf(at *mapping.Column) columnType {
	if d.declared == nil {
		return typeUnknown
	}
	return typeNamed(d.declared(at))
}

// plainTruth writes a column as a truth value without testing for words, if its type has none; ok is false for other
// columns.
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
		// A collated expression cannot be collated again; an empty collated text passes its collation to what it is
		// joined to.
		return "CAST(" + sql + " AS " + d.TextType + ") + CAST(N'' AS nvarchar(1)) COLLATE " + d.Collation
	}
	return "CAST(" + sql + " AS " + d.TextType + ") COLLATE " + d.Collation
}

// moment is the text that Dialect.moment yields for d; "" for a missing date.
func moment(d clinical.DateTime) string {
	if d.IsZero() {
		return ""
	}
	return d.At().Format("2006-01-02 15:04:05")
}
