package cohort

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// spoken is of what a criterion is told, and how.
type spoken struct {
	event   bool // on the day of an event
	negated bool
	inner   bool // among others, so that a list of several stands in brackets
}

// criterion is what a person is or had, to follow "people who".
func (w *wording) criterion(c *Criterion, as spoken) string {
	switch {
	case c.All != nil:
		return w.several(c.All, "and", as)
	case c.Any != nil:
		return w.several(c.Any, "or", as)
	case c.Not != nil:
		as.negated = !as.negated
		return w.criterion(c.Not, as)
	case c.Some != nil:
		return w.some(c.Some, as)
	case c.Has != nil:
		return w.has(c.Has, as)
	}
	return w.fact(c, as)
}

// several joins criteria. Not all is told as any not, and not any as all not.
func (w *wording) several(of []Criterion, word string, as spoken) string {
	if as.negated {
		word = map[string]string{"and": "or", "or": "and"}[word]
	}
	inner := as
	inner.inner = len(of) > 1 || as.inner
	var parts []string
	for i := range of {
		parts = append(parts, w.criterion(&of[i], inner))
	}
	text := joined(parts, word)
	switch {
	case len(of) > 1 && as.inner:
		return "(" + text + ")"
	case len(of) > 1 && word == "or":
		return "either " + text
	}
	return text
}

func (w *wording) some(some *Some, as spoken) string {
	inner := spoken{event: as.event, inner: true}
	var parts []string
	for i := range some.Of {
		parts = append(parts, w.criterion(&some.Of[i], inner))
	}
	count := fmt.Sprintf("at least %d", some.AtLeast)
	if as.negated {
		count = fmt.Sprintf("fewer than %d", some.AtLeast)
	}
	return fmt.Sprintf("meet %s of these %d: (%s)", count, len(some.Of), strings.Join(parts, "; "))
}

// fact is what a person is.
func (w *wording) fact(c *Criterion, as spoken) string {
	are := "are "
	if as.negated {
		are = "are not "
	}
	switch {
	case c.Age != nil:
		return are + "aged " + c.Age.ages()
	case c.Sex != nil:
		return are + joined(sexWords(c.Sex), "or")
	case c.Borough != nil:
		return are + "registered at a practice in " + joined(c.Borough, "or")
	case c.Practice != nil:
		return are + "registered at the practice " + joined(texts(c.Practice), "or")
	case c.Registered != nil && *c.Registered != as.negated:
		return "are registered at a practice"
	case c.Registered != nil:
		return "are not registered at any practice"
	case c.Alive != nil && *c.Alive != as.negated:
		return "are alive"
	case c.Alive != nil:
		return "have died"
	}
	return "are anybody"
}

func sexWords(of []clinical.Gender) []string {
	words := lowered(of)
	for i, sex := range of {
		switch sex {
		case clinical.GenderUnknown:
			words[i] = "of a sex that is not known"
		case clinical.GenderOther:
			words[i] = "of another sex"
		}
	}
	return words
}

func (r *Range) ages() string {
	switch {
	case r.From != nil && r.Until != nil && *r.From == *r.Until:
		return fmt.Sprint(*r.From)
	case r.From != nil && r.Until != nil:
		return fmt.Sprintf("%d to %d", *r.From, *r.Until)
	case r.From != nil:
		return fmt.Sprintf("%d or over", *r.From)
	}
	return fmt.Sprintf("%d or under", *r.Until)
}

// has is what events a person had, and when.
func (w *wording) has(has *Has, as spoken) string {
	n := w.noun(has.Events)
	least, most := has.Least(), has.AtMost
	text := ""
	switch {
	case n.pick != "":
		text = theirs(n, (least > 0) == as.negated)
	case least > 0 && most == nil && as.negated && least == 1, least == 0 && most != nil && *most == 0 && !as.negated:
		text = "had no " + n.one
	case least == 1 && most == nil && !as.negated, least == 0 && most != nil && *most == 0:
		text = "had " + article(n.one)
	default:
		text = "had " + amount(least, most, as.negated) + " " + n.many
	}
	when := w.when(has, as)
	if n.dated && has.Ending == nil && when != "" {
		when = ", falling" + when
	}
	return text + n.rest + when
}

// theirs speaks of an event of which a person has one at most.
func theirs(n noun, none bool) string {
	had := "had"
	if none {
		had = "did not have"
	}
	return fmt.Sprintf("%s their %s %s", had, n.pick, n.one)
}

func article(noun string) string {
	if strings.ContainsRune("aeiouAEIOU", rune(noun[0])) && !strings.HasPrefix(noun, "un") {
		return "an " + noun
	}
	return "a " + noun
}

// amount says how many.
func amount(least int, most *int, negated bool) string {
	switch {
	case most == nil && negated:
		return fmt.Sprintf("fewer than %d", least)
	case most == nil:
		return fmt.Sprintf("at least %d", least)
	case least == 0 && negated:
		return fmt.Sprintf("more than %d", *most)
	case least == 0:
		return fmt.Sprintf("at most %d", *most)
	case negated:
		return fmt.Sprintf("fewer than %d or more than %d", least, *most)
	case least == *most:
		return fmt.Sprintf("exactly %d", least)
	}
	return fmt.Sprintf("%d to %d", least, *most)
}
