package gate

import (
	"cmp"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// A source may itself be a OneLondon with sources of its own. If one of those did not answer, the record is incomplete
// here too, so each of them gets a line of its own under a path such as nel/barts.

// below sums up how one source behind another OneLondon did on one stream, over all rounds.
type below struct {
	sources.Below
	given int // records from it that passed the checks here
}

// weight ranks outcomes; the gravest is highest, so that a failure is never hidden by a success.
func weight(outcome sources.Outcome) int {
	return slices.Index([]sources.Outcome{sources.OutcomeWithheld, sources.OutcomeNothing, sources.OutcomeAnswered,
		sources.OutcomeTruncated, sources.OutcomeNotAsked, sources.OutcomeTimedOut, sources.OutcomeBehind, sources.OutcomeFailed}, outcome)
}

// hear merges the lines that came with one piece.
func (s *stream) hear(lines []sources.Below) {
	for i := range lines {
		at := slices.IndexFunc(s.below, func(b below) bool { return b.Source == lines[i].Source })
		if at < 0 {
			s.below = append(s.below, below{Below: lines[i]})
			continue
		}
		s.below[at].join(&lines[i])
	}
}

func (b *below) join(line *sources.Below) {
	if weight(line.Outcome) > weight(b.Outcome) {
		b.Outcome = line.Outcome
	}
	b.Rejected += line.Rejected
	b.Elapsed = max(b.Elapsed, line.Elapsed)
}

// credit counts a record that passed for the source it originates from.
func (s *stream) credit(record clinical.Record) {
	if len(s.below) == 0 {
		return
	}
	path := record.About().Below
	for i := range s.below {
		if s.below[i].Source == path {
			s.below[i].given++
			return
		}
	}
}

// beneath returns the lines of the sources behind another OneLondon, ordered by path. A line counts the records that
// passed here, which may be fewer than the source gave.
func beneath(spec *sources.Spec, streams []*stream, asAt time.Time, records func(origin clinical.SourceID) int) []SourceAnswer {
	var all []below
	for _, s := range streams {
		if s.source != spec.ID {
			continue
		}
		for i := range s.below {
			at := slices.IndexFunc(all, func(b below) bool { return b.Source == s.below[i].Source })
			if at < 0 {
				all = append(all, s.below[i])
				continue
			}
			all[at].given += s.below[i].given
			all[at].join(&s.below[i].Below)
		}
	}
	slices.SortFunc(all, func(a, b below) int { return cmp.Compare(a.Source, b.Source) })
	lines := make([]SourceAnswer, len(all))
	for i := range all {
		origin := spec.ID.Beneath(all[i].Source)
		lines[i] = SourceAnswer{Source: origin, Name: spec.Name + ": " + all[i].Name, Outcome: Outcome(all[i].Outcome),
			Records: records(origin), Rejected: all[i].Rejected, Elapsed: all[i].Elapsed, AsAt: asAt}
		gave := all[i].given > 0 || lines[i].Records > 0
		switch {
		case all[i].Outcome == sources.OutcomeAnswered && !gave && all[i].Rejected == 0:
			lines[i].Outcome = Nothing
		case all[i].Outcome == sources.OutcomeNothing && gave:
			lines[i].Outcome = Answered
		}
	}
	return lines
}
