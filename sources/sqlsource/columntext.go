package sqlsource

import (
	"strings"

	"onelondon/sources/mapping"
)

// shown writes an expression as text that may be long.
func (d *Dialect) shown(e mapping.Expr) string {
	if d.ShownType == "" {
		return d.text(e)
	}
	long := *d
	long.TextType = d.ShownType
	return long.text(e)
}

// columnText writes a column as text.
func (d *Dialect) columnText(at *mapping.Column) string {
	if !d.Transact || d.declared == nil {
		return d.exact(d.column(at))
	}
	declared, _, _ := strings.Cut(d.declared(at), "/")
	switch sql := d.column(at); declared {
	case "char", "nchar":
		return d.exact("RTRIM(" + sql + ")")
	case "date", "datetime", "datetime2", "smalldatetime", "time":
		return d.exactMoment(sql)
	case "datetimeoffset":
		return d.exactMoment(sql + " AT TIME ZONE 'GMT Standard Time'") // includes daylight saving time
	case "money", "smallmoney":
		return "CONVERT(" + d.TextType + ", " + sql + ", 2) COLLATE " + d.Collation
	case "float", "real":
		return d.exact(plainFloat(sql))
	}
	return d.exact(d.column(at))
}

// plainFloat writes a float without an exponent, to ten decimal places and without trailing zeros. To strip those, it
// temporarily turns zeros into blanks, trims, and does the same with a trailing point.
func plainFloat(sql string) string {
	text := "CAST(TRY_CONVERT(decimal(38, 10), " + sql + ") AS nvarchar(50))"
	zeros := "REPLACE(RTRIM(REPLACE(" + text + ", N'0', N' ')), N' ', N'0')"
	return "REPLACE(RTRIM(REPLACE(" + zeros + ", N'.', N' ')), N' ', N'.')"
}

// exactMoment casts a date or a moment to text, as ISO 8601 writes it.
func (d *Dialect) exactMoment(sql string) string {
	if d.Transact {
		return "CONVERT(" + d.TextType + ", " + sql + ", 121) COLLATE " + d.Collation
	}
	return d.exact(sql)
}

// moments writes as text a column that the mapping declares as days or moments, even if the column's type is unknown.
func (d *Dialect) moments(e mapping.Expr) string {
	if !d.Transact {
		return d.text(e)
	}
	switch e := e.(type) {
	case *mapping.Column:
		if d.declared == nil || d.declared(e) == "" {
			return d.exactMoment(d.column(e))
		}
	case *mapping.Call:
		switch e.Function {
		case "coalesce":
			parts := make([]string, len(e.Args))
			for i, arg := range e.Args {
				parts[i] = d.moments(arg)
			}
			return "COALESCE(" + strings.Join(parts, ", ") + ")"
		case "nullif":
			return d.unlessSame(d.moments(e.Args[0]), d.text(e.Args[1]))
		case "text":
			return d.moments(e.Args[0])
		}
	}
	return d.text(e)
}
