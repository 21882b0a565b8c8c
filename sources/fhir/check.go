package fhir

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Fault   Severity = "fault"   // the source cannot answer as it should
	Warning Severity = "warning" // it answers, and something is likely wrong
	Note    Severity = "note"    // for whoever looks after it
)

// Finding is one thing found out about a server. It holds no value of a record.
type Finding struct {
	Severity Severity
	Message  string
	Advice   string
}

// checked is how many patients a check looks at.
const checked = 200

var errEnough = errors.New("enough seen")

// Check finds out what the server can do, whether its patients have NHS numbers, and how fresh it is.
func (s *Source) Check(ctx context.Context) []Finding {
	return append(s.abilities(), append(s.checkPatients(ctx), s.checkWatermark(ctx)...)...)
}

func (s *Source) abilities() []Finding {
	all := []Finding{{Note, "all kinds of a question go in one batch", ""}}
	if !s.can.batch {
		all[0] = Finding{Note, fmt.Sprintf("kinds are asked for one by one, %d at a time", atOnce), ""}
	}
	var missing []string
	for _, kind := range clinical.Kinds() {
		if len(s.can.layouts(kind)) == 0 {
			missing = append(missing, kind.String())
		}
	}
	if len(missing) > 0 {
		all = append(all, Finding{Note, "the server cannot search for " + strings.Join(missing, ", "), ""})
	}
	if !s.options.Labelled {
		all = append(all, Finding{Warning, "resources without a security label may be sealed or not: rules that want to know release none of them",
			"where the server labels whatever is restricted, write labelled: true under fhir"})
	}
	return all
}

func (s *Source) checkPatients(ctx context.Context) []Finding {
	seen, numbered := 0, 0
	err := s.patients(ctx, &sources.Caller{}, func(_ object, one person) error {
		if !one.number.IsZero() {
			numbered++
		}
		if seen++; seen == checked {
			return errEnough
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return []Finding{{Fault, "patients cannot be listed: " + err.Error(), "check the rights that the server gives us"}}
	case seen == 0:
		return []Finding{{Warning, "the server has no patients", "check the address, and whose patients we may see"}}
	case numbered == 0:
		return []Finding{{Fault, fmt.Sprintf("none of %d patients has a valid NHS number under %s", seen, nhsSystem), "check how the server names people"}}
	case numbered < seen:
		return []Finding{{Note, fmt.Sprintf("%d of %d patients have a valid NHS number; the others are not found", numbered, seen), ""}}
	}
	return nil
}

func (s *Source) checkWatermark(ctx context.Context) []Finding {
	at, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return []Finding{{Warning, "how fresh the server is cannot be told: " + err.Error(), ""}}
	case at.IsZero():
		return []Finding{{Warning, "how fresh the server is cannot be told: no resource has meta.lastUpdated", ""}}
	}
	return []Finding{{Note, "the newest entry is of " + at.String(), ""}}
}
