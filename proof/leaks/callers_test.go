package leaks_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"onelondon/internal/auth"
)

// caller is somebody with a token, and whom they have broken the glass for.
type caller struct {
	who    auth.Person
	token  string
	grants map[*being]string
}

// caller draws somebody to ask, and lets some of them break the glass.
func (w *world) caller(t *testing.T, d dice, i int) *caller {
	c := &caller{who: auth.Person{Subject: fmt.Sprintf("caller-%d", i), Name: "Somebody"}, grants: map[*being]string{}}
	if d.chance(4) {
		c.who.NHSNumber, c.who.Purpose = one(d, w.people...).number.Reveal(), one(d, "PATRQT", "PATRQT", "PATRQT", "TREAT")
	} else {
		c.who.Role = one(d, "R0260", "R0260", "R0260", "R9102", "R9102", "R0620", "R0620", "R1290", "R1070", "R1730",
			"R1330", "R5007", "R5105", "R5105")
		c.who.Organisation = one(d, "F84010", "F84022", "R1H", "RQX", "RYJ", "X99999")
		c.who.Purpose = one(d, "TREAT", "TREAT", "TREAT", "TREAT", "TREAT", "ETREAT", "ETREAT", "HRESCH")
		c.who.Activities = one(d, []string{"B0360"}, []string{"B0370"}, []string{"B0264", "B0360"}, nil)
		if d.chance(3) { // somebody on duty, who may override consent
			c.who.Role, c.who.Purpose = one(d, "R0260", "R9102", "R0620", "R1290"), "ETREAT"
			c.who.Activities = one(d, []string{"B0082"}, []string{"B0082", "B0370"})
		}
	}
	c.token = w.Token(t, c.who)
	if c.who.Role != "" && (c.onDuty() || d.chance(3)) {
		for range 3 {
			w.breaksGlass(t, c, one(d, w.people...))
		}
	}
	return c
}

// onDuty reports whether the caller may break the glass.
func (c *caller) onDuty() bool { return slices.Contains(c.who.Activities, "B0082") }

// breaksGlass asks for a grant. Whoever may not gets none, and of nobody's record anything.
func (w *world) breaksGlass(t *testing.T, c *caller, b *being) {
	reply := w.Ask(t, c.token, `mutation($n: NHSNumber!) { breakGlass(input: {nhsNumber: $n, reason: "unconscious in resus, nobody with them"}) { grant words } }`,
		map[string]any{"n": b.number.Reveal()})
	var answer struct {
		Data struct{ BreakGlass *struct{ Grant string } }
	}
	if err := json.Unmarshal([]byte(reply.Body), &answer); err == nil && answer.Data.BreakGlass != nil {
		c.grants[b] = answer.Data.BreakGlass.Grant
	}
	if given := c.grants[b] != ""; given != c.onDuty() {
		t.Errorf("%+v breaks the glass: %v: %s", plainPerson(c.who), given, reply.Body)
	}
	if found := w.find(reply.Body + fmt.Sprint(reply.Header)); len(found) > 0 {
		t.Errorf("breaking the glass tells %v", found)
	}
}

// near draws people whom a caller may well see.
func (w *world) near(d dice, c *caller) *being {
	for b := range c.grants {
		if d.chance(2) {
			return b
		}
	}
	for range 6 {
		b := one(d, w.people...)
		if a := (asking{who: c.who, meant: b}); a.input().Relationship != "none" {
			return b
		}
	}
	return one(d, w.people...)
}
