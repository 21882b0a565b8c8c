package gate

import (
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// sharing describes the state of an objection and what it means.
func sharing(objection consent.Objection, recorded *Recorded) Sharing {
	s := Sharing{Objection: NoObjection, Recorded: recorded,
		Means: "You do not object to sharing. Staff who care for you can see the records that their role needs."}
	switch objection {
	case consent.ObjectionRequested:
		s.Objection = ObjectionRequested
		s.Means = "You asked that your record is not shared. Nobody has decided yet; until then it is shared as before."
	case consent.ObjectionUpheld:
		s.Objection = ObjectionUpheld
		s.Means = "Your objection stands. Each organisation sees its own records of you, and no others."
	case consent.ObjectionNotUpheld:
		s.Objection = ObjectionNotUpheld
		s.Means = "Your objection was decided against, because of clinical need. Staff who care for you can see the records that " +
			"their role needs."
	}
	return s
}

func toldMeans(asked bool) string {
	if asked {
		return "You are told of every access to your record."
	}
	return "You are not told of each access to your record. You can read who looked at any time."
}

// optOut describes what a list says about a person, what that means, and where it can be changed.
func optOut(list consent.List, standing consent.OptOut, recorded *Recorded) OptOut {
	o := OptOut{Recorded: recorded, Standing: OptOutUnknown}
	record, uses := "your record", ""
	switch list {
	case consent.ListNational:
		o.List, uses = NationalList, "planning and research anywhere in England"
		o.WhereToChange = "With the national data opt-out service of the NHS, online or by telephone. It cannot be changed here."
	case consent.ListTypeOne:
		o.List, record, uses = TypeOneList, "what your GP practice recorded", "anything but your own care"
		o.WhereToChange = "With your GP practice, which keeps it. It cannot be changed here."
	case consent.ListLondon:
		o.List, uses = LondonList, "planning, improving services and research in London"
		o.WhereToChange, o.ChangeableHere = "Here.", true
	}
	switch standing {
	case consent.OptOutUnknown:
		o.Means = "This list says nothing about you. That does not mean that you agreed to the use of " + record + " for " + uses + "."
	case consent.OptedOut:
		o.Standing, o.Means = OptedOut, capital(record)+" is not used for "+uses+". Your own care is not affected."
	case consent.NotOptedOut:
		o.Standing, o.Means = NotOptedOut, "You have not opted out of the use of "+record+" for "+uses+"."
	}
	return o
}

// preferenceMeans explains a preference in words.
func preferenceMeans(p *Preference) string {
	records, party := categoryInWords(p.Category), partyInWords(p.Party)
	if p.Effect == Allow {
		return capital(records) + " may be shown to " + party + ", as far as the rules for everybody let them see it."
	}
	return capital(records) + " are not shown to " + party + ". Staff still see what their own organisation recorded, and allergies, " +
		"because not knowing of one can kill. In an emergency a clinician can open the rest, has to say why, and you can see that they did."
}

func partyInWords(party Party) string {
	switch party.Kind {
	case AnOrganisation:
		if party.Name != "" {
			return "staff of " + string(party.Name) + " (" + string(party.Code) + ")"
		}
		return "staff of the organisation " + string(party.Code)
	case ARole:
		if party.Name != "" {
			return "anybody in the role " + string(party.Name) + " (" + string(party.Code) + ")"
		}
		return "anybody in the role " + string(party.Code)
	}
	return "anybody"
}

func capital(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

// categoryInWords describes the records that a category covers.
func categoryInWords(category clinical.Label) string {
	switch category {
	case "":
		return "records of every sensitive category"
	case clinical.LabelSelfHarm:
		return "records about self-harm"
	case clinical.LabelAlcohol:
		return "records about alcohol"
	case clinical.LabelMentalHealth:
		return "records about mental health"
	case clinical.LabelSexualHealth:
		return "records about sexual health"
	case clinical.LabelFertility:
		return "records about fertility"
	case clinical.LabelAbortion:
		return "records about abortion"
	case clinical.LabelDrugs:
		return "records about drug misuse"
	case clinical.LabelHIV:
		return "records about HIV"
	case clinical.LabelGenderRecognition:
		return "records about gender recognition"
	case clinical.LabelAssistedConception:
		return "records about assisted conception"
	case clinical.LabelVenerealDisease:
		return "records about sexually transmitted infections"
	}
	return "records of another category"
}
