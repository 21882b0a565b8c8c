package sqlsource

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"onelondon/sources/mapping"
)

// Lists says how a dialect compares a bare column with a list of values, so that the column's index can be used.
type Lists uint8

// The ways.
const (
	ListsSpelt  Lists = iota // a placeholder for each value
	ListsArrays              // = ANY(array), bound as one value
	ListsJSON                // IN the elements of a JSON array, bound as one value
	ListsOpened              // likewise through OPENJSON, under the column's own collation
)

// mostSpelt is the maximum number of values given individually; statements take some ten thousand placeholders.
const mostSpelt = 5000

// among writes the condition that a column equals one of some texts; ok is false if that cannot be written so that an
// index is used. It may also match other rows, since columns may compare loosely.
func (c *counting) among(at *mapping.Column, values []string) (sql string, ok bool) {
	d, column, of := c.source.dialect, c.source.dialect.column(at), c.typeOf(at)
	switch of {
	case typeWhole:
		values = slices.DeleteFunc(slices.Clone(values), func(text string) bool { return !isWhole(text) })
	case typeText:
	default:
		return "", false
	}
	if len(values) == 0 {
		return d.no(), true
	}
	switch d.Lists {
	case ListsArrays:
		array := map[bool]string{true: "bigint[]", false: "text[]"}[of == typeWhole]
		return column + " = ANY (CAST(" + c.give(arrayOf(values)) + " AS " + array + "))", true
	case ListsOpened:
		return c.opened(at, of, values)
	case ListsJSON:
		return column + " IN (SELECT value FROM json_each(" + c.give(jsonOf(values)) + "))", true
	}
	if len(values) > mostSpelt {
		return "", false
	}
	places := make([]string, len(values))
	for i, value := range values {
		places[i] = c.give(spelt(value, of))
	}
	return column + " IN (" + strings.Join(places, ", ") + ")", true
}

// isWhole reports whether text is a whole number as databases write it.
func isWhole(text string) bool {
	number, err := strconv.ParseInt(text, 10, 64)
	return err == nil && strconv.FormatInt(number, 10) == text
}

func spelt(text string, of columnType) any {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil && of == typeWhole {
		return number
	}
	return text
}

func jsonOf(values []string) string {
	text, _ := json.Marshal(values) // marshalling texts never fails
	return string(text)
}

// arrayOf writes an array literal for PostgreSQL.
func arrayOf(values []string) string {
	var b strings.Builder
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x00", "")
	for i, value := range values {
		b.WriteString(map[bool]string{true: `{"`, false: `","`}[i == 0])
		_, _ = escaped.WriteString(&b, value) // a strings.Builder never fails
	}
	return b.String() + `"}`
}
