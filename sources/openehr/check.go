package openehr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	all := s.drift(ctx, options.Before)
	var told []string
	for _, kind := range s.Holds() {
		read, about := s.checkKind(ctx, kind, people)
		by, lost := s.checkNarrowing(ctx, kind, people, read)
		if all = append(append(all, about), lost...); len(by) > 0 {
			told = append(told, kind.String()+" by "+strings.Join(by, ", "))
		}
	}
	if len(told) > 0 {
		all = append(all, found(sources.MatterAbility, sources.Note, 0, "the server finds what is asked for: "+strings.Join(told, "; "), ""))
	}
	return append(all, s.checkWatermark(ctx, options))
}

// checkKind reads everything of a kind of some people.
func (s *Source) checkKind(ctx context.Context, kind clinical.Kind, people []clinical.NHSNumber) ([]sources.PartAnswer, sources.Finding) {
	line := s.plan.sets[kind][0].Line
	query := sources.Query{Parts: make([]sources.Part, len(people))}
	for i, person := range people {
		query.Parts[i] = sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: checked}
	}
	answer, err := s.Fetch(ctx, query)
	if err != nil {
		return nil, found(sources.MatterSample, sources.Fault, line, fmt.Sprintf("%s cannot be asked for: %v", kind, err), "compare the set's archetypes and paths with the server's templates")
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
		return answer.Parts, found(sources.MatterSample, sources.Warning, line, fmt.Sprintf("%s: %d of %d rows cannot be read", kind, rejected, read+rejected), "check id, dates and numbers")
	case read == 0:
		return answer.Parts, found(sources.MatterSample, sources.Warning, line, fmt.Sprintf("%s: none of %d people has one", kind, len(people)), "check the set's archetypes and where")
	}
	return answer.Parts, found(sources.MatterSample, sources.Note, line, fmt.Sprintf("%s: %d records of %d people, %d of them with a date", kind, read, len(people), dated), "")
}

// checkNarrowing asks for a record that was just read by its code, its status and its date, as the server is told them where a set is large.
// It returns by what the server finds it. A server that finds it not would lose it in silence.
func (s *Source) checkNarrowing(ctx context.Context, kind clinical.Kind, people []clinical.NHSNumber, read []sources.PartAnswer) (by []string, lost []sources.Finding) {
	for _, set := range s.plan.sets[kind] {
		for _, one := range aspects() {
			sample, person := s.sampleOf(set, one, people, read)
			if sample == nil {
				continue
			}
			switch finds, err := s.finds(ctx, set, person, sample, filterBy(one.name, sample)); {
			case err != nil || set.refused.Load():
				lost = append(lost, found(sources.MatterAbility, sources.Note, set.Line, fmt.Sprintf("%s: the server cannot be told %s; all of a person's are read", kind, one.name), ""))
			case !finds:
				lost = append(lost, found(sources.MatterAbility, sources.Fault, set.Line, fmt.Sprintf("%s: a record that was just read is not found by %s", kind, one.name),
					"write narrow: false under openehr, so that everything of a person is read and decided here"))
			default:
				by = append(by, one.name)
			}
			set.refused.Store(false)
		}
	}
	return by, lost
}

// sampleOf is a record that was read of which the server can be told something; nil where there is none.
func (s *Source) sampleOf(set *set, one aspect, people []clinical.NHSNumber, read []sources.PartAnswer) (clinical.Record, clinical.NHSNumber) {
	for i := 0; i < len(read) && s.tells(set); i++ {
		for _, record := range read[i].Records {
			filter := filterBy(one.name, record)
			told := wantedBy(&filter)
			if _, ok := one.say(s.plan.selecting(set, 0), &told); ok {
				return record, people[i]
			}
		}
	}
	return nil, clinical.NHSNumber{}
}

// filterBy asks for what a record has.
func filterBy(name string, record clinical.Record) sources.Filter {
	meta := record.About()
	switch {
	case name == "codes" && meta.Code.Code != "":
		return sources.Filter{Codes: []sources.Code{{System: meta.Code.System, Code: meta.Code.Code}}}
	case name == "statuses" && meta.Status != "":
		return sources.Filter{Statuses: []clinical.Status{meta.Status}}
	case name == "dates" && !meta.Date.IsZero():
		at := meta.Date.At()
		return sources.Filter{From: clinical.NewDateTime(at.AddDate(0, 0, -1), clinical.PrecisionDay), Until: clinical.NewDateTime(at.AddDate(0, 0, 2), clinical.PrecisionDay)}
	}
	return sources.Filter{}
}

// finds reports whether the server finds a record by what it is told, however few there are.
func (s *Source) finds(ctx context.Context, set *set, person clinical.NHSNumber, record clinical.Record, filter sources.Filter) (bool, error) {
	told := *s
	told.options.Whole = 0
	part := sources.Part{Kind: set.Kind, Person: person, Filter: filter, Fields: set.Kind.Descriptor().All(), Condition: condition.Always(), Limit: told.options.Limits.Rows}
	answer, err := told.Fetch(ctx, sources.Query{Parts: []sources.Part{part}})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(answer.Parts[0].Records, func(other clinical.Record) bool { return other.About().ID == record.About().ID }), nil
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
