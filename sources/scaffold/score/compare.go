package score

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
)

// Result is what a draft got right.
type Result struct {
	Number                       bool // the NHS number was found, or that there is none
	Kinds, KindsFound, Invented  int
	Fields, Right, Wrong, Missed int
	Extra, Sets                  int
	Joins, JoinsFound            int
	Detail                       []string // what is wrong or missed, a line each
}

// Row is a row of the table in the chapter.
func (r *Result) Row(system, words string) string {
	return fmt.Sprintf("| %s | %s | %s | %d of %d | %d of %d (%d %%) | %d | %d | %d of %d |", system, words, map[bool]string{true: "yes", false: "no"}[r.Number],
		r.KindsFound, r.Kinds, r.Right, r.Fields, 100*r.Right/r.Fields, r.Wrong, r.Missed, r.JoinsFound, r.Joins)
}

type columnSet map[string]bool

// Compare holds a draft against the mapping that was written by hand.
func Compare(want, got *mapping.Mapping) *Result {
	r := &Result{Number: samePeople(want, got)}
	for _, kind := range clinical.Kinds() {
		w, g := want.Records[kind], got.Records[kind]
		switch {
		case len(w) == 0 && len(g) > 0:
			r.Invented++
			r.Detail = append(r.Detail, "MORE "+kind.String()+" from "+g[0].From.Name)
		case len(w) > 0:
			r.Kinds++
			if overlap(tablesOf(want, w), fromOf(g)) {
				r.KindsFound++
			} else {
				r.Detail = append(r.Detail, fmt.Sprintf("KIND %s want %v got %v", kind, slices.Sorted(maps.Keys(tablesOf(want, w))), slices.Sorted(maps.Keys(fromOf(g)))))
			}
			r.compareFields(kind, fieldColumns(want, w, false), fieldColumns(got, r.matching(tablesOf(want, w), g), true))
		}
	}
	wanted, found := joinsOf(want), joinsOf(got)
	r.Joins = len(wanted)
	for join := range wanted {
		if found[join] {
			r.JoinsFound++
		} else {
			r.Detail = append(r.Detail, "JOIN "+join)
		}
	}
	return r
}

// matching are the draft's sets of tables that the hand-written mapping reads too; the others are counted.
func (r *Result) matching(tables columnSet, got []mapping.RecordSet) []mapping.RecordSet {
	var same []mapping.RecordSet
	for i := range got {
		if tables[strings.ToLower(got[i].From.Name)] {
			same = append(same, got[i])
		} else {
			r.Sets++
			r.Detail = append(r.Detail, "SET "+got[i].Kind.String()+" from "+got[i].From.Name)
		}
	}
	return same
}

// compareFields counts a field as right where the draft's first column is one that the hand-written mapping reads for it.
func (r *Result) compareFields(kind clinical.Kind, want, got map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if len(want[name]) == 0 {
			continue
		}
		r.Fields++
		switch {
		case len(got[name]) == 0:
			r.Missed++
			r.Detail = append(r.Detail, fmt.Sprintf("MISSED %s.%s want %v", kind, name, want[name]))
		case slices.ContainsFunc(got[name], func(first string) bool { return slices.Contains(want[name], first) }):
			r.Right++
		default:
			r.Wrong++
			r.Detail = append(r.Detail, fmt.Sprintf("WRONG %s.%s want %v got %v", kind, name, want[name], got[name]))
		}
	}
	for name, columns := range got {
		if len(want[name]) == 0 && len(columns) > 0 {
			r.Extra++
			r.Detail = append(r.Detail, fmt.Sprintf("EXTRA %s.%s got %v", kind, name, columns))
		}
	}
}

func overlap(a, b columnSet) bool {
	for key := range a {
		if b[key] {
			return true
		}
	}
	return false
}

// samePeople reports whether the draft reads the NHS number from a column of that name in one of the tables by which the
// hand-written mapping finds people: some systems write it in two of them.
func samePeople(want, got *mapping.Mapping) bool {
	tables := columnSet{}
	for _, table := range scopeOf(&want.Person, nil) {
		tables[table] = true
	}
	name := func(m *mapping.Mapping) *mapping.Column { return columnsOf(m.Person.NHSNumber)[0] }
	return tables[scopeOf(&got.Person, nil)[name(got).Alias]] && strings.EqualFold(name(want).Name, name(got).Name)
}

func fromOf(sets []mapping.RecordSet) columnSet {
	all := columnSet{}
	for i := range sets {
		all[strings.ToLower(sets[i].From.Name)] = true
	}
	return all
}

func tablesOf(m *mapping.Mapping, sets []mapping.RecordSet) columnSet {
	all := columnSet{}
	for _, join := range m.Person.Joins {
		all[strings.ToLower(join.Name)] = true
	}
	for i := range sets {
		all[strings.ToLower(sets[i].From.Name)] = true
		for _, join := range sets[i].Joins {
			all[strings.ToLower(join.Name)] = true
		}
	}
	return all
}

func scopeOf(person *mapping.Person, set *mapping.RecordSet) map[string]string {
	scope := map[string]string{person.From.Alias: strings.ToLower(person.From.Name)}
	for _, join := range person.Joins {
		scope[join.Alias] = strings.ToLower(join.Name)
	}
	if set != nil {
		scope[set.From.Alias] = strings.ToLower(set.From.Name)
		for _, join := range set.Joins {
			scope[join.Alias] = strings.ToLower(join.Name)
		}
	}
	return scope
}

// fieldColumns lists the columns that each field reads, or the first of them in each set.
func fieldColumns(m *mapping.Mapping, sets []mapping.RecordSet, first bool) map[string][]string {
	all := map[string][]string{}
	for i := range sets {
		scope := scopeOf(&m.Person, &sets[i])
		for name, field := range sets[i].Fields {
			exprs := []mapping.Expr{field.Value}
			if field.Date != nil {
				exprs = append(exprs, field.Date.From)
			}
			if field.Concept != nil {
				for _, coding := range field.Concept.Codings {
					exprs = append(exprs, coding.Code, coding.Display)
				}
				exprs = append(exprs, field.Concept.Text)
			}
			columns := ofAll(exprs...)
			if first {
				columns = columns[:min(1, len(columns))]
			}
			{
				for _, column := range columns {
					if key := scope[column.Alias] + "." + strings.ToLower(column.Name); !slices.Contains(all[name], key) {
						all[name] = append(all[name], key)
					}
				}
			}
		}
	}
	return all
}

// joinsOf lists the pairs of columns that tie tables together.
func joinsOf(m *mapping.Mapping) columnSet {
	all := columnSet{}
	add := func(scope map[string]string, expr mapping.Expr) {
		var walk func(mapping.Expr)
		walk = func(e mapping.Expr) {
			switch typed := e.(type) {
			case *mapping.Logic:
				for _, part := range typed.Parts {
					walk(part)
				}
			case *mapping.Compare:
				left, isLeft := typed.Left.(*mapping.Column)
				right, isRight := typed.Right.(*mapping.Column)
				if isLeft && isRight && typed.Op == "=" {
					pair := []string{scope[left.Alias] + "." + strings.ToLower(left.Name), scope[right.Alias] + "." + strings.ToLower(right.Name)}
					slices.Sort(pair)
					all[strings.Join(pair, " = ")] = true
				}
			}
		}
		walk(expr)
	}
	for _, join := range m.Person.Joins {
		add(scopeOf(&m.Person, nil), join.On)
	}
	for _, sets := range m.Records {
		for i := range sets {
			scope := scopeOf(&m.Person, &sets[i])
			add(scope, sets[i].Person)
			for _, join := range sets[i].Joins {
				add(scope, join.On)
			}
		}
	}
	return all
}

func columnsOf(expr mapping.Expr) []*mapping.Column {
	switch e := expr.(type) {
	case *mapping.Column:
		return []*mapping.Column{e}
	case *mapping.Call:
		return ofAll(e.Args...)
	case *mapping.Compare:
		return ofAll(e.Left, e.Right)
	case *mapping.Logic:
		return ofAll(e.Parts...)
	case *mapping.Not:
		return columnsOf(e.Of)
	case *mapping.IsNull:
		return columnsOf(e.Of)
	case *mapping.IsTruth:
		return columnsOf(e.Of)
	case *mapping.InList:
		return columnsOf(e.Of)
	case *mapping.Case:
		return ofAll(e.Of, e.Else)
	}
	return nil
}

func ofAll(exprs ...mapping.Expr) []*mapping.Column {
	var all []*mapping.Column
	for _, expr := range exprs {
		all = append(all, columnsOf(expr)...)
	}
	return all
}
