package handbook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// exampleOrganisation is the organisation of the callers in the handbook's tables; it is not an ODS code.
const exampleOrganisation = "EXAMPLE"

// caller is one column of the tables of who sees what.
type caller struct {
	name  string
	input policy.Input
}

// callers are one of each group of roles, who treats the person, and the person.
func (b *book) callers() []caller {
	person := policy.Person{Objection: "none", Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
	var all []caller
	for _, group := range b.teller.Groups() {
		all = append(all, caller{prose.Spaced(group.Name), policy.Input{Role: group.Roles[0], Organisation: exampleOrganisation,
			Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered, Person: person}})
	}
	return append(all, caller{"the person", policy.Input{Citizen: true, Purpose: policy.PatientRequest,
		Relationship: policy.RelationshipSelf, Person: person}})
}

// sight tells in tables who sees what. Every cell is what the policy answered when it was asked.
func (b *book) sight(ctx context.Context) error {
	b.linef("\n## Who sees what\n\nEach column is somebody in a group of roles who treats the person for the purpose TREAT, or the person, who asks for their own\nrecord. Nobody has objected, and nothing has been denied. The policy was asked, and this is what it answered.")
	for _, table := range []func([]caller, []*policy.Decision){b.kindTable, b.circumstanceTable} {
		callers := b.callers()
		decisions := make([]*policy.Decision, len(callers))
		for i, each := range callers {
			var err error
			if decisions[i], err = b.Decide(ctx, each.input); err != nil {
				return err
			}
		}
		table(callers, decisions)
	}
	b.roles()
	if err := b.purposes(ctx); err != nil {
		return err
	}
	for _, table := range []func(context.Context) error{b.relationships, b.said, b.proxies} {
		if err := table(ctx); err != nil {
			return err
		}
	}
	return nil
}

// kindTable says which kinds each caller sees, and which fields are left out.
func (b *book) kindTable(callers []caller, decisions []*policy.Decision) {
	b.linef("\n### Kinds of record\n")
	b.header("", callers)
	for _, kind := range clinical.Kinds() {
		row := "| " + kind.String()
		for _, decision := range decisions {
			row += " | " + sees(kind, decision.Release(kind))
		}
		b.linef("%s |", row)
	}
}

func (b *book) header(first string, callers []caller) {
	names, rules := "| "+first, "|---"
	for _, each := range callers {
		names += " | " + each.name
		rules += "|---"
	}
	b.linef("%s |\n%s|", names, rules)
}

// sees says how a kind is released: yes, no, or without some fields.
func sees(kind clinical.Kind, release policy.Release) string {
	if release.Condition.IsNever() {
		return "no"
	}
	if left := release.LeftOut(kind); len(left) > 0 {
		return "without " + specimen.Listed(left)
	}
	return "yes"
}

// circumstanceTable says which single records each caller sees of the kinds that they see at all, in the caller's own
// organisation and elsewhere. Circumstances that are treated alike share a row.
func (b *book) circumstanceTable(callers []caller, decisions []*policy.Decision) {
	b.linef("\n### Single records\n\nOf the kinds of record that they see at all, which records does each see? \"Some kinds\" means that it depends on the kind.\nA record on which the source is silent is one of which nobody says whether it is sealed or what it is about.")
	staff := len(callers) - 1
	b.linef("\nOf the caller's own organisation:\n")
	b.circumstances(true, callers[:staff], decisions[:staff])
	b.linef("\nOf other organisations; to the person, of any organisation:\n")
	b.circumstances(false, callers, decisions)
}

func (b *book) circumstances(own bool, callers []caller, decisions []*policy.Decision) {
	var rows []string
	alike := map[string][]specimen.Circumstance{}
	for _, circumstance := range b.set.Circumstances() {
		if circumstance.Own != own {
			continue
		}
		row := ""
		for _, decision := range decisions {
			row += " | " + howMany(decision, b.set.Records(circumstance))
		}
		if len(alike[row]) == 0 {
			rows = append(rows, row)
		}
		alike[row] = append(alike[row], circumstance)
	}
	b.header("", callers)
	for _, row := range rows {
		b.linef("| %s%s |", specimen.Phrase(alike[row]), row)
	}
}

// howMany says whether a decision releases all records, none, or some, of the kinds that it releases at all.
func howMany(decision *policy.Decision, records []clinical.Record) string {
	seen, kinds := 0, 0
	for _, record := range records {
		condition := decision.Release(record.Kind()).Condition
		if condition.IsNever() {
			continue
		}
		kinds++
		if condition.Match(record) {
			seen++
		}
	}
	switch {
	case seen == 0:
		return "no"
	case seen == kinds:
		return "yes"
	}
	return "some kinds"
}

// roles says who is in which group.
func (b *book) roles() {
	table, _ := b.Tables()["roles"].(map[string]any)
	b.linef("\n### Groups of roles\n\nA caller is in the group that lists the role they selected when they signed in ([`data/roles.yaml`](../policy/data/roles.yaml)).\nA role in no group sees nothing.\n\n| group | cares clinically | roles | such as |\n|---|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(table)) {
		group, _ := table[name].(map[string]any)
		roles, _ := group["roles"].(map[string]any)
		clinically := "no"
		if group["clinical"] == true {
			clinically = "yes"
		}
		var titles []string
		for _, code := range slices.Sorted(maps.Keys(roles)) {
			titles = append(titles, fmt.Sprintf("%s (%s)", roles[code], code))
		}
		b.linef("| %s | %s | %d | %s |", prose.Spaced(name), clinically, len(roles), strings.Join(titles[:min(3, len(titles))], ", "))
	}
}

// purposes says what each purpose releases to staff and to citizens.
func (b *book) purposes(ctx context.Context) error {
	b.linef("\n### Purposes\n\nMay the record of a single person be released for this purpose? To staff, here a doctor who treats the person; to citizens, here\nthe person.\n\n| purpose | to staff | to citizens |\n|---|---|---|")
	callers := b.callers()
	doctor, person := callers[0].input, callers[len(callers)-1].input
	for _, each := range callers {
		if each.name == "doctor" {
			doctor = each.input
		}
	}
	for _, purpose := range policy.Purposes() {
		row := "| " + strings.TrimPrefix(prose.Purpose(purpose), "for ")
		for _, input := range []policy.Input{doctor, person} {
			input.Purpose = purpose
			decision, err := b.Decide(ctx, input)
			if err != nil {
				return err
			}
			row += " | " + yes(decision.Permitted)
		}
		b.linef("%s |", row)
	}
	return nil
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// relationships says what each relationship is good for, for clinical and other staff.
func (b *book) relationships(ctx context.Context) error {
	b.linef("\n### Relationships\n\nIs anything released on this relationship, for treatment? An alert asks a privacy officer to review the access.\n")
	callers := b.callers()
	b.header("relationship", callers[:len(callers)-1])
	for _, relationship := range policy.Relationships() {
		if relationship == policy.RelationshipSelf || relationship == policy.RelationshipProxy {
			continue // of citizens
		}
		row := "| " + prose.Relationship(relationship)
		for _, each := range callers[:len(callers)-1] {
			each.input.Relationship = relationship
			decision, err := b.Decide(ctx, each.input)
			if err != nil {
				return err
			}
			cell := yes(decision.Permitted)
			if decision.Alert {
				cell += ", with an alert"
			}
			row += " | " + cell
		}
		b.linef("%s |", row)
	}
	return nil
}
