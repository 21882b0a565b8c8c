package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

var (
	_ sources.Checker   = (*Source)(nil)
	_ sources.Describer = (*Source)(nil)
)

// Check proves the mapping against the live database. It checks, in this order: tables and columns, changes since the
// last check, types, indexes, a sample of people and records, that the session is read-only, and how fresh the source
// is.
func (s *Source) Check(ctx context.Context, options sources.CheckOptions) []sources.Finding {
	if err := s.Ping(ctx); err != nil {
		return []sources.Finding{fault(sources.MatterReach, 0, fmt.Sprintf("the database does not answer: %v", err),
			"check the DSN, the network and that the server runs")}
	}
	missing, findings := s.checkNames(ctx, options.Before)
	findings = append(findings, s.checkTypes(ctx)...)
	if missing {
		return append(findings, s.checkReadOnly(ctx)...)
	}
	findings = append(findings, s.checkPlans(ctx)...)
	findings = append(findings, s.checkSample(ctx)...)
	findings = append(findings, s.checkReadOnly(ctx)...)
	return append(findings, s.checkWatermark(ctx, options))
}

func fault(matter sources.Matter, line int, message, advice string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: sources.Fault, Line: line, Message: message, Advice: advice}
}

func warning(matter sources.Matter, line int, message, advice string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: sources.Warning, Line: line, Message: message, Advice: advice}
}

func note(matter sources.Matter, line int, message string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: sources.Note, Line: line, Message: message}
}

func (s *Source) checkReadOnly(ctx context.Context) []sources.Finding {
	err := s.ProveReadOnly(ctx)
	switch {
	case err == nil:
		return append([]sources.Finding{note(sources.MatterReadOnly, 0, "a write was refused")}, s.checkRights(ctx)...)
	case errors.Is(err, ErrWritable):
		return []sources.Finding{fault(sources.MatterReadOnly, 0, "a write went through: the session is not read-only", "give the source a role that can only read")}
	}
	return []sources.Finding{warning(sources.MatterReadOnly, 0, fmt.Sprintf("a write failed, but for another reason than a missing right: %v", err),
		"check that the role has no right to write")}
}

// checkRights reports rights to write that only the driver prevents the role from using, on servers without read-only
// sessions.
func (s *Source) checkRights(ctx context.Context) []sources.Finding {
	if s.dialect.Rights == "" {
		return nil
	}
	var rights []string
	_, err := s.connection.Query(ctx, &Statement{SQL: s.dialect.Rights, Width: 1, Once: true, serial: s.serials.Add(1)}, nil, func(row []string) error {
		rights = append(rights, row[0])
		return nil
	})
	switch {
	case err != nil:
		return []sources.Finding{warning(sources.MatterReadOnly, 0, fmt.Sprintf("what the role may do cannot be read: %v", err), "check that the role has no right to write")}
	case len(rights) > 0:
		return []sources.Finding{warning(sources.MatterReadOnly, 0, "the role may "+strings.Join(rights, ", ")+"; only the driver keeps it from that",
			"give the source a role that can select from the mapped tables and nothing else")}
	}
	return nil
}

func (s *Source) checkWatermark(ctx context.Context, options sources.CheckOptions) sources.Finding {
	newest, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return fault(sources.MatterFreshness, 0, fmt.Sprintf("the watermark cannot be read: %v", err), "check the columns under watermark")
	case newest.IsZero():
		return warning(sources.MatterFreshness, 0, "nothing says how fresh the source is", "name a column under watermark that holds when rows were written")
	}
	return options.Freshness(newest)
}

// checkPlans asks the database for its plan of the question for each kind.
func (s *Source) checkPlans(ctx context.Context) []sources.Finding {
	var findings []sources.Finding
	// This number is from a range that is never allocated.
	nobody, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		return []sources.Finding{fault(sources.MatterPlan, 0, err.Error(), "report this as a defect")}
	}
	for _, kind := range clinical.Kinds() {
		if len(s.mapping.Records[kind]) == 0 {
			continue
		}
		query := sources.Query{Parts: []sources.Part{wholeKind(kind, nobody)}}
		scanned, err := s.scans(ctx, &query)
		if err == nil {
			_, err = s.EventScans(ctx, sources.RecordedSet{Kind: kind, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay,
				Wanted: sources.WantDay | sources.WantEnd | sources.WantValue | sources.WantMark | sources.WantOrganisation})
		}
		if errors.Is(err, ErrPlanDenied) {
			return []sources.Finding{warning(sources.MatterPlan, 0, "the role may not see how a question would be run", "let the role see plans while the source is checked")}
		}
		if err != nil {
			findings = append(findings, fault(sources.MatterTypes, s.mapping.Records[kind][0].Line,
				fmt.Sprintf("the statement for %s cannot be run: %v", kind, err), "compare the types of the columns that are compared"))
		}
		for _, alias := range scanned {
			name, line := s.aliased(kind, alias)
			findings = append(findings, warning(sources.MatterPlan, line, fmt.Sprintf("a question for %s reads %s from end to end", kind, name),
				"have the column indexed by which the table is reached; a table of a few rows is read like this in any case"))
		}
	}
	return findings
}

// aliased returns the table of an alias in a kind's sets, and the line that names it.
func (s *Source) aliased(kind clinical.Kind, alias string) (name string, line int) {
	sets := s.mapping.Records[kind]
	for i := range sets {
		if table, known := tableOf(&s.mapping.Person, &sets[i], alias); known {
			if table.Name == alias {
				return alias, table.Line
			}
			return table.Name + " (" + alias + ")", table.Line
		}
	}
	return alias, sets[0].Line
}

func wholeKind(kind clinical.Kind, person clinical.NHSNumber) sources.Part {
	return sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: sampleRecords}
}

func (s *Source) scans(ctx context.Context, query *sources.Query) ([]string, error) {
	var scanned []string
	for _, step := range s.draft(query).steps {
		statement := &Statement{SQL: s.dialect.Explain + step.statement.SQL, Once: true, serial: s.serials.Add(1)}
		_, err := s.connection.Query(ctx, statement, s.bind(nil, step.slots, query), func(row []string) error {
			if table, whole := s.dialect.Scans(row); whole {
				scanned = append(scanned, table)
			}
			return nil
		})
		if err != nil {
			return scanned, err
		}
	}
	return scanned, nil
}

// unknownSeals warns of sets whose mapping cannot tell which records are sealed.
func unknownSeals(sets []mapping.RecordSet) []sources.Finding {
	var findings []sources.Finding
	for i := range sets {
		if mapping.Unknown(sets[i].Labels[clinical.LabelSealed]) {
			findings = append(findings, warning(sources.MatterLabels, sets[i].Line,
				fmt.Sprintf("the mapping does not know which rows of %s are sealed: rules that want to know release none of them", sets[i].Kind),
				"find the flag and name it, or say sealed: false once it is known that the system has none"))
		}
	}
	return findings
}
