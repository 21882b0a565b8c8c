package seed

import (
	"fmt"
	"strconv"
	"strings"
)

// Dialect is the way one database server wants its SQL.
type Dialect string

// The dialects that tables can be made in.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
	MySQL      Dialect = "mysql" // MariaDB too
)

// parameterLimit keeps a statement under the fewest bind parameters that any of the servers takes (SQLite: 32,766).
const parameterLimit = 8000

// quote writes a name as an identifier: all names are quoted, because PostgreSQL folds the case of those that are not and the
// systems use names such as ORDER and CAUSEOFDEATH 1B.
func (d Dialect) quote(name string) string {
	if d == MySQL {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// typeName gives a column's type. MariaDB cannot index text without a length. Its decimals need a fixed scale, which would
// write 7.4 as 7.4000, so that measured values are doubles there.
func (d Dialect) typeName(column Column) string {
	switch column.Type {
	case TypeText:
		if d == MySQL && column.Key {
			return "varchar(100)"
		}
		return "text"
	case TypeGUID:
		return "varchar(38)"
	case TypeTimestamp:
		if d == MySQL {
			return "datetime"
		}
	case TypeDecimal:
		switch d {
		case MySQL:
			return "double"
		case PostgreSQL:
			return "numeric"
		}
	case TypeReal:
		if d != SQLite {
			return "double precision"
		}
	}
	return string(column.Type)
}

// createTable is the statement that makes table. MariaDB's columns compare bytes: in CTV3, XE0of and XE0oF are two codes.
func (d Dialect) createTable(table Table) string {
	var sql strings.Builder
	fmt.Fprintf(&sql, "CREATE TABLE %s (", d.quote(table.Name))
	for i, column := range table.Columns {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString(d.quote(column.Name) + " " + d.typeName(column))
	}
	sql.WriteString(")")
	if d == MySQL {
		sql.WriteString(" DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
	}
	return sql.String()
}

// createIndexes are the statements that make table's indexes.
func (d Dialect) createIndexes(table Table) []string {
	var statements []string
	for i, column := range table.Columns {
		if column.Key {
			name := "ix_" + strings.ToLower(table.Name) + "_" + strconv.Itoa(i+1)
			statements = append(statements, fmt.Sprintf("CREATE INDEX %s ON %s (%s)", d.quote(name), d.quote(table.Name),
				d.quote(column.Name)))
		}
	}
	return statements
}

// insert is the statement that puts count rows into the named columns of table.
func (d Dialect) insert(table string, columns []string, count int) string {
	var sql strings.Builder
	fmt.Fprintf(&sql, "INSERT INTO %s (", d.quote(table))
	for i, column := range columns {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString(d.quote(column))
	}
	sql.WriteString(") VALUES ")
	for i := range count * len(columns) {
		switch {
		case i == 0:
			sql.WriteString("(")
		case i%len(columns) == 0:
			sql.WriteString("), (")
		default:
			sql.WriteString(", ")
		}
		if d == PostgreSQL {
			sql.WriteString("$" + strconv.Itoa(i+1))
		} else {
			sql.WriteString("?")
		}
	}
	sql.WriteString(")")
	return sql.String()
}
