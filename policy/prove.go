package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"onelondon/internal/clinical"
)

// anyOrganisation stands for whatever organisation a caller has while a policy is being proved; it is not an ODS code.
const anyOrganisation = "PROOF"

// prove asks the policy about every group of roles, purpose, relationship and objection, known and unknown ones, and so
// compiles the rule about records for all of them. The first question that cannot be answered refuses the policy.
func (e *Engine) prove(ctx context.Context, loaded *bundle) error {
	callers, err := provedCallers(loaded.data)
	if err != nil {
		return err
	}
	purposes := append(Purposes(), "", "unknown")
	relationships := append(Relationships(), "", "unknown")
	objections := append(Objections(), "", "unknown")
	for _, input := range callers {
		for _, input.Purpose = range purposes {
			for _, input.Relationship = range relationships {
				if err := e.proveObjections(ctx, input, objections); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (e *Engine) proveObjections(ctx context.Context, input Input, objections []string) error {
	for _, input.Person.Objection = range objections {
		decision, err := e.evaluate(ctx, input)
		if err != nil {
			return fmt.Errorf("role %q, purpose %q, relationship %q, objection %q: %w", input.Role, input.Purpose,
				input.Relationship, input.Person.Objection, err)
		}
		for _, reason := range decision.Reasons {
			if _, ok := e.words[reason]; !ok {
				return &Fault{File: dataFolder + "/words.yaml", Message: fmt.Sprintf("the reason %q has no words", reason)}
			}
		}
	}
	return nil
}

// provedCallers are one caller for each group of roles, one with a role in no group, and the citizen.
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
	faults = append(faults, maskFaults(data)...)
	return callers, errors.Join(faults...)
}

// maskFaults finds masks that would mask nothing: of a field that does not exist, or of a kind that is not released.
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
