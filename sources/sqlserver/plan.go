package sqlserver

import (
	"encoding/xml"
	"io"
	"strings"
)

// explain stands before a question of which only the plan is wanted; connection takes it off again.
const explain = "-- how?\n"

// scans reads a plan in XML, which comes as one row, and names the first table that is read from end to end.
func scans(row []string) (string, bool) {
	decoder := xml.NewDecoder(strings.NewReader(row[len(row)-1]))
	// The server calls the document UTF-16, which it no longer is.
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var operators []string // those that are open
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", false
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch element.Name.Local {
			case "RelOp":
				operators = append(operators, attribute(&element, "PhysicalOp"))
			case "Object":
				if len(operators) > 0 && readsAll(operators[len(operators)-1]) {
					return named(&element), true
				}
			}
		case xml.EndElement:
			if element.Name.Local == "RelOp" && len(operators) > 0 {
				operators = operators[:len(operators)-1]
			}
		}
	}
}

func readsAll(operator string) bool {
	switch operator {
	case "Table Scan", "Clustered Index Scan", "Index Scan", "Columnstore Index Scan":
		return true
	}
	return false
}

// named is the alias of a table, or else its name.
func named(object *xml.StartElement) string {
	name := attribute(object, "Alias")
	if name == "" {
		name = attribute(object, "Table")
	}
	return strings.Trim(name, "[]")
}

func attribute(element *xml.StartElement, name string) string {
	for _, one := range element.Attr {
		if one.Name.Local == name {
			return one.Value
		}
	}
	return ""
}
