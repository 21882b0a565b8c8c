package remote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"onelondon/internal/cohort"
)

// inputOf makes of a definition the GraphQL input of the same shape. Files name kinds of record as people do, AllergyIntolerance,
// where the enum RecordKind has ALLERGY_INTOLERANCE; everything else is spelled the same.
func inputOf(definition *cohort.Definition) (map[string]any, error) {
	text, err := json.Marshal(definition)
	if err != nil {
		return nil, fmt.Errorf("write the definition: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var input map[string]any
	if err := decoder.Decode(&input); err != nil {
		return nil, fmt.Errorf("write the definition: %w", err)
	}
	events, _ := input["events"].([]any)
	for _, each := range events {
		set, _ := each.(map[string]any)
		if kind, ok := set["kind"].(string); ok {
			set["kind"] = enumName(kind)
		}
	}
	return input, nil
}

// enumName writes CarePlan as CARE_PLAN.
func enumName(name string) string {
	var enum strings.Builder
	for i, letter := range name {
		if i > 0 && unicode.IsUpper(letter) {
			enum.WriteByte('_')
		}
		enum.WriteRune(unicode.ToUpper(letter))
	}
	return enum.String()
}
