package transact

import (
	"strconv"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
)

// Values are nil, string, int64, float64, decimal and moment.

// decimal is a number with a fixed count of digits behind the point.
type decimal struct {
	value float64
	scale int
}

func (d decimal) String() string { return strconv.FormatFloat(d.value, 'f', d.scale, 64) }

// moment is a date, or a date with a time, as style 121 writes it.
type moment struct {
	text string
	kind string
}

// dataType is a type with its length, or its scale; 0 is max.
type dataType struct {
	name  string
	width int
	whole int
}

func typeOf(reference ast.DataTypeReference) dataType {
	of, ok := reference.(*ast.SqlDataTypeReference)
	if !ok {
		fail("type %T", reference)
	}
	made := dataType{name: strings.ToLower(of.SqlDataTypeOption)}
	switch made.name {
	case "integer":
		made.name = "int"
	}
	var numbers []int
	for _, parameter := range of.Parameters {
		if literal, ok := parameter.(*ast.IntegerLiteral); ok {
			number, _ := strconv.Atoi(literal.Value)
			numbers = append(numbers, number)
		}
	}
	switch {
	case made.name == "decimal" || made.name == "numeric":
		if len(numbers) == 2 {
			made.whole, made.width = numbers[0], numbers[1]
		}
	case len(numbers) > 0:
		made.width = numbers[0]
	case isText(made.name) && len(of.Parameters) == 0:
		made.width = 30 // of a CAST that says no length
	}
	return made
}

func isText(kind string) bool {
	switch kind {
	case "char", "varchar", "nchar", "nvarchar", "text", "ntext":
		return true
	}
	return false
}

func isMoment(kind string) bool {
	switch kind {
	case "date", "datetime", "datetime2", "smalldatetime", "time":
		return true
	}
	return false
}
