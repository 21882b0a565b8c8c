package sqlsource

import (
	"slices"
	"strings"

	"onelondon/sources/mapping"
)

// aliases is a set of table aliases.
type aliases map[string]bool

func (a aliases) has(all aliases) bool {
	for alias := range all {
		if !a[alias] {
			return false
		}
	}
	return true
}

// note adds the aliases used in expressions.
func (a aliases) note(exprs ...mapping.Expr) {
	for _, e := range exprs {
		for _, c := range columnsOf(e) {
			a[c.Alias] = true
		}
	}
}

// columnsOf lists the columns that an expression reads.
func columnsOf(e mapping.Expr) []*mapping.Column {
	var parts []mapping.Expr
	switch e := e.(type) {
	case *mapping.Column:
		return []*mapping.Column{e}
	case *mapping.Call:
		parts = e.Args
	case *mapping.Compare:
		parts = []mapping.Expr{e.Left, e.Right}
	case *mapping.Logic:
		parts = e.Parts
	case *mapping.Not:
		parts = []mapping.Expr{e.Of}
	case *mapping.IsNull:
		parts = []mapping.Expr{e.Of}
	case *mapping.IsTruth:
		parts = []mapping.Expr{e.Of}
	case *mapping.InList:
		parts = []mapping.Expr{e.Of}
	case *mapping.Case:
		parts = []mapping.Expr{e.Of, e.Else}
	case *mapping.Latest:
		all := slices.Clone(e.Of)
		for _, c := range []*mapping.Column{e.Number, e.Text} {
			if c != nil {
				all = append(all, c)
			}
		}
		return all
	}
	var all []*mapping.Column
	for _, part := range parts {
		all = append(all, columnsOf(part)...)
	}
	return all
}

func aliasesOf(e mapping.Expr) aliases {
	set := aliases{}
	set.note(e)
	return set
}

// conjuncts splits a conjunction.
func conjuncts(e mapping.Expr) []mapping.Expr {
	if e == nil {
		return nil
	}
	if l, ok := e.(*mapping.Logic); ok && l.Op == "and" {
		var all []mapping.Expr
		for _, part := range l.Parts {
			all = append(all, conjuncts(part)...)
		}
		return all
	}
	return []mapping.Expr{e}
}

// joiner orders tables so that each one is reached from those before it, starting with the person's. The statement then
// reads in the order in which the database should run it, and a database that considers few orders still finds a good
// one.
type joiner struct {
	dialect *Dialect
	reached aliases
	pool    []mapping.Expr // conditions of inner joins that have not been placed
	rest    []mapping.Join
	sql     strings.Builder
}

// from writes the FROM clause of a record set, or of the person alone if set is nil. Left joins that nothing in used
// needs are left out, since they add neither rows nor requested columns. Conditions that could be placed at no join are
// returned.
func (d *Dialect) from(person *mapping.Person, set *mapping.RecordSet, used aliases) (sql string, rest []mapping.Expr) {
	j := &joiner{dialect: d, reached: aliases{person.From.Alias: true}}
	joins := append([]mapping.Join(nil), person.Joins...)
	if set != nil {
		j.pool = append(j.pool, conjuncts(set.Person)...)
		if set.From.Alias != person.From.Alias {
			joins = append(joins, mapping.Join{Table: set.From})
		}
		joins = append(joins, set.Joins...)
		used.note(set.Person)
	}
	j.rest = needed(joins, used)
	for i := range j.rest {
		if !j.rest[i].Left {
			j.pool = append(j.pool, conjuncts(j.rest[i].On)...)
		}
	}
	j.sql.WriteString(d.table(person.From))
	for len(j.rest) > 0 {
		j.place(j.next())
	}
	return j.sql.String(), j.pool
}

func (d *Dialect) table(t mapping.Table) string {
	sql := d.name(t.Name) + " AS " + d.name(t.Alias)
	if t.Schema != "" {
		sql = d.name(t.Schema) + "." + sql
	}
	return sql
}

// needed drops left joins whose columns are not used.
func needed(joins []mapping.Join, used aliases) []mapping.Join {
	for _, join := range joins {
		if !join.Left {
			used.note(join.On)
		}
	}
	var kept []mapping.Join
	for i := len(joins) - 1; i >= 0; i-- {
		if joins[i].Left && !used[joins[i].Alias] {
			continue
		}
		used.note(joins[i].On)
		kept = append([]mapping.Join{joins[i]}, kept...)
	}
	return kept
}

// next chooses the table to place next: an inner one that a condition ties to those reached, else a left one that is
// ready.
func (j *joiner) next() int {
	for i := range j.rest {
		if !j.rest[i].Left && j.tied(j.rest[i].Alias) {
			return i
		}
	}
	for i := range j.rest {
		on := aliasesOf(j.rest[i].On)
		delete(on, j.rest[i].Alias)
		if j.rest[i].Left && j.reached.has(on) {
			return i
		}
	}
	return 0
}

func (j *joiner) tied(alias string) bool {
	for _, condition := range j.pool {
		speaks := aliasesOf(condition)
		if !speaks[alias] {
			continue
		}
		delete(speaks, alias)
		if len(speaks) > 0 && j.reached.has(speaks) {
			return true
		}
	}
	return false
}

func (j *joiner) place(i int) {
	join := j.rest[i]
	j.rest = append(j.rest[:i:i], j.rest[i+1:]...)
	j.reached[join.Alias] = true
	if join.Left {
		j.sql.WriteString(" LEFT JOIN " + j.dialect.table(join.Table) + " ON " + j.dialect.truth(join.On))
		return
	}
	var on []string
	var later []mapping.Expr
	for _, condition := range j.pool {
		if j.reached.has(aliasesOf(condition)) {
			on = append(on, j.dialect.truth(condition))
		} else {
			later = append(later, condition)
		}
	}
	j.pool = later
	if len(on) == 0 {
		on = []string{j.dialect.yes()}
	}
	j.sql.WriteString(" JOIN " + j.dialect.table(join.Table) + " ON " + strings.Join(on, " AND "))
}
