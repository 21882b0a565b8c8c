package engine

import (
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// Plan is how a definition is answered: what each source is asked, and how the answers are joined. It does not change.
type Plan struct {
	// Definition is what is answered; its code lists hold their codes.
	Definition cohort.Definition
	// Questions are what is asked of every source that holds the kind. Their conditions are the run's to add.
	Questions []Question
	// Facts says whether sources are asked for registrations.
	Facts bool
	// Sources are those that are asked anything, in order of their ids.
	Sources []SourcePlan

	sets    []set
	people  criterion // nil for everybody
	groups  map[string]criterion
	numbers map[string]int // of sets by name
	cells   layout
}

// Question is what is asked for a recorded set.
type Question struct {
	Name string // of the set; several questions may be asked for one
	sources.RecordedSet
}

// SourcePlan says what one source is asked.
type SourcePlan struct {
	Source    clinical.SourceID
	Questions []int // in order
	Facts     bool
}

// NewPlan plans a definition whose code lists hold their codes, over sources. It takes for granted what package cohort checks, and
// refuses whatever it cannot find.
func NewPlan(definition cohort.Definition, specs []sources.Spec) (*Plan, error) {
	plan := &Plan{Definition: definition, groups: map[string]criterion{}, numbers: map[string]int{}}
	c := &compiler{definition: &definition, codes: map[string][]sources.Code{}, numbers: plan.numbers, plan: plan}
	if len(definition.Measures) == 0 {
		return nil, fmt.Errorf("%w: nothing is measured", ErrDefinition)
	}
	if err := c.lists(); err != nil {
		return nil, err
	}
	for i := range definition.Events {
		compiled, err := c.set(&definition.Events[i])
		if err != nil {
			return nil, err
		}
		plan.numbers[compiled.name] = i
		plan.sets = append(plan.sets, compiled)
	}
	needs := make([]*need, len(plan.sets))
	if err := c.uses(needs); err != nil {
		return nil, err
	}
	if err := c.questions(needs); err != nil {
		return nil, err
	}
	plan.allot(specs)
	return plan, nil
}

// uses notes what the definition's people, dimensions and measures need of sets.
func (c *compiler) uses(needs []*need) (err error) {
	c.found, c.facts = nil, false
	if c.definition.People != nil {
		if c.plan.people, err = c.criterion(c.definition.People); err != nil {
			return err
		}
	}
	if err := c.layout(needs); err != nil {
		return err
	}
	for _, h := range c.found {
		c.need(needs, h.set, needOf(h, c.definition.AsAt, c.definition.AsAt))
	}
	c.plan.Facts = c.facts || c.plan.people == nil || !anchored(c.plan.people)
	return nil
}

// need adds to what is needed of a set. Nothing after the day of the question counts.
func (c *compiler) need(needs []*need, set int, n need) {
	n.until = narrower(n.until, c.definition.AsAt, true)
	needs[set] = join(needs[set], n)
}

// anchored reports whether a criterion is true of nobody who has no event.
func anchored(of criterion) bool {
	switch of := of.(type) {
	case has:
		return of.least > 0
	case allOf:
		return slices.ContainsFunc(of, anchored)
	case anyOf:
		return !slices.ContainsFunc(of, func(part criterion) bool { return !anchored(part) })
	case someOf:
		loose := 0
		for _, part := range of.of {
			loose += boolean(!anchored(part))
		}
		return of.atLeast > loose
	}
	return false
}

// questions goes through the sets from the last, so that all that uses a set is known before what the set itself needs.
func (c *compiler) questions(needs []*need) error {
	beneath := make([]need, len(needs))
	for i := len(c.plan.sets) - 1; i >= 0; i-- {
		s, from := &c.plan.sets[i], &c.definition.Events[i]
		if needs[i] == nil {
			continue
		}
		recorded := from.Kind != nil
		if recorded && s.run == 0 {
			s.value = nil // the sources apply it
		}
		b := s.beneath(*needs[i], recorded)
		b.until = narrower(b.until, c.definition.AsAt, true)
		c.plan.Facts = c.plan.Facts || s.byFacts
		for _, h := range s.inWhere {
			c.need(needs, h.set, needOf(h, b.from, b.until))
		}
		beneath[i] = b
		for _, of := range s.of {
			c.need(needs, of, b)
		}
		if recorded {
			number, err := c.ask(from, b)
			if err != nil {
				return err
			}
			s.question = number
		}
	}
	c.dated()
	for i := range needs {
		if needs[i] == nil {
			continue
		}
		if err := c.units(i, beneath); err != nil {
			return err
		}
	}
	return nil
}

// ask adds the question for a recorded set.
func (c *compiler) ask(from *cohort.EventSet, n need) (int, error) {
	asked, err := c.recorded(from)
	if err != nil {
		return 0, err
	}
	asked.Wanted, asked.From, asked.Until, asked.Undated = n.wanted, n.from, n.until, n.undated
	asked.Reduce = n.reduce
	if n.undated && n.reduce != sources.ReduceToAny {
		asked.Reduce = sources.ReduceNothing // which of them is first is not known
	}
	c.plan.Questions = append(c.plan.Questions, Question{from.Name, asked})
	return len(c.plan.Questions) - 1, nil
}

// units asks for the events whose units a set tests by itself: an event is handed over without its unit.
func (c *compiler) units(number int, beneath []need) error {
	s := &c.plan.sets[number]
	if s.value == nil || len(s.value.Units) == 0 {
		return nil
	}
	for _, leaf := range c.leaves(number) {
		n := beneath[leaf] // no event is tested that was not asked for
		n.wanted, n.reduce = sources.WantDay|sources.WantMark, sources.ReduceNothing
		question, err := c.ask(&c.definition.Events[leaf], n)
		if err != nil {
			return err
		}
		c.plan.Questions[question].Value = boundsOf(s.value)
		s.tested = append(s.tested, question)
	}
	return nil
}

// leaves are the recorded sets that a set is made of in the end.
func (c *compiler) leaves(number int) []int {
	if len(c.plan.sets[number].of) == 0 {
		return []int{number}
	}
	var leaves []int
	for _, of := range c.plan.sets[number].of {
		leaves = append(leaves, c.leaves(of)...)
	}
	slices.Sort(leaves)
	return slices.Compact(leaves)
}

// dated notes of which sets the events' days are known.
func (c *compiler) dated() {
	for i := range c.plan.sets {
		s := &c.plan.sets[i]
		s.dated = s.question < 0 || c.plan.Questions[s.question].Wanted&sources.WantDay != 0
		for _, of := range s.of {
			s.dated = s.dated && c.plan.sets[of].dated
		}
	}
}

// AskFacts asks for registrations too, though the definition may do without.
func (p *Plan) AskFacts(specs []sources.Spec) {
	p.Facts, p.Sources = true, nil
	p.allot(specs)
}

// allot gives each source the questions that it may have anything to say to.
func (p *Plan) allot(specs []sources.Spec) {
	for i := range specs {
		spec := &specs[i]
		asked := SourcePlan{Source: spec.ID, Facts: p.Facts && slices.Contains(spec.Kinds, clinical.KindRegistration)}
		for q := range p.Questions {
			question := &p.Questions[q]
			elsewhere := spec.Organisation != "" && len(question.Organisations) > 0 && !slices.Contains(question.Organisations, spec.Organisation)
			if slices.Contains(spec.Kinds, question.Kind) && !elsewhere {
				asked.Questions = append(asked.Questions, q)
			}
		}
		if asked.Facts || len(asked.Questions) > 0 {
			p.Sources = append(p.Sources, asked)
		}
	}
	slices.SortFunc(p.Sources, func(a, b SourcePlan) int { return compareText(a.Source, b.Source) })
}
