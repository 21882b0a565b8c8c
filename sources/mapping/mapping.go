package mapping

import "onelondon/internal/clinical"

// Mapping is the mapping of one type of record system at one site, checked and with its parameters filled in.
type Mapping struct {
	System    string // short name of the type of system: "emis-web"
	Title     string // name for people
	Discreet  bool   // that this system knows a person is itself sensitive
	Person    Person
	Records   map[clinical.Kind][]RecordSet
	Watermark []Watermark // columns that show the newest entry; the latest of them counts
	Paths     bool        // columns are node paths: the mapping is for an openEHR server
	// OneConsent says that a refusal to share one urgent care plan is of all that the person has there; of an openEHR server alone.
	OneConsent bool
}

// Person says how a person is found. Its tables are joined to every set of records.
type Person struct {
	From         Table
	Joins        []Join
	NHSNumber    Expr
	Format       NumberFormat
	Where        Expr // nil, or a condition on rows that excludes deleted rows, test patients and switched-off sharing
	Organisation Organisation
	Registered   Expr // nil, or true if the person is currently registered there as a GP practice's own patient
	Sensitive    Expr // nil if the system has no S-flag, else true if the person has one
	Line         int
}

// NumberFormat is the form in which a system stores the NHS number.
type NumberFormat string

// The forms of an NHS number.
const (
	NumberPlain   NumberFormat = "plain"   // 9990000018, as text
	NumberSpaced  NumberFormat = "spaced"  // 999 000 0018, as text
	NumberNumeric NumberFormat = "numeric" // 9990000018, in a numeric column
)

// Organisation says which organisation holds a row's record. Code yields the ODS code.
type Organisation struct {
	Code Expr
	Name Expr // nil, or the organisation's name
}

// RecordSet says how rows of some tables become records of one kind. A kind may have several sets.
type RecordSet struct {
	Kind         clinical.Kind
	From         Table
	Joins        []Join
	Person       Expr // connects a row with the person's tables; nil if From is the person's own table
	Where        Expr // nil, or a condition on rows
	ID           Expr // the record's identifier, unique within the source and kind
	Organisation Organisation
	Labels       map[clinical.Label]Expr // sealed is always present
	Fields       map[string]FieldExpr    // by field name; a field without an entry is not held by this system
	Line         int
}

// Table is a table of the system with an alias. Schema is empty for the connection's default.
type Table struct {
	Schema, Name, Alias string
	Line                int
}

// Join adds a table to a set.
type Join struct {
	Table
	Left bool
	On   Expr
}

// Watermark names a column that holds when rows were written.
type Watermark struct {
	From Table
	Date DateExpr
}

// FieldExpr is how one field is filled: exactly one of its parts is set, according to the field's type.
type FieldExpr struct {
	Value   Expr         // text, decimal, status, class and gender fields; values: become a Case
	Date    *DateExpr    // date fields
	Concept *ConceptExpr // concept fields
	Line    int
}

// DateExpr is a date, with what the system says about its precision.
type DateExpr struct {
	From       Expr
	Type       DateType
	Precision  Expr                          // nil, or the column that says how precise the date is
	Precisions map[string]clinical.Precision // the system's words for precisions; PrecisionNone makes the date missing
	Missing    []string                      // days, YYYY-MM-DD, that mean "missing"
}

// DateType is how a system stores a date.
type DateType string

// The ways of storing a date. The text forms may hold less than a full date.
const (
	DateColumn     DateType = "date"     // a date column, or ISO text of a day
	DateTimeColumn DateType = "datetime" // a timestamp column, or ISO text of a day and time
	DateISO        DateType = "iso"      // text: YYYY[-MM[-DD[ hh:mm[:ss]]]], blank or T between
	DateUK         DateType = "uk"       // text: DD/MM/YYYY[ hh:mm[:ss]]
	DateCompact    DateType = "compact"  // text: YYYYMMDD
)

// ConceptExpr is a coded concept. The first coding with a code is the preferred one, the others are its translations.
type ConceptExpr struct {
	Codings []CodingExpr
	Text    Expr // nil, or the text that was entered
}

// CodingExpr is one coding of a concept.
type CodingExpr struct {
	System  Expr // a Literal or a Case that yields a clinical.CodeSystem
	Code    Expr
	Display Expr // nil, or the term
}
