# METADATA
# title: Planning and research
# description: |
#   De-personalised data must be used to plan and improve services (CS-8), within a registered project, with its approvals, by its
#   people, in its time, without those who opted out (CS-11), and with numbers that give nobody away (CS-9). Who asked for
#   what is published from the ledger (CS-10). The tables: data/projects.yaml, approvals.yaml, optouts.yaml, disclosure.yaml.
# schemas:
#   - input: schema.study
package onelondon.study

import data.onelondon.purpose

# METADATA
# title: The project
# description: The registered project that the question names; nothing where there is none.
# custom:
#   expectation: CS-8, CS-12
project := data.projects[input.project]

# METADATA
# title: Refusals
# description: What is not proved and would have to be. Each is the absence of a proof, so that missing input refuses.
# scope: document
# custom:
#   expectation: CS-8, CS-11, CS-12, CS-13
refusals contains "project_not_registered" if not project

refusals contains "purpose_not_for_studies" if not _counts

refusals contains "purpose_not_of_the_project" if not project.purpose == input.purpose

refusals contains "not_in_the_project" if not _in_project

refusals contains "project_not_in_force" if not _in_force

refusals contains "approval_missing" if not _approved

refusals contains "optouts_out_of_date" if not _up_to_date

refusals contains "kind_not_of_the_project" if not _within("kinds")

refusals contains "dimension_not_of_the_project" if not _within("dimensions")

refusals contains "codelist_not_of_the_project" if not _within("codelists")

_counts if purpose.gives in {"aggregate", "pseudonymised"}

_in_project if {
	input.caller.citizen == false
	input.caller.id in project.people
}

_in_force if {
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, input.today)
	project.from <= input.today
	input.today <= project.until
}

_approved if {
	every approval in data.approvals[project.purpose] {
		project.approvals[approval]
	}
	_paid_for
}

_paid_for if project.commercial == false

_paid_for if {
	project.commercial == true
	every approval in data.approvals.commercial {
		project.approvals[approval]
	}
}

_up_to_date if {
	every name, optout in data.optouts {
		input.lists[name] >= 0
		input.lists[name] <= optout.most_days
	}
}

_within(bound) if {
	every each in input.asked[bound] {
		each in project[bound]
	}
}

# METADATA
# title: Grounds
# description: A registered project asks, and nothing refuses it.
# scope: document
# custom:
#   expectation: CS-8, CS-12
grounds contains "registered_project" if {
	project
	count(refusals) == 0
}

# METADATA
# title: The study may ask
# description: There is a ground.
# scope: document
# custom:
#   expectation: CS-8, CS-12
default permitted := false

permitted if count(grounds) > 0

# METADATA
# title: Who is left out
# description: |
#   Everybody on a list that applies, whole; and everybody with an S-flag, in every study (London's filtering rules). A list does not apply
#   where the project has a ground that the list lets pass.
# scope: document
# custom:
#   expectation: CS-11, National Data Opt-out policy, London's consent codes, London's filtering rules
exclusions contains {"list": name, "unknown": optout.unknown == "excluded"} if {
	some name, optout in data.optouts
	not _exempt(name)
}

exclusions contains {"list": "s_flag", "unknown": false}

_exempt(name) if project.exemptions[name].ground in data.optouts[name].grounds

# METADATA
# title: Reasons
# description: The refusals, or the ground.
# custom:
#   expectation: CS-10, CS-14
reasons := refusals | grounds

# METADATA
# title: The decision about a study
# description: |
#   What the study may ask about, who is left out, and how its numbers are protected. Nothing where it may not ask. What a source
#   has sealed is never counted (PDS and GP Connect: private, sealed and practice-confidential items never leave the practice).
# entrypoint: true
# custom:
#   expectation: CS-8, CS-9, CS-11, CS-12, PDS and GP Connect
decision := object.union({"permitted": permitted, "reasons": reasons}, _bounds)

_bounds := {} if not permitted

_bounds := {
	"identifiability": purpose.gives,
	"kinds": project.kinds,
	"dimensions": project.dimensions,
	"codelists": project.codelists,
	"without": _without,
	"exclusions": exclusions,
	"disclosure": data.disclosure,
} if {
	permitted
}

_without := {"sealed"} | {label | some label in project.without}
