package sqlsource

import (
	"context"
	"maps"
	"slices"

	"onelondon/internal/condition"
	"onelondon/sources/mapping"
)

// Looking for other rows of a record means reading a table twice, which costs most where everybody is counted. It need not be asked
// where the database itself vouches that there is but one row, as far as the condition reads it: by primary keys that are declared.

// declared is what the catalogue says of each table, by its names: the columns of its primary key, if it has one, and their types.
type declared struct {
	keys  map[string][]string
	types catalogue
}

// declarations reads the catalogue once. Where it cannot be read nothing is declared.
func (s *Source) declarations(ctx context.Context) *declared {
	if s.dialect.Keys == "" {
		return nil
	}
	s.types.mutex.Lock()
	defer s.types.mutex.Unlock()
	if s.types.declared != nil {
		return s.types.declared
	}
	found := &declared{keys: map[string][]string{}}
	err := s.list(ctx, s.dialect.Keys, 6, func(row []string) {
		if row[4] == "" {
			table := s.folded(row[0] + "." + row[1])
			found.keys[table] = append(found.keys[table], s.folded(row[2]))
		}
	})
	if err == nil {
		found.types, err = s.catalogue(ctx)
	}
	if err != nil {
		return nil
	}
	s.types.declared = found
	return found
}

// single reports whether all rows of a record of the set are the same in whatever the condition reads of them.
func (b *brancher) single(released condition.Condition, says *declared) bool {
	known := identified(b.set.ID)
	if says == nil || known == nil {
		return false
	}
	f := &following{brancher: b, says: says, known: known, one: aliases{}}
	for f.more() {
	}
	return f.one.has(b.read(released))
}

// identified is the one column that an identifier is made of, beside words of the mapping's own; none where it is made otherwise.
func identified(id mapping.Expr) columns {
	switch e := id.(type) {
	case *mapping.Column:
		return columns{at(e): true}
	case *mapping.Call:
		if e.Function != "concat" && e.Function != "text" {
			return nil
		}
		var found columns
		for _, arg := range e.Args {
			if _, fixed := arg.(*mapping.Literal); fixed {
				continue
			}
			if found != nil {
				return nil
			}
			if found = identified(arg); found == nil {
				return nil
			}
		}
		return found
	}
	return nil
}

// columns are those that have one value for a record.
type columns map[mapping.Column]bool

// at is a column wherever it stands in the mapping.
func at(c *mapping.Column) mapping.Column { return mapping.Column{Alias: c.Alias, Name: c.Name} }

// following finds out of which tables there is one row for a record.
type following struct {
	*brancher
	says  *declared
	known columns
	one   aliases // the tables of which there is one row
}

// more adds the tables of which there is one row by what is known, and what is compared with a column of theirs; it reports whether
// there was any more of it.
func (f *following) more() (more bool) {
	person := &f.source.mapping.Person
	inner := append(conjuncts(f.set.Person), conjuncts(f.set.Where)...)
	inner = append(inner, conjuncts(person.Where)...)
	tables := []mapping.Table{person.From, f.set.From}
	var left []mapping.Join
	for _, join := range append(append([]mapping.Join{}, person.Joins...), f.set.Joins...) {
		if join.Left {
			left = append(left, join)
			continue
		}
		inner = append(inner, conjuncts(join.On)...)
		tables = append(tables, join.Table)
	}
	more = f.equate(inner, f.known, "")
	for _, table := range tables {
		more = f.adds(table, f.known) || more
	}
	for _, join := range left {
		more = f.joins(&join) || more
	}
	return more
}

// joins adds the table of a left join. What its conditions say they say of this table alone.
func (f *following) joins(join *mapping.Join) bool {
	within, others := maps.Clone(f.known), aliasesOf(join.On)
	delete(others, join.Alias)
	f.equate(conjuncts(join.On), within, join.Alias)
	return f.one.has(others) && f.adds(join.Table, within)
}

// adds adds a table whose whole primary key has one value.
func (f *following) adds(table mapping.Table, known columns) bool {
	key := f.says.keys[f.source.folded(table.Schema+"."+table.Name)]
	if f.one[table.Alias] || len(key) == 0 {
		return false
	}
	for _, name := range key {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(c mapping.Column) bool {
			return c.Alias == table.Alias && f.source.folded(c.Name) == name
		}) {
			return false
		}
	}
	f.one[table.Alias] = true
	return true
}

// equate adds the columns that are compared for equality with one that has one value; of one table only where only names it.
func (f *following) equate(conditions []mapping.Expr, known columns, only string) (more bool) {
	has := func(c *mapping.Column) bool { return known[at(c)] || f.one[c.Alias] }
	add := func(c *mapping.Column) {
		if !known[at(c)] && (only == "" || only == c.Alias) {
			known[at(c)], more = true, true
		}
	}
	for _, condition := range conditions {
		compare, is := condition.(*mapping.Compare)
		if !is || compare.Op != "=" {
			continue
		}
		left, leftIs := compare.Left.(*mapping.Column)
		right, rightIs := compare.Right.(*mapping.Column)
		switch {
		case !leftIs || !rightIs || !f.alike(left, right):
		case has(left):
			add(right)
		case has(right):
			add(left)
		}
	}
	return more
}

// alike reports whether two columns have one type: a number is equal to many texts.
func (f *following) alike(left, right *mapping.Column) bool {
	of := f.typeOf(left)
	return of != "" && of == f.typeOf(right)
}

func (f *following) typeOf(c *mapping.Column) string {
	table, found := tableOf(&f.source.mapping.Person, f.set, c.Alias)
	if !found {
		return ""
	}
	return f.says.types[f.source.folded(table.Schema+"."+table.Name)][f.source.folded(c.Name)]
}
