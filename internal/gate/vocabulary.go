package gate

import (
	"strings"

	"onelondon/internal/consent"
)

// Authority is the authority on which somebody acts for a person; its values are those of the GraphQL enum Authority.
type Authority string

// The authorities.
const (
	BySelf      Authority = "SELF"
	ByParent    Authority = "PARENT"
	ByAttorney  Authority = "ATTORNEY"
	ByClinician Authority = "CLINICIAN"
	// ByController is nobody's word: an organisation decided or checked it.
	ByController Authority = "CONTROLLER"
)

// Authorities lists every authority, in the order of the GraphQL enum.
func Authorities() []Authority {
	return []Authority{BySelf, ByParent, ByAttorney, ByClinician, ByController}
}

func authorityInWords(authority consent.Authority) Authority {
	return Authority(strings.ToUpper(string(authority)))
}

// ObjectionDecision is what is decided about an objection; the values are those of the GraphQL enum.
type ObjectionDecision string

// The decisions.
const (
	Upheld    ObjectionDecision = "UPHELD"
	NotUpheld ObjectionDecision = "NOT_UPHELD"
)

// ObjectionDecisions lists every decision, in the order of the GraphQL enum.
func ObjectionDecisions() []ObjectionDecision { return []ObjectionDecision{Upheld, NotUpheld} }

// CapacityFinding is what was found of a person's capacity; the values are those of the GraphQL enum.
type CapacityFinding string

// The findings.
const (
	CapacityPresumed  CapacityFinding = "PRESUMED"
	CapacityCompetent CapacityFinding = "COMPETENT"
	CapacityLacking   CapacityFinding = "LACKING"
)

// CapacityFindings lists every finding, in the order of the GraphQL enum.
func CapacityFindings() []CapacityFinding {
	return []CapacityFinding{CapacityPresumed, CapacityCompetent, CapacityLacking}
}

func (f CapacityFinding) directive() consent.Capacity {
	return consent.Capacity(strings.ToLower(string(f)))
}

// ObjectionStanding is the state of an objection to the shared record; its values are those of the GraphQL enum
// ObjectionStanding.
type ObjectionStanding string

// The standings of an objection.
const (
	NoObjection        ObjectionStanding = "NONE"
	ObjectionRequested ObjectionStanding = "REQUESTED"
	ObjectionUpheld    ObjectionStanding = "UPHELD"
	ObjectionNotUpheld ObjectionStanding = "NOT_UPHELD"
)

// ObjectionStandings lists every standing, in the order of the GraphQL enum.
func ObjectionStandings() []ObjectionStanding {
	return []ObjectionStanding{NoObjection, ObjectionRequested, ObjectionUpheld, ObjectionNotUpheld}
}

// OptOutList is a list of opt-outs; its values are those of the GraphQL enum OptOutList.
type OptOutList string

// The lists.
const (
	NationalList OptOutList = "NATIONAL"
	TypeOneList  OptOutList = "TYPE_ONE"
	LondonList   OptOutList = "LONDON"
)

// OptOutLists lists every list, in the order of the GraphQL enum.
func OptOutLists() []OptOutList { return []OptOutList{NationalList, TypeOneList, LondonList} }

// OptOutStanding is what a list says about a person; its values are those of the GraphQL enum OptOutStanding.
type OptOutStanding string

// The standings on a list.
const (
	OptOutUnknown OptOutStanding = "UNKNOWN"
	OptedOut      OptOutStanding = "OPTED_OUT"
	NotOptedOut   OptOutStanding = "NOT_OPTED_OUT"
)

// OptOutStandings lists every standing, in the order of the GraphQL enum.
func OptOutStandings() []OptOutStanding {
	return []OptOutStanding{OptOutUnknown, OptedOut, NotOptedOut}
}

// Effect is what a preference does; its values are those of the GraphQL enum PreferenceEffect.
type Effect string

// The effects.
const (
	Allow Effect = "ALLOW"
	Deny  Effect = "DENY"
)

// Effects lists every effect, in the order of the GraphQL enum.
func Effects() []Effect { return []Effect{Allow, Deny} }

func effectOf(effect consent.Effect) Effect { return Effect(strings.ToUpper(string(effect))) }

func (e Effect) directive() consent.Effect { return consent.Effect(strings.ToLower(string(e))) }

// PartyKind is the kind of party to which a preference applies; its values are those of the GraphQL enum PartyKind.
type PartyKind string

// The kinds of party.
const (
	Anyone         PartyKind = "ANYONE"
	AnOrganisation PartyKind = "ORGANISATION"
	ARole          PartyKind = "ROLE"
)

// PartyKinds lists every kind of party, in the order of the GraphQL enum.
func PartyKinds() []PartyKind { return []PartyKind{Anyone, AnOrganisation, ARole} }

func partyOf(party consent.PartyKind) PartyKind { return PartyKind(strings.ToUpper(string(party))) }

func (k PartyKind) directive() consent.PartyKind {
	return consent.PartyKind(strings.ToLower(string(k)))
}
