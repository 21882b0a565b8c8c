package fhir

import "onelondon/internal/clinical"

// statusOf is where a record stands, by the words of all status value sets of FHIR R4: none of them means two things. A word that
// says nothing, such as unknown, gives none.
func statusOf(word string) clinical.Status {
	switch word {
	case "active", "current", "true", "recurrence", "relapse":
		return clinical.StatusActive
	case "inactive", "superseded", "false", "remission", "refuted", "on-hold", "suspended":
		return clinical.StatusInactive
	case "resolved":
		return clinical.StatusResolved
	case "planned", "proposed", "pending", "booked", "draft", "waitlist", "preparation", "intended":
		return clinical.StatusPlanned
	case "arrived", "checked-in", "triaged":
		return clinical.StatusArrived
	case "in-progress", "onleave", "registered", "partial", "preliminary":
		return clinical.StatusOngoing
	case "completed", "finished", "fulfilled", "final", "amended", "corrected", "appended":
		return clinical.StatusCompleted
	case "stopped", "ended":
		return clinical.StatusStopped
	case "cancelled", "revoked":
		return clinical.StatusCancelled
	case "noshow":
		return clinical.StatusMissed
	case "not-done", "not-taken":
		return clinical.StatusNotDone
	case "entered-in-error":
		return clinical.StatusInError
	}
	return ""
}

// classOf is the setting of a visit, by the codes of HL7's ActEncounterCode.
func classOf(code string) clinical.EncounterClass {
	switch code {
	case "":
		return ""
	case "EMER":
		return clinical.ClassEmergency
	case "IMP", "ACUTE", "NONAC", "OBSENC", "SS":
		return clinical.ClassInpatient
	case "AMB":
		return clinical.ClassOutpatient
	case "HH", "FLD":
		return clinical.ClassCommunity
	}
	return clinical.ClassOther
}

func genderOf(code string) clinical.Gender {
	switch code {
	case "female":
		return clinical.GenderFemale
	case "male":
		return clinical.GenderMale
	case "other":
		return clinical.GenderOther
	case "unknown":
		return clinical.GenderUnknown
	}
	return ""
}
