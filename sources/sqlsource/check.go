package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Severity says how much a finding matters.
type Severity string

// The severities. A source with a fault must not be served.
const (
	Fault   Severity = "fault"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is what a check found. It holds no value from the database.
type Finding struct {
	Severity Severity
	Line     int // of the mapping, 0 where no line is meant
	Message  string
	Advice   string // what to do; empty for a note
}

// How much of a database a check looks at.
const (
	samplePeople  = 200
	sampleFetched = 10
	sampleRecords = 50
)

// Check proves the mapping against the live database: tables and columns, indexes, a sample of people and of records, that
// the session can only read, and how fresh the source is. Findings come in that order.
func (s *Source) Check(ctx context.Context) []Finding {
	if err := s.Ping(ctx); err != nil {
		return []Finding{{Fault, 0, fmt.Sprintf("the database does not answer: %v", err),
			"check the DSN, the network and that the server runs"}}
	}
	findings := s.checkNames(ctx)
	if len(findings) > 0 {
		return append(findings, s.checkReadOnly(ctx)...)
	}
	findings = append(findings, s.checkPlans(ctx)...)
	findings = append(findings, s.checkSample(ctx)...)
	findings = append(findings, s.checkReadOnly(ctx)...)
	return append(findings, s.checkWatermark(ctx)...)
}

func (s *Source) checkReadOnly(ctx context.Context) []Finding {
	err := s.ProveReadOnly(ctx)
	switch {
	case err == nil:
		return append([]Finding{{Note, 0, "a write was refused", ""}}, s.checkRights(ctx)...)
	case errors.Is(err, ErrWritable):
		return []Finding{{Fault, 0, "a write went through: the session is not read-only", "give the source a role that can only read"}}
	}
	return []Finding{{Warning, 0, fmt.Sprintf("a write failed, but for another reason than a missing right: %v", err),
		"check that the role has no right to write"}}
}

// checkRights says what the role may do that only the driver keeps it from, where the server has no sessions that only read.
func (s *Source) checkRights(ctx context.Context) []Finding {
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
		return []Finding{{Warning, 0, fmt.Sprintf("what the role may do cannot be read: %v", err), "check that the role has no right to write"}}
	case len(rights) > 0:
		return []Finding{{Warning, 0, "the role may " + strings.Join(rights, ", ") + "; only the driver keeps it from that",
			"give the source a role that can select from the mapped tables and nothing else"}}
	}
	return nil
}

func (s *Source) checkWatermark(ctx context.Context) []Finding {
	newest, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return []Finding{{Fault, 0, fmt.Sprintf("the watermark cannot be read: %v", err), "check the columns under watermark"}}
	case newest.IsZero():
		return []Finding{{Warning, 0, "nothing says how fresh the source is", "name a column under watermark that holds when rows were written"}}
	}
	return []Finding{{Note, 0, "the newest entry is of " + newest.Cut(clinical.PrecisionDay).String(), ""}}
}

// checkPlans asks the database how it would run the question for each kind.
func (s *Source) checkPlans(ctx context.Context) []Finding {
	var findings []Finding
	// A number of the range that is never given to anybody.
	nobody, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		return []Finding{{Fault, 0, err.Error(), "report this as a defect"}}
	}
	for _, kind := range clinical.Kinds() {
		if len(s.mapping.Records[kind]) == 0 {
			continue
		}
		query := sources.Query{Parts: []sources.Part{wholeKind(kind, nobody)}}
		found, err := s.scans(ctx, &query)
		if err == nil {
			_, err = s.EventScans(ctx, sources.RecordedSet{Kind: kind, Condition: condition.Always(), From: clinical.NoDay, Until: clinical.NoDay,
				Wanted: sources.WantDay | sources.WantEnd | sources.WantValue | sources.WantMark | sources.WantOrganisation})
		}
		if errors.Is(err, ErrPlanDenied) {
			return []Finding{{Warning, 0, "the role may not see how a question would be run", "let the role see plans while the source is checked"}}
		}
		if err != nil {
			findings = append(findings, Finding{Fault, s.mapping.Records[kind][0].Line,
				fmt.Sprintf("the statement for %s cannot be run: %v", kind, err), "compare the types of the columns that are compared"})
		}
		for _, table := range found {
			findings = append(findings, Finding{Warning, s.mapping.Records[kind][0].Line,
				fmt.Sprintf("a question for %s reads %s from end to end", kind, table),
				"have the column indexed by which the table is reached; a table of a few rows is read like this in any case"})
		}
	}
	return findings
}

func wholeKind(kind clinical.Kind, person clinical.NHSNumber) sources.Part {
	return sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: sampleRecords}
}

func (s *Source) scans(ctx context.Context, query *sources.Query) ([]string, error) {
	var found []string
	for _, step := range s.draft(query).steps {
		statement := &Statement{SQL: s.dialect.Explain + step.statement.SQL, Once: true, serial: s.serials.Add(1)}
		_, err := s.connection.Query(ctx, statement, s.bind(step.slots, query), func(row []string) error {
			if table, whole := s.dialect.Scans(row); whole {
				found = append(found, table)
			}
			return nil
		})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// errEnough ends the listing of a sample.
var errEnough = errors.New("sample is large enough")

func (s *Source) checkSample(ctx context.Context) []Finding {
	var people []clinical.NHSNumber
	rows, wrong := 0, 0
	statement := s.peopleStatement()
	_, err := s.connection.Query(ctx, statement, nil, func(row []string) error {
		if rows++; rows > samplePeople {
			return errEnough
		}
		if number, ok := readNumber(row[0], s.mapping.Person.Format); ok {
			people = append(people, number)
		} else {
			wrong++
		}
		return nil
	})
	line := s.mapping.Person.Line
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return []Finding{{Fault, line, fmt.Sprintf("people cannot be listed: %v", err), "check the tables and columns under person"}}
	case len(people) == 0:
		return []Finding{{Warning, line, fmt.Sprintf("none of the first %d people has a valid NHS number", min(rows, samplePeople)),
			"check nhs_number, its format, and where"}}
	}
	var findings []Finding
	if wrong > 0 {
		findings = append(findings, Finding{Warning, line,
			fmt.Sprintf("%d of the first %d NHS numbers are not valid", wrong, min(rows, samplePeople)),
			"people without a valid number cannot be found; correct them at the source"})
	}
	return append(findings, s.checkRecords(ctx, people[:min(len(people), sampleFetched)])...)
}

func (s *Source) checkRecords(ctx context.Context, people []clinical.NHSNumber) []Finding {
	var findings []Finding
	for _, kind := range clinical.Kinds() {
		sets := s.mapping.Records[kind]
		if len(sets) == 0 {
			continue
		}
		read, rejected, err := s.sample(ctx, kind, people)
		switch {
		case err != nil:
			findings = append(findings, Finding{Fault, sets[0].Line, fmt.Sprintf("%s cannot be read: %v", kind, err),
				"compare the types of the columns that are compared"})
		case rejected > 0:
			findings = append(findings, Finding{Warning, sets[0].Line,
				fmt.Sprintf("%d rows of %s cannot be read as records, %d can", rejected, kind, read),
				"check the id, the types of the dates and the numbers"})
		default:
			findings = append(findings, Finding{Note, sets[0].Line, fmt.Sprintf("%d rows of %s were read", read, kind), ""})
		}
	}
	return findings
}

func (s *Source) sample(ctx context.Context, kind clinical.Kind, people []clinical.NHSNumber) (read, rejected int, err error) {
	for _, person := range people {
		answer, err := s.Fetch(ctx, sources.Query{Parts: []sources.Part{wholeKind(kind, person)}})
		if err != nil {
			return read, rejected, err
		}
		read += len(answer.Parts[0].Records)
		rejected += answer.Parts[0].Rejected
	}
	return read, rejected, nil
}
