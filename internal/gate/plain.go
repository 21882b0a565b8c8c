package gate

import (
	"fmt"
	"strings"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// purposeInWords describes a purpose; nil for none.
func purposeInWords(code string) *Purpose {
	if code == "" {
		return nil
	}
	words := "another purpose"
	switch policy.Purpose(code) {
	case policy.Treatment:
		words = "care and treatment"
	case policy.EmergencyTreatment:
		words = "emergency care"
	case policy.PatientRequest:
		words = "the person's own request"
	case policy.Operations:
		words = "running the health service"
	case policy.Research:
		words = "research"
	case policy.PublicHealth:
		words = "public health"
	}
	return &Purpose{code, words}
}

// relationshipInWords describes the caller's relationship to the person, who is the reader if own is true.
func relationshipInWords(relationship string, own bool) clinical.Text {
	person := "The person"
	if own {
		person = "You"
	}
	switch policy.Relationship(relationship) {
	case policy.RelationshipSelf:
		return clinical.Text(person + " asked.")
	case policy.RelationshipRegistered:
		return clinical.Text(person + are(own) + "registered at their practice.")
	case policy.RelationshipRecord:
		return "Their organisation holds a record."
	case policy.RelationshipReferral:
		return "There is an open referral to their organisation."
	case policy.RelationshipClaimed:
		return "They said that they were caring, and gave a reason."
	case policy.RelationshipProxy:
		return clinical.Text("They act for " + strings.ToLower(person[:1]) + person[1:] + ".")
	case policy.RelationshipNone:
		return "No care relationship was found."
	}
	return ""
}

func are(own bool) string {
	if own {
		return " are "
	}
	return " is "
}

// summary describes an entry in one sentence.
func (c clerk) summary(entry *audit.Entry, access *Access) string {
	who, whose := c.who(entry, access), "the person's"
	if c.own {
		whose = "your"
	}
	said := c.did(entry, access, whose)
	switch {
	case access.Outcome == AccessNotFound:
		said = "asked for " + whose + " record and was told that there is no such person"
	case access.Outcome == AccessRefused:
		said = "tried to " + c.tried(entry, access.Event, whose) + " and was refused"
	}
	if access.BrokenGlass && access.Event == RecordRead {
		said += ", with the glass broken"
	}
	if access.Purpose != nil && access.Event == RecordRead {
		said += ", for " + access.Purpose.Words
	}
	return who + " " + said + "."
}

func (c clerk) who(entry *audit.Entry, access *Access) string {
	if c.own && entry.Relationship == string(policy.RelationshipSelf) {
		return "You"
	}
	who := cmpText(access.Who, "Somebody")
	if access.Automated {
		who = "A program of " + who
	}
	if access.Role != nil && access.Role.Name != "" {
		who += ", " + string(access.Role.Name)
	}
	if access.Organisation != nil {
		who += " at " + cmpText(access.Organisation.Name, "the organisation "+string(access.Organisation.Code))
	}
	if entry.Caller.Via != "" {
		who += ", through " + entry.Caller.Via
	}
	if access.Role != nil || access.Organisation != nil || entry.Caller.Via != "" {
		who += ","
	}
	return who
}

func cmpText(text clinical.Text, other string) string {
	if text == "" {
		return other
	}
	return string(text)
}

// did describes an act that was done.
func (c clerk) did(entry *audit.Entry, access *Access, whose string) string {
	switch access.Event {
	case RecordRead:
		if len(access.Kinds) == 0 {
			return "opened " + whose + " record and was shown nothing of it"
		}
		return "was shown " + whose + " " + inWords(access.Kinds)
	case GlassBroken:
		return fmt.Sprintf("broke the glass on %s record until %s UTC", whose, entry.Until.UTC().Format("2 January 2006 15:04"))
	case PreferenceChanged:
		if found := c.found(entry, whose, true); found != "" {
			return found
		}
		return c.changed("changed", "recorded", entry, whose)
	case AlertReviewed:
		return fmt.Sprintf("reviewed entry %d", entry.Reviewed)
	case StudyAsked:
		return "asked for figures about many people: " + studied(entry)
	}
	return "read " + ledgerPart(policy.Action(entry.Action), whose)
}

// changed describes a change of choices: by whom and on whose word it was recorded, whether it opens something, and
// what proves it.
func (c clerk) changed(changed, recorded string, entry *audit.Entry, whose string) string {
	if entry.OnWordOf == "" {
		return changed + " " + whose + " choices"
	}
	words := recorded + " a choice for " + c.whom() + ", " + c.onWord(consent.Authority(entry.OnWordOf))
	if entry.Opens {
		words += ", by which more may be seen or used"
	}
	if entry.Evidence != "" {
		words += " (evidence: " + entry.Evidence + ")"
	}
	return words
}

// studied describes what was asked, and in which project.
func studied(entry *audit.Entry) string {
	if entry.Study == nil {
		return "nobody knows which"
	}
	return fmt.Sprintf("%s, version %d, of the project %s", entry.Study.Name, entry.Study.Version, entry.Study.Project)
}

// tried describes an act that was refused.
func (c clerk) tried(entry *audit.Entry, event AccessEvent, whose string) string {
	switch event {
	case RecordRead:
		return "look at " + whose + " record"
	case GlassBroken:
		return "break the glass on " + whose + " record"
	case PreferenceChanged:
		if found := c.found(entry, whose, false); found != "" {
			return found
		}
		return c.changed("change", "record", entry, whose)
	case AlertReviewed:
		return "review an access"
	case StudyAsked:
		return "ask for figures about many people"
	}
	return "read the ledger or " + whose + " choices"
}

// ReadStudyAnswers is the ledger's name for reading the answers that a project was given. Permission is decided by the
// policy's study rules.
const ReadStudyAnswers = "read_study_answers"

// UseStudyShelf is the ledger's name for using a project's saved definitions. Permission is decided by the policy's
// study rules.
const UseStudyShelf = "use_study_shelf"

// ledgerPart describes the part of the ledger or the register that was read.
func ledgerPart(action policy.Action, whose string) string {
	switch action {
	case policy.ReadPreferences, policy.PreviewPreferences:
		return whose + " choices"
	case policy.ReadOwnAccesses, policy.ReadAccessesOfPerson:
		return "the list of who looked at " + whose + " record"
	case policy.ReadAccessesOfCaller:
		return "the list of what one user did"
	case policy.ReadAccessesOfOrganisation:
		return "the list of what one organisation's users did"
	case policy.ReadAlerts:
		return "the list of accesses to review"
	case ListPeople:
		return "the list of everybody whom sources here know"
	case ReadStudyAnswers:
		return "the figures that a project was given"
	case UseStudyShelf:
		return "the definitions that a project saved"
	}
	return "the ledger"
}

// inWords lists kinds of record in everyday words.
func inWords(kinds []clinical.Kind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = kindInWords(kind)
	}
	return list(words)
}

// list joins words with commas and a last "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func kindInWords(kind clinical.Kind) string {
	switch kind {
	case clinical.KindRegistration:
		return "name and address"
	case clinical.KindAllergyIntolerance:
		return "allergies"
	case clinical.KindCondition:
		return "conditions"
	case clinical.KindMedication:
		return "medicines"
	case clinical.KindObservation:
		return "measurements and results"
	case clinical.KindDiagnosticReport:
		return "reports"
	case clinical.KindEncounter:
		return "visits and stays"
	case clinical.KindProcedure:
		return "procedures"
	case clinical.KindImmunisation:
		return "vaccines"
	case clinical.KindAppointment:
		return "appointments"
	case clinical.KindReferral:
		return "referrals"
	case clinical.KindDocument:
		return "documents"
	case clinical.KindAlert:
		return "alerts"
	case clinical.KindContact:
		return "contacts"
	case clinical.KindCarePlan:
		return "care plans"
	case clinical.KindUrgentCarePlan:
		return "urgent care plans"
	}
	return "other records"
}
