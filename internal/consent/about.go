package consent

import (
	"regexp"
	"slices"
	"time"

	"onelondon/internal/clinical"
)

// About is what a directive is about: [SharedRecord], [Choice], [OptOutChoice], [Notify], [CapacityFinding], [ProxyChoice],
// [Proposed], [ListRefreshed] or [Adoption]. Each has its own fields and no others, so that none can carry another's by mistake.
type About interface {
	// fault says what is wrong with it as part of the directive, in words that hold nothing of it.
	fault(d *Directive, now time.Time) string
	// ofNobody reports whether it is about no person.
	ofNobody() bool
	// store writes it into the stored form, under its name there.
	store(into *stored)
}

// Step is what a directive does to a person's objection to the shared record. The zero value is no step.
type Step string

// The steps. Any may follow any: the last recorded holds.
const (
	Requested Step = "requested"  // the person objects; nobody has decided yet
	Upheld    Step = "upheld"     // the objection stands
	NotUpheld Step = "not_upheld" // decided against, because of clinical need; needs a reason
	Withdrawn Step = "withdrawn"  // the person no longer objects
)

func (s Step) known() bool { return s == Requested || s == Upheld || s == NotUpheld || s == Withdrawn }

// SharedRecord is a step in a person's objection to the shared record (DOMAIN.md 2.4).
type SharedRecord struct{ Step Step }

func (SharedRecord) ofNobody() bool { return false }

func (s SharedRecord) fault(d *Directive, _ time.Time) string {
	switch {
	case !s.Step.known():
		return "the objection is not one of requested, upheld, not_upheld, withdrawn"
	case s.Step == NotUpheld && blank(d.Reason):
		return "an objection that is not upheld needs a reason"
	}
	return ""
}

// Choice is what a person allows or denies of one category to one party, or takes back. It takes the place of what they chose
// before for the same category and the same party, and of nothing else.
type Choice struct {
	Preference      // without an effect where it is taken back
	Withdrawn  bool // what was chosen before no longer holds
}

func (Choice) ofNobody() bool { return false }

var (
	odsCode  = regexp.MustCompile(`^[A-Z0-9]{3,10}$`)
	roleCode = regexp.MustCompile(`^R[0-9]{4}$`) // the last part of a CIS2 role code (DOMAIN.md 2.10)
)

func (c Choice) fault(*Directive, time.Time) string {
	switch {
	case c.Withdrawn && c.Effect != "":
		return "a preference that is taken back neither allows nor denies"
	case !c.Withdrawn && c.Effect != Allow && c.Effect != Deny:
		return "the preference is neither allow nor deny"
	case c.Category != "" && !slices.Contains(clinical.Categories(), c.Category):
		return "the category is not one of those there are"
	case c.Party == Anyone && c.Code != "":
		return "a preference for anyone names nobody"
	case c.Party == Organisation && !odsCode.MatchString(string(c.Code)):
		return "the organisation is not an ODS code"
	case c.Party == Role && !roleCode.MatchString(string(c.Code)):
		return "the role is not an R-code"
	case c.Party != Anyone && c.Party != Organisation && c.Party != Role:
		return "the party is not one of anyone, organisation, role"
	}
	return ""
}

// List is one of the lists on which a person may refuse uses beyond their own care.
type List string

// The lists (DOMAIN.md 1.4, 2.1, 2.2).
const (
	ListNational List = "national" // the National Data Opt-out
	ListTypeOne  List = "type_one" // held by the practice: no use beyond care of what it recorded
	ListLondon   List = "london"   // London's own, kept by IDecide
)

func (l List) known() bool { return l == ListNational || l == ListTypeOne || l == ListLondon }

const unknownList = "the list is not one of national, type_one, london"

// OptOutChoice is what one list says of a person from now on, or that it says nothing any more.
type OptOutChoice struct {
	List      List
	Standing  OptOut // OptedOut or NotOptedOut; OptOutUnknown where it is taken back
	Withdrawn bool   // the list says nothing of the person any more
}

func (OptOutChoice) ofNobody() bool { return false }

func (o OptOutChoice) fault(*Directive, time.Time) string {
	switch {
	case !o.List.known():
		return unknownList
	case o.Withdrawn && o.Standing != OptOutUnknown:
		return "an opt-out that is taken back has no standing"
	case !o.Withdrawn && o.Standing != OptedOut && o.Standing != NotOptedOut:
		return "the opt-out is not one of opted_out, not_opted_out, withdrawn"
	}
	return ""
}

// Notify is whether a person asks to be told of every access.
type Notify struct{ On bool }

func (Notify) ofNobody() bool { return false }

func (Notify) fault(*Directive, time.Time) string { return "" }

// CapacityFinding is what a clinician found out about a person's capacity. It needs a reason, and nobody but a clinician can
// make it.
type CapacityFinding struct{ Finding Capacity }

func (CapacityFinding) ofNobody() bool { return false }

func (c CapacityFinding) fault(d *Directive, _ time.Time) string {
	switch {
	case c.Finding != CapacityPresumed && c.Finding != CapacityCompetent && c.Finding != CapacityLacking:
		return "the capacity is not one of presumed, competent, lacking"
	case d.Authority != Clinician:
		return "capacity is for a clinician to assess"
	case blank(d.Reason):
		return "a finding about capacity needs a reason"
	}
	return ""
}

// ProxyChoice is that somebody may act for the person, or no longer may. It takes the place of what was said before of the
// same proxy.
type ProxyChoice struct {
	Proxy     clinical.NHSNumber // sealed when recorded
	Name      string             // of the proxy and what they are to the person, for the person to read; empty where nobody said
	As        Authority          // Parent or Attorney; empty where it is taken back
	Withdrawn bool
}

func (ProxyChoice) ofNobody() bool { return false }

func (p ProxyChoice) fault(d *Directive, _ time.Time) string {
	switch {
	case p.Proxy.IsZero():
		return "no NHS number of the proxy"
	case p.Proxy == d.Person:
		return "nobody is their own proxy"
	case p.Withdrawn && p.As != "":
		return "a proxy who is withdrawn has no authority"
	case !p.Withdrawn && p.As != Parent && p.As != Attorney:
		return "a proxy is a parent or an attorney"
	}
	return badText(p.Name)
}

// Proposed is what does not hold before somebody else has recorded it too: a [CapacityFinding] or a [ProxyChoice]. It changes
// nothing of what holds; it is there to be found in a person's history.
type Proposed struct{ About About }

func (Proposed) ofNobody() bool { return false }

func (p Proposed) fault(d *Directive, now time.Time) string {
	switch p.About.(type) {
	case CapacityFinding, ProxyChoice:
		return p.About.fault(d, now)
	}
	return "what is proposed is not a finding about capacity and not a proxy"
}

// ListRefreshed is that the register holds all that a list said at a moment. It is about nobody.
type ListRefreshed struct {
	List List
	AsAt time.Time // to the second
}

func (ListRefreshed) ofNobody() bool { return true }

func (l ListRefreshed) fault(_ *Directive, now time.Time) string {
	switch {
	case !l.List.known():
		return unknownList
	case l.AsAt.IsZero() || !writable(l.AsAt):
		return "no moment at which the list was whole"
	case l.AsAt.After(now.Add(slowness)):
		return "the moment at which the list was whole is in the future"
	}
	return ""
}

// Adoption is that a consumer, a system that was given what people decided, has applied all of it up to a revision. It is
// about nobody; when it was applied is the directive's At. IDecide keeps the same of its consumers (DOMAIN.md 1.4).
type Adoption struct {
	Consumer string
	Revision Revision
}

func (Adoption) ofNobody() bool { return true }

func (a Adoption) fault(*Directive, time.Time) string {
	switch {
	case blank(a.Consumer):
		return "no consumer"
	case a.Revision == 0:
		return "no revision that was applied"
	}
	return badText(a.Consumer)
}
