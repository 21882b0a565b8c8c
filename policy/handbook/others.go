package handbook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// overseer is one column of the table of who oversees.
type overseer struct {
	name  string
	input policy.OversightInput
}

// overseers are citizens for themselves and for others, the roles that answer for use, and a clinician who may override consent.
func (b *book) overseers() []overseer {
	adult := policy.OversightInput{Citizen: true, Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
	self, lacking, parent := adult, adult, adult
	self.Self, lacking.Self, lacking.Capacity = true, true, policy.CapacityLacking
	parent.Age, parent.Authority = policy.AgeUnder11, policy.AuthorityParent
	all := []overseer{{"the person", self}, {"the person, lacking capacity", lacking}, {"a parent of a child under 11", parent}}
	table, _ := b.Tables()["overseers"].(map[string]any)
	for _, role := range slices.Sorted(maps.Keys(table)) {
		entry, _ := table[role].(map[string]any)
		all = append(all, overseer{fmt.Sprint(entry["title"]), policy.OversightInput{Role: role, Organisation: exampleOrganisation,
			Relationship: policy.RelationshipRegistered}})
	}
	emergency, _ := b.Tables()["emergency"].(map[string]any)
	var activities []string
	listed, _ := emergency["activities"].([]any)
	for _, each := range listed {
		activities = append(activities, fmt.Sprint(each))
	}
	doctor := policy.OversightInput{Role: b.roleOf("doctor"), Organisation: exampleOrganisation, Purpose: policy.EmergencyTreatment}
	overriding := doctor
	overriding.Activities = activities
	return append(all, overseer{"a doctor in an emergency", doctor}, overseer{"the same, who may override consent", overriding})
}

// roleOf is the first role of a group.
func (b *book) roleOf(name string) string {
	for _, group := range b.teller.Groups() {
		if group.Name == name {
			return group.Roles[0]
		}
	}
	return ""
}

// oversight tells in a table who may do what that is not reading a record.
func (b *book) oversight(ctx context.Context) error {
	b.linef("\n## Who oversees\n\nWho may choose, see who looked, review alerts, break the glass and read the rules? \"Own organisation\" means: only of what users of\ntheir own organisation did. What somebody decided overseers read where their organisation cares for the person. The policy was asked, and this is what it answered.\n")
	overseers := b.overseers()
	head, rule := "| ", "|---"
	for _, each := range overseers {
		head, rule = head+" | "+each.name, rule+"|---"
	}
	b.linef("%s |\n%s|", head, rule)
	for _, action := range policy.Actions() {
		if len(policy.Outcomes(action)) > 0 {
			continue // the table of findings tells it
		}
		row := "| " + actionInWords(action)
		for _, each := range overseers {
			each.input.Action = action
			cell, err := b.may(ctx, each.input)
			if err != nil {
				return err
			}
			row += " | " + cell
		}
		b.linef("%s |", row)
	}
	if err := b.recorders(ctx); err != nil {
		return err
	}
	return b.findings(ctx)
}

// recorders tells in a table which staff record what somebody else decided, and on whose word.
func (b *book) recorders(ctx context.Context) error {
	b.linef("\n### Who records what somebody else decided\n\nStaff whose organisation cares for the person, by group of roles. Choices that only close something, and those after which more is seen or\nused; \"with evidence\" means: with a reference to what proves it; \"reviewed\": by a privacy officer.\n\n| on the word of | whose role is of | what only closes | what opens |\n|---|---|---|---|")
	table, _ := b.Tables()["recorders"].(map[string]any)
	for _, word := range policy.Words() {
		for _, group := range b.teller.Groups() {
			input := givenWord(word)
			input.Role, input.Organisation = group.Roles[0], exampleOrganisation
			closes, err := b.records(ctx, input)
			if err != nil {
				return err
			}
			input.Choice.Opens = true
			opens, err := b.records(ctx, input)
			if err != nil {
				return err
			}
			if closes != "no" || opens != "no" {
				b.linef("| %s | %s | %s | %s |", wordInWords(word), prose.Spaced(group.Name), closes, opens)
			}
		}
		entry, _ := table[string(word)].(map[string]any)
		if roles, _ := entry["roles"].([]any); len(roles) > 0 {
			b.linef("| %s | besides: %s | as these | as these |", wordInWords(word), b.rolesNamed(roles))
		}
	}
	b.linef("\nWhat a clinician closed in somebody's best interests a clinician may take back, with evidence. A parent's or an attorney's word counts\nwhere they could choose themselves, the person's own from the age of 13, or 11 where the child was found competent.")
	return nil
}

// givenWord is a word of the person whose word it most often is, about a preference.
func givenWord(word policy.Word) policy.OversightInput {
	input := policy.OversightInput{Action: policy.SetPreferences, Relationship: policy.RelationshipRegistered, Word: word,
		Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed, Choice: policy.ChoiceMade{Kind: policy.ChoicePreference}}
	switch word {
	case policy.WordParent:
		input.Age, input.Authority = policy.AgeUnder11, policy.AuthorityParent
	case policy.WordAttorney:
		input.Capacity, input.Authority = policy.CapacityLacking, policy.AuthorityAttorney
	case policy.WordClinician:
		input.Capacity = policy.CapacityLacking
	}
	return input
}

func wordInWords(word policy.Word) string {
	switch word {
	case policy.WordSelf:
		return "the person"
	case policy.WordParent:
		return "a parent"
	case policy.WordAttorney:
		return "an attorney"
	case policy.WordClinician:
		return "the clinician who records it, in the person's best interests"
	}
	return prose.Spaced(string(word))
}

func (b *book) rolesNamed(codes []any) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = fmt.Sprint(code)
		if name := b.RoleName(names[i]); name != "" {
			names[i] = name
		}
	}
	return specimen.Listed(names)
}

// records says whether a choice is recorded, with what and with what consequence.
func (b *book) records(ctx context.Context, input policy.OversightInput) (string, error) {
	for _, evidence := range []bool{false, true} {
		input.Evidence = evidence
		permission, err := b.Permit(ctx, input)
		if err != nil {
			return "", err
		}
		if !permission.Permitted {
			continue
		}
		said := "yes"
		if evidence {
			said = "with evidence"
		}
		if permission.Alert {
			said += ", reviewed"
		}
		return said, nil
	}
	return "no", nil
}

// may says whether an action is permitted: of everybody, or of the caller's own organisation.
func (b *book) may(ctx context.Context, input policy.OversightInput) (string, error) {
	for _, own := range []bool{false, true} {
		input.OwnOrganisation = own
		permission, err := b.Permit(ctx, input)
		if err != nil {
			return "", err
		}
		switch {
		case permission.Permitted && own:
			return "own organisation", nil
		case permission.Permitted:
			return "yes", nil
		case input.Citizen:
			return "no", nil
		}
	}
	return "no", nil
}

func actionInWords(action policy.Action) string {
	switch action {
	case policy.ReadPreferences:
		return "read what the person decided"
	case policy.SetPreferences:
		return "record or withdraw what the person decided"
	case policy.PreviewPreferences:
		return "see what a decision would change"
	case policy.ReadOwnAccesses:
		return "see who looked, as the person"
	case policy.ReadAccessesOfPerson:
		return "see who looked at one person's record"
	case policy.ReadAccessesOfCaller:
		return "see at whose records one user looked"
	case policy.ReadAccessesOfOrganisation:
		return "see what an organisation's users looked at"
	case policy.ReadAlerts:
		return "see alerts"
	case policy.ReviewAlert:
		return "record what a review found"
	case policy.BreakGlass:
		return "break the glass"
	case policy.ReadRules:
		return "read the rules"
	}
	return prose.Spaced(string(action))
}

// studies tells the registered projects, what each may ask on a day on which it is in force, who is left out, and how numbers are
// protected.
func (b *book) studies(ctx context.Context) error {
	b.linef("\n## Who may ask for numbers\n\nPlanning, public health and research ask for numbers about many people, never for a record, and only within a registered project\n([`data/projects.yaml`](../policy/data/projects.yaml)). Each project was put to the policy by one of its people, on its first day, with lists\nof opt-outs that are a day old.\n\n| project | purpose | may ask | about | by | leaves out |\n|---|---|---|---|---|---|")
	projects, _ := b.Tables()["projects"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(projects)) {
		project, _ := projects[name].(map[string]any)
		decision, err := b.DecideStudy(ctx, b.example(name, project))
		if err != nil {
			return err
		}
		var kinds []string
		for _, kind := range decision.Kinds {
			kinds = append(kinds, kind.String())
		}
		b.linef("| %s | %s | %s | %s | %s | %s |", project["title"], project["purpose"], yes(decision.Permitted), specimen.Listed(kinds),
			specimen.Listed(decision.Dimensions), b.leftOut(decision))
	}
	b.optouts()
	b.numbers()
	return nil
}

// example is a question of a project that nothing but the project itself could refuse.
func (b *book) example(name string, project map[string]any) policy.StudyInput {
	input := policy.StudyInput{Purpose: policy.Purpose(fmt.Sprint(project["purpose"])), Project: name, Today: fmt.Sprint(project["from"]),
		Lists: map[string]int{}}
	if people, _ := project["people"].([]any); len(people) > 0 {
		input.Analyst = fmt.Sprint(people[0])
	}
	lists, _ := b.Tables()["optouts"].(map[string]any)
	for list := range lists {
		input.Lists[list] = 1
	}
	return input
}

func (b *book) leftOut(decision *policy.StudyDecision) string {
	lists, _ := b.Tables()["optouts"].(map[string]any)
	var names []string
	for _, exclusion := range decision.Exclusions {
		name := "whoever carries an S-flag"
		if list, known := lists[exclusion.List].(map[string]any); known {
			name = fmt.Sprint("whoever is on the list ", list["title"])
		}
		if exclusion.Unknown {
			name += ", and whoever it says nothing of"
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

// optouts tells the lists of opt-outs.
func (b *book) optouts() {
	b.linef("\n### Lists of opt-outs\n\nA list that is older, or was never loaded, refuses every study.\n\n| list | may be days old | who is on no list | grounds on which a project is exempt |\n|---|---|---|---|")
	lists, _ := b.Tables()["optouts"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		list, _ := lists[name].(map[string]any)
		var grounds []string
		exempt, _ := list["grounds"].([]any)
		for _, each := range exempt {
			grounds = append(grounds, prose.Spaced(fmt.Sprint(each)))
		}
		none := "none"
		if len(grounds) > 0 {
			none = specimen.Listed(grounds)
		}
		b.linef("| %s | %v | is %v | %s |", list["title"], list["most_days"], list["unknown"], none)
	}
}

// numbers tells the numbers of disclosure control.
func (b *book) numbers() {
	table, _ := b.Tables()["disclosure"].(map[string]any)
	zero := "A zero is shown."
	if table["zero_is_small"] == true {
		zero = "A zero is treated as a small number."
	}
	extremes := "Smallest and largest values are not shown."
	if table["extremes"] == true {
		extremes = "Smallest and largest values may be shown."
	}
	b.linef("\n### Small numbers\n\nA number from 1 to %v is not shown, others are rounded to the nearest %v. %s %s A question that differs\nfrom an earlier one of the same project by fewer than %v people is refused.",
		table["redact_up_to"], table["round_to"], zero, extremes, table["smallest_difference"])
	b.linef("Of a person who has more than %v %% of a figure's events only as many count as the others have on average, and a median or\nquartiles are shown only of at least %v people. A project may ask %v questions. All of them together may tell no group of fewer than %v people from all others by what is\ncommonly known of people: age, sex, borough, practice.",
		table["largest_share"], table["fewest_for_quantiles"], table["most_questions"], table["smallest_group"])
}

// otherStories tells the cases about oversight, what staff record, and studies.
func (b *book) otherStories(ctx context.Context) error {
	page := ""
	for i := range b.pages.Oversight {
		c := &b.pages.Oversight[i]
		permission, err := b.Permit(ctx, c.Input())
		if err != nil {
			return err
		}
		page = b.page(page, c.Place)
		b.answer(c.Title, permission.Permitted, permission.Alert, permission.Reasons)
	}
	for i := range b.pages.Studies {
		c := &b.pages.Studies[i]
		decision, err := b.DecideStudy(ctx, c.Input())
		if err != nil {
			return err
		}
		page = b.page(page, c.Place)
		b.answer(c.Title, decision.Permitted, false, decision.Reasons)
	}
	return nil
}

// page begins a page of cases where the one before is another, and returns its name.
func (b *book) page(before string, at casebook.Place) string {
	if at.File != before {
		b.linef("\n### %s\n\nIn [`%s`](../policy/%s).\n", b.pageTitle(at.File), at.File, at.File)
	}
	return at.File
}

func (b *book) answer(title string, permitted, alert bool, reasons []string) {
	var told []string
	for _, reason := range reasons {
		told = append(told, b.Words(reason))
	}
	verdict := "Not permitted."
	if permitted {
		verdict = "Permitted."
	}
	if alert {
		told = append(told, "A privacy officer reviews it.")
	}
	b.linef("- **%s.** %s %s", strings.TrimSuffix(title, "."), verdict, strings.Join(told, " "))
}
