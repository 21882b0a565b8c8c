package sqlsource

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"onelondon/sources/mapping"
)

// types caches the database's column types. Mappings do not give them, because they only determine whether a bare
// column can be compared, so that its index is used.
type types struct {
	mutex    sync.Mutex
	known    catalogue
	declared *declared
}

// columnTypes reads the types once. If that fails, no types are known.
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

// columnType is a type as far as it matters for comparison.
type columnType uint8

const (
	typeUnknown columnType = iota
	typeText
	typeWhole  // whole numbers
	typeNumber // numbers that are displayed exactly as stored
	typeDay
	typeMoment
	typeTruth
)

// typeNamed parses the catalogue's name of a type; a collation may follow after a slash.
func typeNamed(declared string) columnType {
	name, _, _ := strings.Cut(declared, "/")
	switch name {
	case "text", "character varying", "varchar", "char", "tinytext", "mediumtext", "longtext", "nvarchar", "nchar", "ntext":
		return typeText
	case "smallint", "integer", "bigint", "tinyint", "mediumint", "int":
		return typeWhole
	case "numeric", "decimal", "double precision", "double", "float", "real", "money", "smallmoney":
		return typeNumber
	case "boolean", "bit":
		return typeTruth
	case "date":
		return typeDay
	case "timestamp without time zone", "timestamp with time zone", "datetime", "timestamp", "datetime2", "smalldatetime":
		return typeMoment
	}
	return typeUnknown
}

// typeOf is the type of an expression that is a column. A database without column types compares everything as text.
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

// knowing is the source with a dialect that knows the column types of a set.
func (s *Source) knowing(types catalogue, set *mapping.RecordSet) *Source {
	knowing := *s
	knowing.dialect = s.dialect.typed(func(at *mapping.Column) string {
		table, found := tableOf(&s.mapping.Person, set, at.Alias)
		if !found {
			return ""
		}
		return types[s.folded(table.Schema+"."+table.Name)][s.folded(at.Name)]
	})
	return &knowing
}

// writing is the source as used for writing a branch of a set, or of the person alone if set is nil. For Transact-SQL
// it must know the types, since they determine how a column becomes text.
func (s *Source) writing(set *mapping.RecordSet) *Source {
	if !s.dialect.Transact {
		return s
	}
	s.types.mutex.Lock()
	defer s.types.mutex.Unlock()
	return s.knowing(s.types.known, set)
}

// LearnTypes reads the catalogue, for drivers whose dialect needs it to write a question.
func (s *Source) LearnTypes(ctx context.Context) error {
	known, err := s.catalogue(ctx)
	if err != nil {
		return fmt.Errorf("read catalogue of source %s: %w", s.id, err)
	}
	s.types.mutex.Lock()
	defer s.types.mutex.Unlock()
	s.types.known = known
	return nil
}

// tableOf finds the table of an alias.
func tableOf(person *mapping.Person, set *mapping.RecordSet, alias string) (mapping.Table, bool) {
	tables, joined := []mapping.Table{person.From}, [][]mapping.Join{person.Joins}
	if set != nil {
		tables, joined = append(tables, set.From), append(joined, set.Joins)
	}
	for _, joins := range joined {
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
