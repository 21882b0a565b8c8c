package sqlsource

import (
	"context"
	"sync"

	"onelondon/sources/mapping"
)

// types remembers what types a database gives its columns. A mapping does not say, and need not: they only decide how a
// column may be compared as it is, so that its index serves.
type types struct {
	mutex sync.Mutex
	known catalogue
}

// columnTypes reads the types once. Where they cannot be read nothing is known of any column.
func (s *Source) columnTypes(ctx context.Context) catalogue {
	if !s.dialect.Typed {
		return nil
	}
	s.types.mutex.Lock()
	defer s.types.mutex.Unlock()
	if s.types.known == nil {
		if known, err := s.catalogue(ctx); err == nil {
			s.types.known = known
		}
	}
	return s.types.known
}

// columnType is a type as far as comparing goes.
type columnType uint8

const (
	typeUnknown columnType = iota
	typeText
	typeWhole  // whole numbers
	typeNumber // numbers that are shown as exactly as they are stored
	typeDay
	typeMoment
	typeTruth
)

func typeNamed(name string) columnType {
	switch name {
	case "text", "character varying", "varchar", "char", "tinytext", "mediumtext", "longtext":
		return typeText
	case "smallint", "integer", "bigint", "tinyint", "mediumint", "int":
		return typeWhole
	case "numeric", "decimal", "double precision", "double":
		return typeNumber
	case "boolean":
		return typeTruth
	case "date":
		return typeDay
	case "timestamp without time zone", "timestamp with time zone", "datetime", "timestamp":
		return typeMoment
	}
	return typeUnknown
}

// typeOf is the type of an expression that is a column. A database whose columns take any value compares all as text.
func (c *counting) typeOf(e mapping.Expr) columnType {
	at, isColumn := e.(*mapping.Column)
	if !isColumn {
		return typeUnknown
	}
	if !c.source.dialect.Typed {
		return typeText
	}
	return c.source.dialect.typeOf(at)
}

// knowing is the source with a dialect that knows the types of a set's columns.
func (s *Source) knowing(types catalogue, set *mapping.RecordSet) *Source {
	knowing := *s
	knowing.dialect = s.dialect.typed(func(at *mapping.Column) columnType {
		table, found := tableOf(&s.mapping.Person, set, at.Alias)
		if !found {
			return typeUnknown
		}
		return typeNamed(types[s.folded(table.Schema+"."+table.Name)][s.folded(at.Name)])
	})
	return &knowing
}

// tableOf finds the table of an alias.
func tableOf(person *mapping.Person, set *mapping.RecordSet, alias string) (mapping.Table, bool) {
	tables := []mapping.Table{person.From, set.From}
	for _, joins := range [][]mapping.Join{person.Joins, set.Joins} {
		for _, join := range joins {
			tables = append(tables, join.Table)
		}
	}
	for _, table := range tables {
		if table.Alias == alias {
			return table, true
		}
	}
	return mapping.Table{}, false
}
