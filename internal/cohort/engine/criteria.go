package engine

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// chosen says of whom it is told whether they satisfy the definition, and what that takes.
func (p *Plan) chosen() string {
	who := "of everybody with an event, those"
	switch {
	case p.people == nil:
		return "everybody who is registered anywhere"
	case !anchored(p.people):
		who = "of everybody who is registered anywhere, those"
	}
	return who + " of whom is true: " + describe(p.Definition.People)
}

// choice says how a set is chosen from what was asked or from other sets; nothing where it is all of them.
func (p *Plan) choice(of *cohort.EventSet) string {
	var parts []string
	if len(of.Of) > 0 {
		parts = append(parts, "made of "+strings.Join(of.Of, ", "))
		parts = append(parts, p.narrowing(of)...)
	}
	if of.Run > 0 {
		parts = append(parts, fmt.Sprintf("%d in a row", of.Run))
	}
	if of.Where != nil {
		parts = append(parts, "where "+describe(of.Where))
	}
	if of.Pick == cohort.PickFirst || of.Pick == cohort.PickLatest {
		parts = append(parts, strings.ToLower(string(of.Pick)))
	}
	return strings.Join(parts, "; ")
}

// narrowing says by which values and days a made set is narrowed. A recorded one's stand in what is asked.
func (p *Plan) narrowing(of *cohort.EventSet) (parts []string) {
	if of.Value != nil {
		asked := Question{RecordedSet: sources.RecordedSet{Value: boundsOf(of.Value), From: clinical.NoDay, Until: clinical.NoDay}}
		parts = append(parts, asked.narrowed()...)
	}
	if of.From != nil {
		parts = append(parts, "from "+of.From.In(p.Definition.AsAt).String())
	}
	if of.Until != nil {
		parts = append(parts, "until "+of.Until.In(p.Definition.AsAt).String())
	}
	return parts
}

// describe writes a criterion in one line.
func describe(of *cohort.Criterion) string {
	switch {
	case of.All != nil:
		return several(of.All, " and ")
	case of.Any != nil:
		return several(of.Any, " or ")
	case of.Not != nil:
		return "not " + describe(of.Not)
	case of.Some != nil:
		return fmt.Sprintf("at least %d of %s", of.Some.AtLeast, several(of.Some.Of, ", "))
	case of.Has != nil:
		return describeHas(of.Has)
	case of.Age != nil:
		return "age" + between(of.Age.From, of.Age.Until, "")
	case of.Registered != nil:
		return fmt.Sprintf("registered %t", *of.Registered)
	case of.Alive != nil:
		return fmt.Sprintf("alive %t", *of.Alive)
	}
	for _, each := range [][]string{listed("sex", of.Sex), listed("borough", of.Borough), listed("practice", of.Practice)} {
		if len(each) > 0 {
			return each[0]
		}
	}
	return "nothing"
}

func several(of []cohort.Criterion, between string) string {
	parts := make([]string, len(of))
	for i := range of {
		parts[i] = describe(&of[i])
	}
	return "(" + strings.Join(parts, between) + ")"
}

func describeHas(of *cohort.Has) string {
	text := "has " + of.Events
	if of.AtLeast != nil || of.AtMost != nil {
		text += between(of.AtLeast, of.AtMost, " times")
	}
	if of.From != nil || of.Until != nil {
		text += between(of.From, of.Until, " days away")
	}
	if of.Anchor == cohort.AnchorEnd {
		text += " from the end"
	}
	if of.Ending != nil {
		text += ", ending" + between(of.Ending.From, of.Ending.Until, " days away")
	}
	return text
}

// between writes a range whose ends are included, either of which may be open.
func between(from, until *int, unit string) string {
	switch {
	case from != nil && until != nil:
		return fmt.Sprintf(" %d to %d%s", *from, *until, unit)
	case from != nil:
		return fmt.Sprintf(" %d or more%s", *from, unit)
	case until != nil:
		return fmt.Sprintf(" %d or less%s", *until, unit)
	}
	return " any"
}
