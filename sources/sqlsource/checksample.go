package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Limits on how much of a database a check reads.
const (
	samplePeople  = 200
	sampleFetched = 10
	sampleRecords = 50
)

// errEnough ends the listing once the sample is complete.
var errEnough = errors.New("sample is large enough")

// checkSample lists some people and reads the records of a few of them.
func (s *Source) checkSample(ctx context.Context) []sources.Finding {
	var people []clinical.NHSNumber
	rows, wrong := 0, 0
	statement := s.peopleStatement()
	_, err := s.connection.Query(ctx, statement, nil, func(row []string) error {
		if rows++; rows > samplePeople {
			return errEnough
		}
		switch number, ok := readNumber(row[0], s.mapping.Person.Format); {
		case !ok:
			wrong++
		case row[0] == numberText(number, s.mapping.Person.Format):
			people = append(people, number)
		default:
			people = slices.Insert(people, 0, number) // may not be found in the form in which it is stored, so it is asked about too
		}
		return nil
	})
	line := s.mapping.Person.Line
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return []sources.Finding{fault(sources.MatterPeople, line, fmt.Sprintf("people cannot be listed: %v", err), "check the tables and columns under person")}
	case rows == 0:
		return []sources.Finding{warning(sources.MatterPeople, line, "nobody is found: no row is left of the tables under person",
			"check where and the joins, and that the database has been filled")}
	case len(people) == 0:
		return []sources.Finding{warning(sources.MatterPeople, line, fmt.Sprintf("none of the first %d people has a valid NHS number", min(rows, samplePeople)),
			"check nhs_number, its format, and where")}
	}
	var findings []sources.Finding
	if wrong > 0 {
		findings = append(findings, warning(sources.MatterPeople, line,
			fmt.Sprintf("%d of the first %d NHS numbers are not valid", wrong, min(rows, samplePeople)),
			"people without a valid number cannot be found; correct them at the source"))
	}
	return append(findings, s.checkRecords(ctx, people[:min(len(people), sampleFetched)])...)
}

// checkRecords reads every kind, and reports how many rows could be read and what their records lack.
func (s *Source) checkRecords(ctx context.Context, people []clinical.NHSNumber) []sources.Finding {
	var findings []sources.Finding
	for _, kind := range clinical.Kinds() {
		sets := s.mapping.Records[kind]
		if len(sets) == 0 {
			continue
		}
		seen, err := s.sample(ctx, kind, people)
		line := sets[0].Line
		switch {
		case err != nil:
			findings = append(findings, fault(sources.MatterSample, line, fmt.Sprintf("%s cannot be read: %v", kind, err),
				"compare the types of the columns that are compared"))
		case seen.rejected > 0:
			findings = append(findings, warning(sources.MatterSample, line,
				fmt.Sprintf("%d rows of %s cannot be read as records, %d can", seen.rejected, kind, seen.read),
				"check the id, the types of the dates and the numbers"))
		default:
			findings = append(findings, note(sources.MatterSample, line, fmt.Sprintf("%d rows of %s were read", seen.read, kind)))
		}
		if kind == clinical.KindRegistration && seen.missing > 0 {
			findings = append(findings, fault(sources.MatterPeople, s.mapping.Person.Line,
				fmt.Sprintf("%d of %d people who are listed have no registration when they are asked for", seen.missing, len(people)),
				"say under nhs_number how its column is written: format: plain (ten digits), spaced (3, 3 and 4) or numeric; a number is asked for in that one form"))
		}
		findings = append(findings, seen.lacking(kind, line)...)
		findings = append(findings, unknownSeals(sets)...)
	}
	return findings
}

// sampled counts what was seen in the records of a kind.
type sampled struct {
	read, rejected             int
	unsealed, nowhere, undated int // records of which seal, organisation or date is not known
	missing                    int // people for whom no row was found
	told                       bool
}

func (s *Source) sample(ctx context.Context, kind clinical.Kind, people []clinical.NHSNumber) (seen sampled, err error) {
	sets := s.mapping.Records[kind]
	seen.told = len(unknownSeals(sets)) == len(sets)
	for _, person := range people {
		answer, err := s.Fetch(ctx, sources.Query{Parts: []sources.Part{wholeKind(kind, person)}})
		if err != nil {
			return seen, err
		}
		if len(answer.Parts[0].Records)+answer.Parts[0].Rejected == 0 {
			seen.missing++
		}
		seen.read += len(answer.Parts[0].Records)
		seen.rejected += answer.Parts[0].Rejected
		for _, record := range answer.Parts[0].Records {
			meta := record.About()
			if _, known := meta.Labels.Value(clinical.LabelSealed); !known {
				seen.unsealed++
			}
			if meta.Organisation.Code == "" {
				seen.nowhere++
			}
			if meta.Date.IsZero() {
				seen.undated++
			}
		}
	}
	return seen, nil
}

// lacking reports what the sampled records lack. A contact or a registration need not have a date.
func (seen *sampled) lacking(kind clinical.Kind, line int) []sources.Finding {
	var findings []sources.Finding
	if seen.unsealed > 0 && !seen.told {
		findings = append(findings, warning(sources.MatterLabels, line,
			fmt.Sprintf("%d of %d rows of %s do not say whether they are sealed: rules that want to know release none of them", seen.unsealed, seen.read, kind),
			"check the flag's column: its words may be others than those of yes and no, or it is empty"))
	}
	if seen.nowhere > 0 {
		findings = append(findings, warning(sources.MatterOrganisation, line,
			fmt.Sprintf("%d of %d rows of %s do not say whose they are", seen.nowhere, seen.read, kind),
			"check organisation: what joins it to the row, and that its code is filled"))
	}
	if seen.read > 0 && seen.undated == seen.read && kind != clinical.KindContact && kind != clinical.KindRegistration {
		findings = append(findings, warning(sources.MatterSample, line,
			fmt.Sprintf("none of %d rows of %s has a date: they stand last in every list", seen.read, kind),
			"check the column under date, and how its dates are written"))
	}
	return findings
}
