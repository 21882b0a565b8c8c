package sqlsource

import (
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// How different databases express the same thing. Most differences are between Transact-SQL and all others. In
// Transact-SQL, names are quoted in brackets. A truth value is not a value but only a condition, so a bit column must
// be compared with 1, and a condition converted by CASE. Text comparison ignores trailing blanks under every collation,
// and LEN does not count them. An untyped NULL is an int. The text of a column depends on its type and on the session's
// language, unless a style is given.

// name quotes an identifier.
func (d *Dialect) name(identifier string) string {
	if d.Transact {
		return "[" + strings.ReplaceAll(identifier, "]", "]]") + "]"
	}
	return `"` + strings.ReplaceAll(identifier, `"`, `""`) + `"`
}

func (d *Dialect) column(c *mapping.Column) string { return d.name(c.Alias) + "." + d.name(c.Name) }

// numbered is the name of a branch's column by position.
func (d *Dialect) numbered(at int) string { return d.name("c" + strconv.Itoa(at)) }

// literal quotes text. Sessions treat a backslash as an ordinary character.
func (d *Dialect) literal(text string) string {
	quoted := "'" + strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "'", "''") + "'"
	if d.Transact {
		return "N" + quoted // without N, letters outside the database's code page would become question marks
	}
	return quoted
}

func (d *Dialect) null() string {
	if d.Transact {
		return "CAST(NULL AS nvarchar(1)) COLLATE " + d.Collation
	}
	return "NULL"
}

// ended marks the end of text, so that comparisons take account of trailing blanks. The mark sorts before any character
// in stored text, so marked texts keep their order.
func (d *Dialect) ended(sql string) string {
	if d.Transact {
		return sql + " + NCHAR(1)"
	}
	return sql
}

// joined concatenates texts; a null makes the result null.
func (d *Dialect) joined(texts ...string) string {
	if d.Transact {
		return strings.Join(texts, " + ")
	}
	return strings.Join(texts, " || ")
}

// sub writes a substring.
func (d *Dialect) sub(text, from, length string) string {
	if d.Transact {
		return "SUBSTRING(" + text + ", " + from + ", " + length + ")"
	}
	return "SUBSTR(" + text + ", " + from + ", " + length + ")"
}

// rest writes the part of a text from a position on.
func (d *Dialect) rest(text, from string) string {
	if d.Transact {
		return "SUBSTRING(" + text + ", " + from + ", 4000)"
	}
	return "SUBSTR(" + text + ", " + from + ")"
}

func (d *Dialect) length(text string) string {
	if d.Transact {
		return "(LEN(" + text + " + N'.') - 1)"
	}
	return "LENGTH(" + text + ")"
}

func (d *Dialect) trim(text string) string {
	if d.Transact {
		return "LTRIM(RTRIM(" + text + "))" // TRIM exists only since SQL Server 2017
	}
	return "TRIM(" + text + ")"
}

// spaced writes a moment with a blank between day and time.
func (d *Dialect) spaced(text string) string {
	return "REPLACE(" + text + ", " + d.literal("T") + ", " + d.literal(" ") + ")"
}

// orElse writes a replacement for null. ISNULL evaluates its first argument once, COALESCE twice.
func (d *Dialect) orElse(sql, other string) string {
	if d.Transact {
		return "ISNULL(" + sql + ", " + other + ")"
	}
	return "COALESCE(" + sql + ", " + other + ")"
}

// unlessEmpty writes text that is null if empty.
func (d *Dialect) unlessEmpty(text string) string {
	if d.Transact {
		return "CASE WHEN DATALENGTH(" + text + ") > 0 THEN " + text + " END"
	}
	return "NULLIF(" + text + ", '')"
}

// unlessSame writes text that is null if equal to the other.
func (d *Dialect) unlessSame(text, other string) string {
	if d.Transact {
		return "CASE WHEN " + d.ended(text) + " = " + d.ended(other) + " THEN NULL ELSE " + text + " END"
	}
	return "NULLIF(" + text + ", " + other + ")"
}

// limited writes a SELECT, given without that word, with a limit on its rows.
func (d *Dialect) limited(limit, selecting string) string {
	if d.Transact {
		return "SELECT TOP (" + limit + ") " + selecting
	}
	return "SELECT " + selecting + " LIMIT " + limit
}

// branch turns a SELECT with its own order and limit into a branch of a UNION.
func (d *Dialect) branch(selecting, number string) string {
	switch {
	case d.Transact:
		return "SELECT * FROM (" + selecting + ") AS " + d.name("b"+number)
	case d.Parenthesised:
		return "(" + selecting + ")"
	}
	return "SELECT * FROM (" + selecting + ")"
}

// second orders by the second column, the identifier.
func (d *Dialect) second(id string) string {
	if d.Transact {
		return d.ended(id)
	}
	return "2"
}

// oneByOne ends a statement whose branches must come one after the other, which parallel workers might otherwise mix.
func (d *Dialect) oneByOne() string {
	if d.Transact {
		return "\nOPTION (MAXDOP 1)"
	}
	return ""
}

// asNumber writes the placeholder of an NHS number. As nvarchar it would cause every value of a varchar column to be
// converted, and its index would not be used.
func (d *Dialect) asNumber(placeholder string) string {
	if d.Transact {
		return "CAST(" + placeholder + " AS varchar(20))"
	}
	return placeholder
}

// asDay writes the placeholder of a day that is compared with a column of days or moments. datetime and smalldatetime
// have a smaller range than questions may use, and parse a day according to the session's language; datetime2 has
// neither problem.
func (d *Dialect) asDay(placeholder string) string {
	if d.Transact {
		return "CAST(" + placeholder + " AS datetime2)"
	}
	return placeholder
}

// onDay writes the condition that a column of days or moments is on a day.
func (d *Dialect) onDay(of string, day clinical.Day) string {
	if d.Transact {
		return "CAST(" + of + " AS date) = CAST(" + d.literal(day.String()) + " AS date)"
	}
	return of + " >= " + d.literal(day.String()) + " AND " + of + " < " + d.literal((day + 1).String())
}

// within writes a query for the texts in a JSON array that is a placeholder, ready to be compared.
func (d *Dialect) within(placeholder string) string {
	return "SELECT " + d.ended(d.exact("[value]")) + " FROM OPENJSON(" + placeholder + ") WITH ([value] nvarchar(4000) '$')"
}

// opened writes the condition that a column equals one of some texts under its own collation, so that its index can be
// used. The texts are varchar if possible, since nvarchar would cause a varchar column to be converted.
func (c *counting) opened(at *mapping.Column, of columnType, values []string) (sql string, ok bool) {
	d := c.source.dialect
	column, from := d.column(at), " FROM OPENJSON("+c.give(jsonOf(values))+") WITH ([value] "
	if of == typeWhole {
		return column + " IN (SELECT [value]" + from + "bigint '$'))", true
	}
	_, collation, known := strings.Cut(d.declared(at), "/")
	if !known || !isPlain(collation) {
		return "", false
	}
	as := "varchar(8000)"
	for _, value := range values {
		if !isASCII(value) {
			as = "nvarchar(4000)"
		}
	}
	return column + " IN (SELECT [value] COLLATE " + collation + from + as + " '$'))", true
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 0x7e }) < 0
}

// isPlain reports whether a name from the catalogue needs no quotes.
func isPlain(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// Truth values.

func (d *Dialect) yes() string {
	if d.Transact {
		return "(1 = 1)"
	}
	return "TRUE"
}

func (d *Dialect) no() string {
	if d.Transact {
		return "(1 = 0)"
	}
	return "FALSE"
}

// neither is the truth value "unknown".
func (d *Dialect) neither() string {
	if d.Transact {
		return "(1 = NULL)"
	}
	return "(TRUE AND NULL)"
}

// chosen turns an expression that chooses between two values into a condition.
func (d *Dialect) chosen(choose func(yes, no string) string) string {
	if d.Transact {
		return choose("1", "0") + " = 1"
	}
	return choose("TRUE", "FALSE")
}

// bitColumn turns a bit column into a condition.
func (d *Dialect) bitColumn(at *mapping.Column) string {
	if d.Transact {
		return d.column(at) + " = 1"
	}
	return d.column(at)
}

// truthValue writes a truth value as a value.
func (d *Dialect) truthValue(e mapping.Expr) string {
	sql := d.truth(e)
	if d.Transact {
		return "CASE WHEN " + sql + " THEN 1 WHEN (NOT " + sql + ") THEN 0 END"
	}
	return sql
}

// isOrNot writes whether a truth value is, or is not, the wanted one; null is neither true nor false.
func (d *Dialect) isOrNot(truth string, want, negate bool) string {
	if d.Transact {
		if !want {
			truth = "(NOT " + truth + ")"
		}
		return "(CASE WHEN " + truth + " THEN 1 ELSE 0 END = " + map[bool]string{false: "1", true: "0"}[negate] + ")"
	}
	return "(" + truth + " IS " + negated(negate) + map[bool]string{true: "TRUE", false: "FALSE"}[want] + ")"
}

// isWord writes whether some word was, or was not, found.
func (d *Dialect) isWord(find func(yes string) string, negate bool) string {
	if d.Transact {
		return "(ISNULL(" + find("1") + ", 0) = " + map[bool]string{false: "1", true: "0"}[negate] + ")"
	}
	return "((" + find("TRUE") + ") IS " + negated(negate) + "TRUE)"
}
