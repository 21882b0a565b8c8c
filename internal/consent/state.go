package consent

import (
	"fmt"
	"slices"

	"onelondon/internal/clinical"
)

// Objection is where a person's objection to the shared record stands.
type Objection uint8

// The standings of an objection. A person who never spoke, or who withdrew, has none.
const (
	ObjectionNone Objection = iota
	ObjectionRequested
	ObjectionUpheld
	ObjectionNotUpheld
)

// String gives the word that policy speaks of.
func (o Objection) String() string {
	switch o {
	case ObjectionNone:
		return "none"
	case ObjectionRequested:
		return "requested"
	case ObjectionUpheld:
		return "upheld"
	case ObjectionNotUpheld:
		return "not_upheld"
	}
	return fmt.Sprintf("Objection(%d)", uint8(o))
}

// State is what holds for a person now. It must not be changed: several callers may share one.
type State struct {
	Objection   Objection    // to the shared record
	OptOuts     OptOuts      // of uses beyond their own care
	Preferences []Preference // what they allow and deny by category, sorted
	Notify      bool         // they ask to be told of every access
	Capacity    Capacity     // as last assessed; presumed where nobody assessed it
	Proxies     []Proxy      // who may act for them, or no longer may
}

// Authority is by what right somebody may act for the person, given every key that the register has for that somebody, one for
// each of their numbers: what was said last of any of them. It is empty where nothing lets them act.
func (s State) Authority(keys ...string) Authority {
	var last Proxy
	for _, proxy := range s.Proxies {
		if proxy.Who != "" && proxy.Said >= last.Said && slices.Contains(keys, proxy.Who) {
			last = proxy
		}
	}
	return last.Authority
}

// OptOuts are the lists on which a person refuses uses beyond their own care. A person is on a list, or known not to be, or
// the list says nothing of them, which is not the same as having agreed (DOMAIN.md 2.1).
type OptOuts struct{ National, TypeOne, London OptOut }

// and joins what the lists say of two numbers of one person: who opted out under either has opted out.
func (o OptOuts) and(other OptOuts) OptOuts {
	return OptOuts{National: stronger(o.National, other.National), TypeOne: stronger(o.TypeOne, other.TypeOne),
		London: stronger(o.London, other.London)}
}

func stronger(a, b OptOut) OptOut {
	if a == OptOutUnknown || b == OptedOut {
		return b
	}
	return a
}

// OptOut is what one list says of a person.
type OptOut uint8

// What a list can say.
const (
	OptOutUnknown OptOut = iota // nothing
	OptedOut
	NotOptedOut
)

// String gives the word that policy speaks of.
func (o OptOut) String() string {
	switch o {
	case OptOutUnknown:
		return "unknown"
	case OptedOut:
		return "opted_out"
	case NotOptedOut:
		return "not_opted_out"
	}
	return fmt.Sprintf("OptOut(%d)", uint8(o))
}

// Preference is what a person decided about one category of their records for one party.
type Preference struct {
	Effect   Effect
	Category clinical.Label // one of clinical.Categories; empty for every category
	Party    PartyKind
	Code     clinical.Text // ODS code of the organisation, or R-code of the role; empty for anyone
}

// Effect is what a preference does.
type Effect string

// The effects.
const (
	Allow Effect = "allow"
	Deny  Effect = "deny"
)

// PartyKind is what kind of party a preference is about.
type PartyKind string

// The kinds of party.
const (
	Anyone       PartyKind = "anyone"
	Organisation PartyKind = "organisation"
	Role         PartyKind = "role"
)

// Capacity is what was found out about a person's capacity to decide for themselves.
type Capacity string

// The findings.
const (
	CapacityPresumed  Capacity = "presumed"
	CapacityCompetent Capacity = "competent" // a child assessed as competent (Gillick)
	CapacityLacking   Capacity = "lacking"   // assessed under the Mental Capacity Act 2005
)

// Proxy is somebody who may act for a person, and by what right.
type Proxy struct {
	Who       string    // what stands for the proxy in this register, see [Register.Key]
	Authority Authority // Parent or Attorney; empty where it was taken back
	Said      Revision  // the revision that said so
}

// Revision counts the directives of a register. It only grows, by one with each directive.
type Revision uint64
