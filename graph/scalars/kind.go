package scalars

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/refusal"
	"onelondon/internal/clinical"
)

// KindName gives a kind as the enum RecordKind writes it: AllergyIntolerance is ALLERGY_INTOLERANCE.
func KindName(kind clinical.Kind) string {
	name := kind.String()
	var b strings.Builder
	for i := range len(name) {
		if i > 0 && name[i] >= 'A' && name[i] <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteByte(name[i])
	}
	return strings.ToUpper(b.String())
}

// MarshalRecordKind writes a kind of record.
func MarshalRecordKind(v clinical.Kind) graphql.Marshaler { return quoted(KindName(v)) }

// UnmarshalRecordKind reads a kind of record.
func UnmarshalRecordKind(v any) (clinical.Kind, error) {
	text, _ := v.(string)
	for _, kind := range clinical.Kinds() {
		if KindName(kind) == text {
			return kind, nil
		}
	}
	return 0, refusal.New(refusal.BadRequest, "not a value of RecordKind")
}
