package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/internal/clinical"
)

// anyOrganisation is the organisation of callers while a policy is being proved; it is not an ODS code.
const anyOrganisation = "PROOF"

// prove asks the policy every kind of question, with known and unknown values, before the policy is accepted, and so
// compiles the rule about records for all of them: every kind of caller with every purpose and relationship, then every
// kind of caller about every kind of person. It does not try every combination, since few rules depend on both; tests
// draw the others at random. The first question that cannot be answered refuses the policy.
func (e *Engine) prove(ctx context.Context, loaded *bundle, compiler *ast.Compiler) error {
	if err := e.proveWords(compiler); err != nil {
		return err
	}
	callers, err := provedCallers(loaded.data)
	if err != nil {
		return err
	}
	activities, _ := loaded.data["activities"].(map[string]any)
	for _, caller := range callers {
		for _, question := range provedQuestions(caller, slices.Sorted(maps.Keys(activities))) {
			if err := e.proveOne(ctx, question); err != nil {
				return err
			}
		}
	}
	return nil
}

// provedQuestions are the questions of one caller: about an ordinary person for every purpose and in every
// relationship, and about every kind of person for care, with and without a broken glass; for a citizen, about
// themselves and about somebody else.
func provedQuestions(caller Input, activities []string) []Input {
	var questions []Input
	people := provedPeople(caller.Citizen)
	ask := func(purpose Purpose, relationship Relationship, emergency bool, person Person) {
		question := caller
		question.Purpose, question.Relationship, question.Emergency, question.Person = purpose, relationship, emergency, person
		if emergency {
			question.Activities = activities
		}
		questions = append(questions, question)
	}
	for _, purpose := range append(Purposes(), "", "unknown") {
		for _, relationship := range append(Relationships(), "", "unknown") {
			ask(purpose, relationship, false, people[0])
		}
	}
	for _, person := range people {
		if caller.Citizen {
			ask(PatientRequest, RelationshipSelf, false, person)
			ask(PatientRequest, RelationshipProxy, false, person)
			continue
		}
		ask(Treatment, RelationshipRecord, false, person)
		ask(EmergencyTreatment, RelationshipClaimed, true, person)
	}
	return questions
}

// provedPeople are an ordinary person, and people who differ from them in one thing that a decision about this kind of
// caller may depend on. That all categories are treated alike is left to the rules' tests.
func provedPeople(toCitizen bool) []Person {
	ordinary := Person{Objection: "none", Age: AgeUnder11, Capacity: CapacityPresumed, Authority: AuthorityParent}
	people := []Person{ordinary}
	but := func(change func(*Person)) {
		person := ordinary
		change(&person)
		people = append(people, person)
	}
	for _, objection := range append(Objections(), "", "unknown") {
		but(func(p *Person) { p.Objection = objection })
	}
	but(func(p *Person) { p.Flagged = true })
	but(func(p *Person) { p.Deceased = true })
	for _, effect := range append(Effects(), "unknown") {
		but(func(p *Person) { p.Preferences = []Preference{{Effect: effect, Category: "all", Party: "anyone"}} })
	}
	if !toCitizen {
		return people
	}
	for _, authority := range append(Authorities(), "unknown") {
		for _, age := range append(Ages(), "unknown") {
			for _, capacity := range append(Capacities(), "unknown") {
				but(func(p *Person) { p.Authority, p.Age, p.Capacity = authority, age, capacity })
			}
		}
	}
	return people
}

func (e *Engine) proveOne(ctx context.Context, question Input) error {
	decision, err := e.evaluate(ctx, question)
	if err != nil {
		return fmt.Errorf("role %q, purpose %q, relationship %q, person %+v: %w", question.Role, question.Purpose,
			question.Relationship, question.Person, err)
	}
	for _, reason := range decision.Reasons {
		if err := e.worded(reason); err != nil {
			return err
		}
	}
	return nil
}

// proveWords finds the reasons named by rules, of every entry point, and refuses any without wording.
func (e *Engine) proveWords(compiler *ast.Compiler) error {
	var faults []error
	for _, file := range slices.Sorted(maps.Keys(compiler.Modules)) {
		for _, rule := range compiler.Modules[file].Rules {
			if !slices.Contains([]string{"grounds", "refusals", "remarks"}, string(rule.Head.Name)) || rule.Head.Key == nil {
				continue
			}
			if reason, ok := rule.Head.Key.Value.(ast.String); ok {
				faults = append(faults, e.worded(string(reason)))
			}
		}
	}
	return errors.Join(faults...)
}

func (e *Engine) worded(reason string) error {
	if _, ok := e.settings.words[reason]; ok {
		return nil
	}
	return &Fault{File: dataFolder + "/words.yaml", Message: fmt.Sprintf("the reason %q has no words", reason)}
}

// provedCallers are one caller for each group of roles, one with a role in no group, and a citizen.
func provedCallers(data map[string]any) ([]Input, error) {
	groups, _ := data["roles"].(map[string]any)
	callers := []Input{{Citizen: true}, {Organisation: anyOrganisation}, {Role: "unknown", Organisation: anyOrganisation}}
	groupOf := map[string]string{}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		group, _ := groups[name].(map[string]any)
		roles, _ := group["roles"].(map[string]any)
		for i, role := range slices.Sorted(maps.Keys(roles)) {
			if i == 0 {
				callers = append(callers, Input{Role: role, Organisation: anyOrganisation})
			}
			if other, twice := groupOf[role]; twice {
				faults = append(faults, &Fault{File: dataFolder + "/roles.yaml",
					Message: fmt.Sprintf("role %s is in %s and in %s", role, other, name), Advice: "a role has one group"})
			}
			groupOf[role] = name
		}
	}
	faults = append(append(faults, maskFaults(data)...), openFaults(data, groups)...)
	return callers, errors.Join(faults...)
}

// openFaults finds categories that the law would open to a non-existent group of roles.
func openFaults(data, groups map[string]any) []error {
	var faults []error
	table, _ := data["restricted"].(map[string]any)
	for _, category := range slices.Sorted(maps.Keys(table)) {
		entry, _ := table[category].(map[string]any)
		open, _ := entry["open_to"].([]any)
		for _, name := range open {
			if group, _ := name.(string); groups[group] == nil {
				faults = append(faults, &Fault{File: dataFolder + "/restricted.yaml",
					Message: fmt.Sprintf("%s is open to %s, which is not a group of roles", category, group), Advice: "name one of data/roles.yaml"})
			}
		}
	}
	return faults
}

// maskFaults finds masks without effect: of a field that does not exist, or of a kind that is not released.
func maskFaults(data map[string]any) []error {
	var faults []error
	table, _ := data["role_kinds"].(map[string]any)
	for _, group := range slices.Sorted(maps.Keys(table)) {
		row, _ := table[group].(map[string]any)
		kinds, _ := row["kinds"].([]any)
		masked, _ := row["masked"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(masked)) {
			fault := func(format string, arguments ...any) {
				faults = append(faults, &Fault{File: dataFolder + "/role_kinds.yaml",
					Message: fmt.Sprintf(group+" masks "+format, arguments...)})
			}
			kind, known := clinical.ParseKind(name)
			if !known || !slices.Contains(kinds, any(name)) {
				fault("%s, which it does not see", name)
				continue
			}
			fields, _ := masked[name].([]any)
			for _, field := range fields {
				text, _ := field.(string)
				if _, known := kind.Descriptor().Field(text); !known {
					fault("%q of %s, which is not a field", text, name)
				}
			}
		}
	}
	return faults
}
