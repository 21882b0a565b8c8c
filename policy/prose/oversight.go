package prose

import "onelondon/policy"

// Oversight says who wants to do something other than read a record: "Somebody in the role R0001 of R1H wants to review an alert."
func (t *Teller) Oversight(input policy.OversightInput) string {
	caller := t.Caller(policy.Input{Role: input.Role, Organisation: input.Organisation, Citizen: input.Citizen})
	overseers, _ := t.tables["overseers"].(map[string]any)
	if entry, known := overseers[input.Role].(map[string]any); known {
		title, _ := entry["title"].(string)
		caller = article(title) + " " + title + " (" + input.Role + ") of " + input.Organisation
	}
	return caller + " wants to " + action(input.Action) + "."
}

// action says what somebody wants to do.
func action(a policy.Action) string {
	words := map[policy.Action]string{
		policy.ReadPreferences:            "read what a person decided",
		policy.SetPreferences:             "record what a person decided",
		policy.PreviewPreferences:         "see what a decision of a person would change",
		policy.ReadOwnAccesses:            "read who looked at a person's record, as that person does",
		policy.ReadAccessesOfPerson:       "read who looked at one person's record",
		policy.ReadAccessesOfCaller:       "read at whose records one user looked",
		policy.ReadAccessesOfOrganisation: "read at what one organisation's users looked",
		policy.ReadAlerts:                 "read the accesses that should be reviewed",
		policy.ReviewAlert:                "record what the review of an access found",
		policy.BreakGlass:                 "break the glass",
		policy.ReadRules:                  "read the rules in force",
	}
	if said, known := words[a]; known {
		return said
	}
	return "do what this version does not know, " + string(a)
}
