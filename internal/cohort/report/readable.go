package report

import (
	"slices"
	"strings"

	"onelondon/internal/cohort"
)

// Readable is a result with its keys as people write them: the words of the schema's enums become words. Programs get them as they are.
func Readable(result cohort.Result) cohort.Result {
	worded := slices.Index(result.Columns, "sex")
	if worded < 0 {
		return result
	}
	result.Rows = slices.Clone(result.Rows)
	for i := range result.Rows {
		result.Rows[i].Key = slices.Clone(result.Rows[i].Key)
		result.Rows[i].Key[worded] = strings.ToLower(result.Rows[i].Key[worded])
	}
	return result
}
