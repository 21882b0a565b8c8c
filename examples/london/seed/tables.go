package seed

import (
	"embed"
	"fmt"
	"strings"
)

// System is a type of record system that the package can make tables for.
type System string

// The systems, named as their mappings are.
const (
	EMIS       System = "emis-web"
	SystmOne   System = "tpp-systmone"
	Compass    System = "discovery-compass-v2"
	Millennium System = "cerner-millennium"
	PAS        System = "bhrut-pas"
	OMOP       System = "omop-cdm-5.4"

	CoordinateMyCare System = "coordinate-my-care"
)

// Systems lists every system.
func Systems() []System {
	return []System{EMIS, SystmOne, Compass, Millennium, PAS, OMOP, CoordinateMyCare}
}

// Table is a table of a system with all its columns, in the system's own order.
type Table struct {
	Name    string
	Columns []Column
}

// Column is a column of a Table.
type Column struct {
	Name string
	Type ColumnType
	Key  bool // the system keeps an index on the column
}

// ColumnType is what a column holds, before a dialect gives it a name.
type ColumnType string

// The types of column.
const (
	TypeText      ColumnType = "text"
	TypeGUID      ColumnType = "guid"
	TypeDate      ColumnType = "date"
	TypeTime      ColumnType = "time"
	TypeTimestamp ColumnType = "timestamp"
	TypeSmallint  ColumnType = "smallint"
	TypeInteger   ColumnType = "integer"
	TypeBigint    ColumnType = "bigint"
	TypeDecimal   ColumnType = "decimal"
	TypeReal      ColumnType = "real"
	TypeBoolean   ColumnType = "boolean"
)

//go:embed tables/*.txt
var tableFiles embed.FS

// Tables lists the tables that [Open] makes for system, with their columns.
func Tables(system System) ([]Table, error) {
	file, known := map[System]string{EMIS: "emis", SystmOne: "systmone", Compass: "compass", Millennium: "millennium",
		PAS: "pas", OMOP: "omop", CoordinateMyCare: "cmc"}[system]
	if !known {
		return nil, fmt.Errorf("finding the tables of a system: %q is not one", system)
	}
	content, err := tableFiles.ReadFile("tables/" + file + ".txt")
	if err != nil {
		return nil, fmt.Errorf("reading the tables of %s: %w", system, err)
	}
	var tables []Table
	for line := range strings.Lines(string(content)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, "\t"):
			tables = append(tables, Table{Name: line})
		default:
			table := &tables[len(tables)-1]
			table.Columns = append(table.Columns, readColumn(strings.Split(line[1:], "\t")))
		}
	}
	return tables, nil
}

func readColumn(parts []string) Column {
	column := Column{Name: parts[0], Type: TypeText}
	if len(parts) > 1 {
		column.Type = ColumnType(parts[1])
	}
	column.Key = len(parts) > 2
	return column
}
