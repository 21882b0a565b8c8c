package report

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onelondon/internal/cohort"
)

// entry is one thing that is needed to cite an answer.
type entry struct{ name, value string }

// provenance is what is needed to cite an answer, for programs, in a fixed order.
func provenance(answer *cohort.Answer) ([]entry, error) {
	sources, err := json.Marshal(answer.Sources)
	if err != nil {
		return nil, fmt.Errorf("write sources: %w", err)
	}
	total, err := json.Marshal(answer.Result.Total)
	if err != nil {
		return nil, fmt.Errorf("write total: %w", err)
	}
	definition := &answer.Definition
	return []entry{
		{"definition", definition.Name},
		{"version", strconv.Itoa(definition.Version)},
		{"title", definition.Title},
		{"as_at", definition.AsAt.String()},
		{"digest", answer.Digest},
		{"words", answer.Words},
		{"project", answer.Project},
		{"answered_at", answer.AnsweredAt.UTC().Format(time.RFC3339)},
		{"policy_revision", answer.PolicyRevision},
		{"consent_revision", strconv.FormatUint(answer.ConsentRevision, 10)},
		{"complete", strconv.FormatBool(answer.Complete())},
		{"missing_at_most", strconv.Itoa(answer.MissingAtMost)},
		{"notes", strings.Join(answer.Result.Notes, " ")},
		{"warnings", strings.Join(answer.Warnings, " ")},
		{"total", string(total)},
		{"sources", string(sources)},
	}, nil
}

// Incomplete says loudly what an answer lacks, in a sentence; nothing of a complete one.
func Incomplete(answer *cohort.Answer) string {
	missing := 0
	for i := range answer.Sources {
		if !answer.Sources[i].Answered {
			missing++
		}
	}
	if missing == 0 {
		return ""
	}
	return fmt.Sprintf("INCOMPLETE: %d of %s did not answer. Up to %s may be missing or wrongly counted.",
		missing, howMany(len(answer.Sources), "source"), people(answer.MissingAtMost))
}

func people(count int) string {
	if count == 1 {
		return "1 person"
	}
	return grouped(count) + " people"
}
