package gate

import (
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// telling is what the register holds of a person, as it is told to the person or to somebody who acts for them.
type telling struct {
	clerk clerk
	said  said
}

// tellingOf tells of what was said by the policy's names of roles, and to the person as "you".
func (a *act) tellingOf(all said) telling {
	return telling{clerk: clerk{gate: a.gate, policy: a.policy, own: a.self}, said: all}
}

// last is the newest directive that is about something.
func (t telling) last(about func(consent.About) bool) *Recorded {
	for i := len(t.said) - 1; i >= 0; i-- {
		if each := &t.said[i]; about(each.About) {
			return t.recorded(each)
		}
	}
	return nil
}

func (t telling) recorded(of *consent.Recorded) *Recorded {
	return &Recorded{At: of.At, Authority: authorityInWords(of.Authority), ConsentRevision: uint64(of.Revision()),
		Words: t.clerk.recorded(&of.Directive), Reason: clinical.Text(of.Reason), Evidence: clinical.Text(of.Evidence)}
}

// recorded says by whom a directive was recorded and on whose word, in a sentence.
func (c clerk) recorded(d *consent.Directive) string {
	if d.Staff == (consent.Staff{}) {
		return c.decided(d.Authority)
	}
	return did(d) + " by " + c.staff(d) + c.onWhoseWord(d) + "."
}

// did says what staff did.
func did(d *consent.Directive) string {
	switch about := d.About.(type) {
	case consent.SharedRecord:
		if about.Step == consent.Upheld || about.Step == consent.NotUpheld {
			return "Decided"
		}
	case consent.CapacityFinding:
		return "Found"
	}
	return "Recorded"
}

func (c clerk) onWhoseWord(d *consent.Directive) string {
	if _, found := d.About.(consent.CapacityFinding); found || d.Authority == consent.Controller {
		return ""
	}
	return ", " + c.onWord(d.Authority)
}

// staff names who recorded a directive, their role and their organisation.
func (c clerk) staff(d *consent.Directive) string {
	who := cmpText(clinical.Text(d.Staff.Name), "Somebody")
	if role := roleName(c.policy, d.Staff.Role); role != "" {
		who += ", " + string(role)
	}
	if code := clinical.Text(d.Staff.Organisation); code != "" {
		who += " at " + cmpText(c.gate.organisationName(code), string(code))
	}
	return who
}

// decided says who decided what nobody recorded for them, or what was imported.
func (c clerk) decided(authority consent.Authority) string {
	switch authority {
	case consent.Parent:
		return "A parent decided it for " + c.whom() + "."
	case consent.Attorney:
		return "An attorney decided it for " + c.whom() + "."
	case consent.Clinician:
		return "A clinician decided it for " + c.whom() + "."
	case consent.Controller:
		return "An organisation that answers for " + c.whose() + " record decided or checked it."
	case consent.Self:
	}
	if c.own {
		return "You decided it."
	}
	return "The person decided it."
}

// onWord says whose word staff recorded.
func (c clerk) onWord(authority consent.Authority) string {
	whose := c.whose()
	switch authority {
	case consent.Parent:
		return "on the word of " + whose + " parent"
	case consent.Attorney:
		return "on the word of " + whose + " attorney"
	case consent.Clinician:
		return "in " + whose + " best interests"
	case consent.Self, consent.Controller:
	}
	return "on " + whose + " word"
}

func (c clerk) whose() string {
	if c.own {
		return "your"
	}
	return "the person's"
}

func (c clerk) whom() string {
	if c.own {
		return "you"
	}
	return "the person"
}
