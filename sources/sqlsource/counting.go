package sqlsource

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// counted is one counting statement, with its values and the layouts of its rows.
type counted struct {
	statement *Statement
	args      []any
	layouts   []*eventLayout // by branch number
}

// counting writes the branch of one set of records for counting: the people and rows that count, only the columns that
// are wanted, and every restriction that the database can apply. Comparisons that a database may get wrong, such as
// with an invalid date, are repeated when the row is read.
type counting struct {
	*brancher
	wanted *sources.RecordedSet
	types  catalogue
	given  *[]any              // values of placeholders
	looked map[string][]string // results of earlier queries of code tables
	caller string
	rows   *eventLayout
}

// give binds a value; if placeholders are numbered, equal values share one.
func (c *counting) give(value any) string {
	if c.source.dialect.Transact {
		if at := slices.Index(*c.given, value); at >= 0 {
			return c.bind(slot{value: slotGiven, a: at})
		}
	}
	*c.given = append(*c.given, value)
	return c.bind(slot{value: slotGiven, a: len(*c.given) - 1})
}

// beside starts a separate statement.
func (c *counting) beside() *counting {
	return &counting{brancher: &brancher{source: c.source, set: c.set, slots: &[]slot{}}, types: c.types, given: &[]any{}}
}

// study makes a counting statement.
func (s *Source) study(sql string, width int) *Statement {
	return &Statement{SQL: sql, Width: width, Once: true, Long: true, Limit: s.studyTimeout, serial: s.serials.Add(1)}
}

// lookupsOfCodes is the maximum number of lookups of a coding among the codes asked for: with and without its
// terminology, in two columns from which it may be read.
const lookupsOfCodes = 4

// count plans the statements for one set: nearly always one, over all of the mapping's record sets of the kind.
func (s *Source) count(ctx context.Context, wanted *sources.RecordedSet, caller string, looked map[string][]string) ([]counted, error) {
	query := &sources.Query{Parts: []sources.Part{{Kind: wanted.Kind, Condition: wanted.Condition,
		Filter: sources.Filter{Statuses: wanted.Statuses}}}}
	var branches []branchOf
	sets := s.mapping.Records[wanted.Kind]
	for i := range sets {
		branches = append(branches, branchOf{set: &sets[i]})
	}
	var all []counted
	more := 0
	if len(wanted.Codes) > 0 {
		more = lookupsOfCodes
	}
	for _, chunk := range s.chunked(query, branches, more) {
		slots, given := []slot{}, []any{}
		base := counting{wanted: wanted, types: s.columnTypes(ctx), given: &given, looked: looked, caller: caller}
		one, err := s.countChunk(ctx, base, query, chunk, &slots)
		if err != nil {
			return nil, err
		}
		if len(one.layouts) == 0 {
			continue
		}
		one.args = s.bindCounting(slots, query, given)
		all = append(all, one)
	}
	return all, nil
}

func (s *Source) countChunk(ctx context.Context, base counting, query *sources.Query, chunk []branchOf, slots *[]slot) (counted, error) {
	lists := listsOf(query)
	base.brancher = &brancher{source: s, slots: slots}
	with := base.tables(lists)
	one := counted{}
	var writers []*counting
	for _, branch := range chunk {
		c := base
		c.brancher = &brancher{source: s.knowing(base.types, branch.set), set: branch.set, asked: &query.Parts[0], slots: slots, lists: lists, used: aliases{}}
		c.layEvents(len(chunk) == 1)
		writers = append(writers, &c)
	}
	width := 0
	for _, c := range writers {
		width = max(width, c.rows.width())
	}
	var sql []string
	for _, c := range writers {
		before := len(*slots)
		text, err := c.write(ctx, strconv.Itoa(len(one.layouts)), width)
		if err != nil {
			return counted{}, err
		}
		if text == "" {
			*slots = (*slots)[:before]
			continue
		}
		sql = append(sql, text)
		one.layouts = append(one.layouts, c.rows)
	}
	one.statement = s.study(with+strings.Join(sql, "\nUNION ALL\n"), width)
	return one, nil
}

// bindCounting puts the values in the order of the placeholders.
func (s *Source) bindCounting(slots []slot, query *sources.Query, given []any) []any {
	args := make([]any, len(slots))
	for i := range slots {
		switch slots[i].value {
		case slotGiven:
			args[i] = given[slots[i].a]
		case slotList:
			args[i] = listsOf(query)[slots[i].a].JSON()
		default:
			args[i] = s.value(&slots[i], query)
		}
	}
	return args
}

// write returns the branch, or "" if no row can be in it.
func (c *counting) write(ctx context.Context, number string, width int) (string, error) {
	d, person := c.source.dialect, &c.source.mapping.Person
	if some, err := c.whichCodes(ctx); err != nil || !some {
		return "", err
	}
	c.everybody()
	if partOf := c.set.Fields[planField].Value; partOf != nil && c.set.Kind != clinical.KindRegistration {
		plan, _ := c.source.filled(partOf, c.used)
		c.and(plan + " IS NULL") // it is treated like its plan, and plans are not counted
	}
	released, some := c.condition(c.wanted.Condition)
	c.and(released)
	if !some || !c.whichWords() {
		return "", nil
	}
	if c.differs(c.wanted.Condition) && !c.single(c.wanted.Condition, c.source.declarations(ctx)) {
		c.and(c.held(c.wanted.Condition, true))
	}
	if len(c.wanted.Statuses) > 0 {
		c.and(c.statuses(len(c.wanted.Statuses)))
	}
	c.days()
	c.values()
	grouped := c.reduce()
	from, rest := d.from(person, c.set, c.used)
	for _, e := range rest {
		c.and(d.truth(e))
	}
	columns := append([]string{c.rows.plain(person.NHSNumber)}, c.rows.selects...)
	for !c.rows.alone && len(columns) < width-1 {
		columns = append(columns, d.null())
	}
	if !c.rows.alone {
		columns = append(columns, d.literal(number))
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + from + " WHERE " + strings.Join(c.where, " AND ") + grouped, nil
}

// everybody excludes people who must not be counted, and rows that are not records.
func (c *counting) everybody() {
	d, person := c.source.dialect, &c.source.mapping.Person
	c.used.note(person.NHSNumber, person.Where, person.Sensitive, c.set.Where, c.set.ID)
	c.and(d.operand(person.NHSNumber) + " IS NOT NULL")
	for _, e := range []mapping.Expr{person.Where, c.set.Where} {
		if e != nil {
			c.and(d.truth(e))
		}
	}
	if person.Sensitive != nil {
		c.and(d.isTruth(&mapping.IsTruth{Of: person.Sensitive, Want: true, Negate: true}))
	}
	if id, isColumn := c.set.ID.(*mapping.Column); isColumn {
		c.and(d.column(id) + " IS NOT NULL")
	}
}

// whichWords keeps rows with the wanted classes and organisations; it returns false if there can be none.
func (c *counting) whichWords() bool {
	return c.oneOf(c.set.Fields["class"].Value, textsOf(c.wanted.Classes)) &&
		c.oneOf(c.source.organisation(c.set).Code, textsOf(c.wanted.Organisations))
}

func textsOf[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return texts
}

// oneOf keeps rows in which an expression equals one of some texts; without texts it keeps all.
func (c *counting) oneOf(e mapping.Expr, texts []string) bool {
	if len(texts) == 0 {
		return true
	}
	if fixed, isFixed := e.(*mapping.Literal); isFixed {
		for _, text := range texts {
			if text != "" && text == constant(fixed) {
				return true
			}
		}
		return false
	}
	sql, ok := c.source.filled(e, c.used)
	if !ok {
		return false
	}
	if c.source.dialect.Transact && len(texts) > mostPlaces {
		c.and(sql + " IN (" + c.source.dialect.within(c.give(jsonOf(texts))) + ")")
		return true
	}
	places := make([]string, len(texts))
	for i, text := range texts {
		places[i] = c.source.dialect.ended(c.give(text))
	}
	c.and(sql + " IN (" + strings.Join(places, ", ") + ")")
	return true
}
