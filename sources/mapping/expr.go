package mapping

// Expr is an expression over the columns of a set of tables. The types below are its only implementations.
type Expr interface {
	expr()
	// String returns the expression in the form that [ParseExpr] reads.
	String() string
}

// Column is a column of a table in scope, by the table's alias.
type Column struct {
	Alias, Name string
	Line        int
}

// NodePath leads from an alias to a node of openEHR's reference model: d/data[at0001]/items[at0003]/value/value. Only mappings read by
// [LoadPaths] have them, and those have no Column.
type NodePath struct {
	Alias, Path string
	Line        int
}

// Literal is a constant: a string, an int64, a bool, or nil for null.
type Literal struct{ Value any }

// Call is one of the functions of the language, by name: coalesce(a, b, ...), concat(a, b, ...) where a null part is left out,
// nullif(a, b), trim(a), lower(a), upper(a), substring(a, from, length) with from counted from 1, text(a), datetime(date, time).
type Call struct {
	Function string
	Args     []Expr
}

// Compare compares two values with =, !=, <, <=, > or >=. It is null if either side is.
type Compare struct {
	Op          string
	Left, Right Expr
}

// Logic combines truth values with "and" or "or".
type Logic struct {
	Op    string
	Parts []Expr
}

// Not negates; null stays null.
type Not struct{ Of Expr }

// IsNull tests for null; it is never null itself.
type IsNull struct {
	Of     Expr
	Negate bool // is not null
}

// IsTruth tests whether Of is true or is false; it is never null itself. With Negate, a null Of satisfies it.
type IsTruth struct {
	Of     Expr
	Want   bool
	Negate bool // is not true, is not false
}

// InList tests whether Of is one of the literals; it is null if Of is.
type InList struct {
	Of     Expr
	Values []Literal
	Negate bool
}

// Case translates a system's values into ours: the value for the first equal key, else Else, which may be nil for null.
type Case struct {
	Of   Expr
	When []When
	Else Expr
}

// When is one line of a Case.
type When struct{ Key, Value Literal }

// Latest tests whether a row is the latest version of its subject: no row of the table with the same Of has a greater
// Number (a whole number without leading zeros) or, if those are equal, a greater Text in byte order. A missing value
// sorts lowest. A rule of versions adds it wherever the table is read; it has no text form of its own.
type Latest struct {
	Table        Table // with the row's alias
	Of           []*Column
	Number, Text *Column // one of them may be nil
}

func (*Latest) expr()   {}
func (*Column) expr()   {}
func (*NodePath) expr() {}
func (*Literal) expr()  {}
func (*Call) expr()     {}
func (*Compare) expr()  {}
func (*Logic) expr()    {}
func (*Not) expr()      {}
func (*IsNull) expr()   {}
func (*IsTruth) expr()  {}
func (*InList) expr()   {}
func (*Case) expr()     {}
