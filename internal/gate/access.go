package gate

import (
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// Access is one ledger entry in the form in which people read it.
type Access struct {
	Sequence        uint64
	At              time.Time
	Event           AccessEvent
	Summary         string        // the whole entry in one sentence
	Subject         clinical.Text // pseudonym of the person; empty in the person's own list and where the entry is about nobody
	Who             clinical.Text
	UserID          clinical.Text // empty in the person's own list
	Organisation    *clinical.Organisation
	Role            *StaffRole
	Purpose         *Purpose
	Relationship    clinical.Text
	ClaimedReason   clinical.Text
	OnWordOf        *Authority    // the person on whose word staff recorded the choice; nil where staff recorded nothing
	Evidence        clinical.Text // a reference to the document that proves it
	Kinds           []clinical.Kind
	WithheldKinds   []clinical.Kind
	Rules           []AppliedRule
	Outcome         AccessOutcome
	Automated       bool
	BrokenGlass     bool
	Alert           bool
	Reviews         []Review // empty in the person's own list
	RequestID       string
	PolicyRevision  clinical.Text
	ConsentRevision *uint64
}

// AccessEvent is the kind of act an entry records; its values are those of the GraphQL enum AccessEvent.
type AccessEvent string

// The events.
const (
	RecordRead        AccessEvent = "RECORD_READ"
	GlassBroken       AccessEvent = "GLASS_BROKEN"
	PreferenceChanged AccessEvent = "PREFERENCE_CHANGED"
	AlertReviewed     AccessEvent = "ALERT_REVIEWED"
	LedgerRead        AccessEvent = "LEDGER_READ"
	StudyAsked        AccessEvent = "STUDY"
)

// AccessEvents lists every event, in the order of the GraphQL enum.
func AccessEvents() []AccessEvent {
	return []AccessEvent{RecordRead, GlassBroken, PreferenceChanged, AlertReviewed, LedgerRead, StudyAsked}
}

// AccessOutcome is how an access ended; its values are those of the GraphQL enum AccessOutcome.
type AccessOutcome string

// The outcomes.
const (
	AccessReleased AccessOutcome = "RELEASED"
	AccessRefused  AccessOutcome = "REFUSED"
	AccessNotFound AccessOutcome = "NOT_FOUND"
)

// AccessOutcomes lists every outcome, in the order of the GraphQL enum.
func AccessOutcomes() []AccessOutcome {
	return []AccessOutcome{AccessReleased, AccessRefused, AccessNotFound}
}

// StaffRole is the selected role of a member of staff.
type StaffRole struct {
	Code string
	Name clinical.Text // empty where the policy's tables do not list the role
}

// Purpose is why somebody asked: an HL7 PurposeOfUse code and its meaning in words.
type Purpose struct{ Code, Words string }

// AppliedRule is one reason behind a decision.
type AppliedRule struct {
	Reason, Words string
	Expectation   clinical.Text // such as CS-5; empty where the policy does not say
}

// Review is what a reviewer found about an access.
type Review struct {
	Sequence uint64 // of the review's own ledger entry
	At       time.Time
	Reviewer clinical.Text
	Finding  string
}

// Glossary is a [Policy] that can explain its codes.
type Glossary interface {
	// RoleName returns the name of a role, or "" if no table lists it.
	RoleName(code string) string
	// Expectation returns the expectation or law that the rule behind a reason serves, or "" if the policy names none.
	Expectation(reason string) string
}

// clerk turns ledger entries into what people read.
type clerk struct {
	gate   *Gate
	policy Policy
	own    bool // the reader is the person the entries are about
}

func (c clerk) access(written *audit.Written) Access {
	entry := &written.Entry
	access := Access{
		Sequence: written.Sequence, At: entry.Time, Event: accessEvent(entry.Event), Outcome: accessOutcome(entry.Outcome),
		Who: clinical.Text(entry.Caller.Name), Organisation: c.organisation(entry.Caller.Organisation),
		Role: c.role(entry.Caller.Role), Purpose: purposeInWords(entry.Purpose),
		Relationship: relationshipInWords(entry.Relationship, c.own), ClaimedReason: clinical.Text(entry.ClaimedReason),
		Kinds: kindsNamed(entry.Kinds), WithheldKinds: kindsNamed(entry.Withheld), Rules: c.rules(entry.Reasons),
		Automated: entry.Automated, BrokenGlass: entry.Emergency, Alert: entry.Alert, RequestID: entry.RequestID,
		PolicyRevision: clinical.Text(entry.PolicyRevision), Reviews: []Review{}, Evidence: clinical.Text(entry.Evidence),
	}
	if entry.OnWordOf != "" {
		word := authorityInWords(consent.Authority(entry.OnWordOf))
		access.OnWordOf = &word
	}
	if entry.ConsentRevision > 0 {
		access.ConsentRevision = &entry.ConsentRevision
	}
	if !c.own {
		access.Subject, access.UserID = clinical.Text(written.Subject), clinical.Text(entry.Caller.ID)
	}
	access.Summary = c.summary(entry, &access)
	return access
}

func accessEvent(event audit.Event) AccessEvent {
	switch event {
	case audit.EventAccess:
		return RecordRead
	case audit.EventBreakGlass:
		return GlassBroken
	case audit.EventPreference:
		return PreferenceChanged
	case audit.EventReview:
		return AlertReviewed
	case audit.EventStudy, audit.EventStudyOutside:
		return StudyAsked
	}
	return LedgerRead
}

func accessOutcome(outcome audit.Outcome) AccessOutcome {
	switch outcome {
	case audit.OutcomeReleased:
		return AccessReleased
	case audit.OutcomeNotFound:
		return AccessNotFound
	}
	return AccessRefused
}

// organisation returns an organisation by its code, with its name if one is known.
func (c clerk) organisation(code string) *clinical.Organisation {
	if code == "" {
		return nil
	}
	return &clinical.Organisation{Code: clinical.Text(code), Name: c.gate.organisationName(clinical.Text(code))}
}

// organisationName returns the configured name of an organisation, else the name of its source if it has exactly one,
// else "".
func (g *Gate) organisationName(code clinical.Text) clinical.Text {
	if name := g.parts.Organisations[code]; name != "" {
		return name
	}
	if owned := g.owned[code]; len(owned) == 1 {
		return clinical.Text(g.byID[owned[0]].Name)
	}
	return ""
}

func (c clerk) role(code string) *StaffRole {
	if code == "" {
		return nil
	}
	return &StaffRole{Code: code, Name: roleName(c.policy, code)}
}

func roleName(rules Policy, code string) clinical.Text {
	if glossary, ok := rules.(Glossary); ok {
		return clinical.Text(glossary.RoleName(code))
	}
	return ""
}

func (c clerk) rules(reasons []string) []AppliedRule {
	rules := make([]AppliedRule, len(reasons))
	glossary, _ := c.policy.(Glossary)
	for i, reason := range reasons {
		rules[i] = AppliedRule{Reason: reason, Words: failureInWords(reason)}
		if rules[i].Words != "" {
			continue
		}
		rules[i].Words = c.policy.Words(reason)
		if glossary != nil {
			rules[i].Expectation = clinical.Text(glossary.Expectation(reason))
		}
	}
	return rules
}

func kindsNamed(names []string) []clinical.Kind {
	kinds := make([]clinical.Kind, 0, len(names))
	for _, name := range names {
		if kind, known := clinical.ParseKind(name); known {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
