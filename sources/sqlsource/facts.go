package sqlsource

import (
	"context"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// factLayout is how the rows of one branch become facts.
type factLayout struct {
	eventLayout // for its methods of selecting; of its cells only the dates and the organisation are used

	id, practice, registered, sex textCell
	birth, death                  dateCell
}

// Facts asks for everybody's registrations in one statement.
func (s *Source) Facts(ctx context.Context, query sources.FactQuery, each func(sources.Facts) error) error {
	return s.studying(ctx, "count facts", func() error {
		caller := callerText(&query.Caller)
		wanted := &sources.RecordedSet{Kind: clinical.KindRegistration, Condition: query.Condition, From: clinical.NoDay, Until: clinical.NoDay}
		r := &factReading{source: s.id, people: newPseudonyms(query.Stand, s.mapping.Person.Format), each: each, words: map[string]clinical.Text{}}
		statement, args, layouts, err := s.countFacts(ctx, wanted, caller)
		if err != nil || statement == nil {
			return err
		}
		r.layouts = layouts
		if err := s.connection.Stream(ctx, statement, args, caller, r.row); err != nil {
			if r.stopped != nil {
				return stopped{r.stopped}
			}
			return err
		}
		return nil
	})
}

func (s *Source) countFacts(ctx context.Context, wanted *sources.RecordedSet, caller string) (*Statement, []any, []*factLayout, error) {
	query := &sources.Query{Parts: []sources.Part{{Kind: wanted.Kind, Condition: wanted.Condition}}}
	slots, given := []slot{}, []any{}
	lists := listsOf(query)
	with := s.unpack(lists, &slots)
	var layouts []*factLayout
	var sql []string
	sets := s.mapping.Records[wanted.Kind]
	width, writers, all := 0, []*counting{}, []*factLayout{}
	for i := range sets {
		b := &brancher{source: s.knowing(s.columnTypes(ctx), &sets[i]), set: &sets[i], asked: &query.Parts[0], slots: &slots, lists: lists, used: aliases{}}
		c := &counting{brancher: b, wanted: wanted, types: s.columnTypes(ctx), given: &given, caller: caller}
		l := c.layFacts(len(sets) == 1)
		c.rows = &l.eventLayout
		width = max(width, l.width())
		writers, all = append(writers, c), append(all, l)
	}
	for i, c := range writers {
		before := len(slots)
		text, err := c.write(ctx, strconv.Itoa(len(layouts)), width)
		if err != nil {
			return nil, nil, nil, err
		}
		if text == "" {
			slots = slots[:before]
			continue
		}
		sql, layouts = append(sql, text), append(layouts, all[i])
	}
	if len(sql) == 0 {
		return nil, nil, nil, nil
	}
	return s.study(with+strings.Join(sql, "\nUNION ALL\n"), width), s.bindCounting(slots, query, given), layouts, nil
}

func (c *counting) layFacts(alone bool) *factLayout {
	l := &factLayout{eventLayout: eventLayout{dialect: c.source.dialect, used: c.used, alone: alone}}
	fields := c.set.Fields
	l.id = l.text(c.set.ID)
	l.organisation = l.text(c.source.organisation(c.set).Code)
	l.practice, l.sex = l.text(fields["practice"].Value), l.text(fields["gender"].Value)
	l.date, l.end = l.day(fields[dateField].Date), l.day(fields["end"].Date)
	l.birth, l.death = l.day(fields["birthDate"].Date), l.day(fields["deathDate"].Date)
	l.registered = c.said(&l.eventLayout, c.source.mapping.Person.Registered)
	return l
}

// said selects a truth value.
func (c *counting) said(l *eventLayout, e mapping.Expr) textCell {
	if e == nil {
		return textCell{}
	}
	if _, isFixed := e.(*mapping.Literal); isFixed {
		return l.text(e)
	}
	l.used.note(e)
	return l.add(l.dialect.said(e))
}

// factReading turns rows into facts.
type factReading struct {
	source  clinical.SourceID
	layouts []*factLayout
	people  *pseudonyms
	words   map[string]clinical.Text // cache of organisation codes, which are few
	each    func(sources.Facts) error
	stopped error
}

func (r *factReading) row(row [][]byte) error {
	branch, ok := branchOfRow(row, len(r.layouts), r.layouts[0].alone)
	if !ok {
		return nil
	}
	person, counts := r.people.of(row[columnPerson])
	if !counts {
		return nil
	}
	facts, ok := r.facts(r.layouts[branch], row)
	if !ok {
		return nil
	}
	facts.Person = person
	r.stopped = r.each(facts)
	return r.stopped
}

// facts reads a registration; ok is false for a row that is not one.
func (r *factReading) facts(l *factLayout, row [][]byte) (facts sources.Facts, ok bool) {
	facts.Source, facts.ID = r.source, clinical.Text(valid(l.id.of(row)))
	if facts.ID == "" {
		return facts, false
	}
	facts.Organisation, facts.Practice = r.word(l.organisation.of(row)), r.word(l.practice.of(row))
	facts.Registered, _ = truthOf(string(l.registered.of(row)))
	if sex := clinical.Gender(r.word(l.sex.of(row))); sex.Known() {
		facts.Sex = sex
	}
	for _, date := range [...]struct {
		cell *dateCell
		day  *clinical.Day
	}{{&l.date, &facts.From}, {&l.end, &facts.Until}, {&l.birth, &facts.Birth}, {&l.death, &facts.Death}} {
		read, ok := date.cell.read(row)
		if !ok {
			return facts, false
		}
		*date.day = read.Day()
	}
	return facts, true
}

func (r *factReading) word(code []byte) clinical.Text {
	if known, ok := r.words[string(code)]; ok {
		return known
	}
	word := clinical.Text(valid(code))
	r.words[string(code)] = word
	return word
}
