package openehr

import (
	"context"
	"errors"
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

var _ sources.Checker = (*Source)(nil)

// checked is how many EHRs a check looks at.
const checked = 50

var errEnough = errors.New("enough seen")

// Check asks every query that the mapping makes, whether EHRs have NHS numbers, and how fresh the server is.
func (s *Source) Check(ctx context.Context, options sources.CheckOptions) []sources.Finding {
	var people []clinical.NHSNumber
	err := s.People(ctx, func(m sources.Membership) error {
		if people = append(people, m.Person); len(people) == checked {
			return errEnough
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return []sources.Finding{found(sources.MatterPeople, sources.Fault, 0, "EHRs cannot be listed: "+err.Error(), "check the address, the rights that the server gives us, and nhs_number")}
	case len(people) == 0:
		return []sources.Finding{found(sources.MatterPeople, sources.Fault, 0, "no EHR has a valid NHS number", "check nhs_number and where of the person, and whose EHRs we may see")}
	}
	var all []sources.Finding
	for _, kind := range s.Holds() {
		all = append(all, s.checkKind(ctx, kind, people))
	}
	return append(all, s.checkWatermark(ctx, options))
}

func (s *Source) checkKind(ctx context.Context, kind clinical.Kind, people []clinical.NHSNumber) sources.Finding {
	line := s.plan.sets[kind][0].Line
	query := sources.Query{Parts: make([]sources.Part, len(people))}
	for i, person := range people {
		query.Parts[i] = sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: checked}
	}
	answer, err := s.Fetch(ctx, query)
	if err != nil {
		return found(sources.MatterSample, sources.Fault, line, fmt.Sprintf("%s cannot be asked for: %v", kind, err), "compare the set's archetypes and paths with the server's templates")
	}
	read, rejected, dated := 0, 0, 0
	for i := range answer.Parts {
		rejected += answer.Parts[i].Rejected
		for _, record := range answer.Parts[i].Records {
			read++
			if !record.About().Date.IsZero() {
				dated++
			}
		}
	}
	switch {
	case rejected > 0:
		return found(sources.MatterSample, sources.Warning, line, fmt.Sprintf("%s: %d of %d rows cannot be read", kind, rejected, read+rejected), "check id, dates and numbers")
	case read == 0:
		return found(sources.MatterSample, sources.Warning, line, fmt.Sprintf("%s: none of %d people has one", kind, len(people)), "check the set's archetypes and where")
	}
	return found(sources.MatterSample, sources.Note, line, fmt.Sprintf("%s: %d records of %d people, %d of them with a date", kind, read, len(people), dated), "")
}

func (s *Source) checkWatermark(ctx context.Context, options sources.CheckOptions) sources.Finding {
	at, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return found(sources.MatterFreshness, sources.Fault, 0, "the watermark cannot be read: "+err.Error(), "check the paths under watermark")
	case at.IsZero():
		return found(sources.MatterFreshness, sources.Warning, 0, "nothing says how fresh the source is", `name a place under watermark, such as {from: VERSION as v, date: {from: v/commit_audit/time_committed/value, type: iso}}`)
	}
	return options.Freshness(at)
}

func found(matter sources.Matter, severity sources.Severity, line int, message, advice string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: severity, Line: line, Message: message, Advice: advice}
}
