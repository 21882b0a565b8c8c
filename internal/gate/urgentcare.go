package gate

import (
	"cmp"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// UrgentLists says which lists of a question make up a view of the person's urgent care plans.
type UrgentLists struct {
	Plans                                int // the list of urgent care plans
	Contacts, Contingencies, Medications int // lists of the plans' parts; -1 if not asked for
}

// MostUrgent is the maximum number of records of a kind in a view of urgent care plans; if a source holds more, its
// line says so.
const MostUrgent = 200

// UrgentCare presents a person's urgent care plans from all sources for use at the bedside: the leading plan and all
// others. Nothing is settled: plans that contradict each other are shown with the contradiction.
type UrgentCare struct {
	// Plans are all plans that may be shown: those that stand first, then the others, each by newest decision.
	Plans []*UrgentCareEntry
	// The plans whose decision or statement leads; nil if no plan that stands has one.
	CPR, CeilingOfTreatment, ADRT, PreferredPlaceOfCare, PreferredPlaceOfDeath, AnticipatoryMedicines, WhatMattersToMe *UrgentCareEntry

	Conflicts []Conflict
	Sources   []SourceAnswer // the worst outcome of each source over all lists of the view
}

// Complete reports whether every source that may hold a plan gave all it has. Only then does an empty view mean that
// there is no plan that may be shown.
func (u *UrgentCare) Complete() bool {
	return !slices.ContainsFunc(u.Sources, func(line SourceAnswer) bool {
		return line.Outcome != Answered && line.Outcome != Nothing || line.Rejected > 0
	})
}

// UrgentCareEntry is one plan with its standing and its parts.
type UrgentCareEntry struct {
	Plan     *clinical.UrgentCarePlan
	Standing PlanStanding
	// ReviewDue is when the plan or its decision on resuscitation is next to be reviewed, whichever is first.
	ReviewDue     clinical.DateTime
	ReviewOverdue bool

	Contacts              []*clinical.Contact
	ContingencyPlans      []*clinical.CarePlan
	AnticipatoryMedicines []*clinical.Medication
}

// PlanStanding says whether a plan is in force; its values are those of the GraphQL enum PlanStanding.
type PlanStanding string

// The standings. A plan leads only while it stands.
const (
	PlanStands    PlanStanding = "STANDS"
	PlanNotYet    PlanStanding = "NOT_YET"   // a draft, or begins later
	PlanEnded     PlanStanding = "ENDED"     // its end has passed, or its status says so
	PlanWithdrawn PlanStanding = "WITHDRAWN" // cancelled or stopped
	PlanInError   PlanStanding = "ENTERED_IN_ERROR"
	PlanUnclear   PlanStanding = "UNCLEAR" // the fields that would tell are withheld from the caller
)

// PlanStandings lists every standing, in the order of the GraphQL enum.
func PlanStandings() []PlanStanding {
	return []PlanStanding{PlanStands, PlanNotYet, PlanEnded, PlanWithdrawn, PlanInError, PlanUnclear}
}

// UrgentFields are the plan fields that the view always needs, whatever else is asked for.
func UrgentFields() clinical.FieldSet {
	return clinical.KindUrgentCarePlan.Descriptor().Set("status", "date", "end", "reviewDate", "cprDecision", "cprDate", "cprReviewDate",
		"ceilingOfTreatmentDecision", "adrtDecision", "adrtDate")
}

// urgentCare builds the view. Its pages have passed the final decision and been masked, so it depends on nothing that
// the caller may not see.
func (q *inquiry) urgentCare(lists *UrgentLists, pages []Page) UrgentCare {
	view := UrgentCare{Conflicts: []Conflict{}}
	masked := q.decision.Release(clinical.KindUrgentCarePlan).Masked
	unclear := masked&clinical.KindUrgentCarePlan.Descriptor().Set("status", "date", "end") != 0
	for _, plan := range recordsOf[*clinical.UrgentCarePlan](pages, lists.Plans) {
		entry := &UrgentCareEntry{Plan: plan, Standing: standing(plan, q.started)}
		if unclear {
			entry.Standing = PlanUnclear
		}
		entry.review(q.started)
		entry.Contacts = partsOf[*clinical.Contact](plan, pages, lists.Contacts)
		entry.ContingencyPlans = partsOf[*clinical.CarePlan](plan, pages, lists.Contingencies)
		entry.AnticipatoryMedicines = partsOf[*clinical.Medication](plan, pages, lists.Medications)
		view.Plans = append(view.Plans, entry)
	}
	view.lead()
	view.Conflicts = append(view.Conflicts, view.contradictions()...)
	for _, i := range []int{lists.Plans, lists.Contacts, lists.Contingencies, lists.Medications} {
		if i >= 0 && i < len(pages) {
			view.Sources = worst(view.Sources, pages[i].Sources, pages[i].HasNext)
		}
	}
	return view
}

// recordsOf lists the records of a page, merged ones included, since each plan is somebody's own.
func recordsOf[R clinical.Record](pages []Page, at int) (all []R) {
	if at < 0 || at >= len(pages) {
		return nil
	}
	for _, record := range pages[at].Records {
		for _, each := range append([]clinical.Record{record}, record.About().Others()...) {
			if typed, ok := each.(R); ok {
				all = append(all, typed)
			}
		}
	}
	return all
}

// partsOf lists the records that are part of a plan, newest first.
func partsOf[R clinical.Record](plan *clinical.UrgentCarePlan, pages []Page, at int) []R {
	return slices.DeleteFunc(recordsOf[R](pages, at), func(part R) bool {
		meta := part.About()
		return meta.Source != plan.Source || meta.Plan != plan.ID || meta.Status == clinical.StatusInError
	})
}

// standing says whether a plan is in force at a moment. A plan whose source gives no status counts as in force: it was
// written to be found.
func standing(plan *clinical.UrgentCarePlan, now time.Time) PlanStanding {
	switch plan.Status {
	case clinical.StatusInError:
		return PlanInError
	case clinical.StatusStopped, clinical.StatusCancelled, clinical.StatusNotDone, clinical.StatusMissed:
		return PlanWithdrawn
	case clinical.StatusInactive, clinical.StatusResolved, clinical.StatusCompleted:
		return PlanEnded
	case clinical.StatusPlanned, clinical.StatusArrived:
		return PlanNotYet
	}
	today := civil(now)
	switch {
	case !plan.End.IsZero() && !plan.End.Until().After(today):
		return PlanEnded
	case !plan.Date.IsZero() && plan.Date.At().After(today):
		return PlanNotYet
	}
	return PlanStands
}

// civil is a moment in local clock time, to compare with the dates of records.
func civil(now time.Time) time.Time {
	return clinical.NewDateTime(now, clinical.PrecisionSecond).At()
}

// reviewMonths is when a plan that names no review is due for one: at least every three months (SCCI1580).
const reviewMonths = 3

// review works out when a plan is due for review. A plan with neither a date nor a review date is overdue, since nobody
// can say that it was ever looked at.
func (e *UrgentCareEntry) review(now time.Time) {
	due := earliest(e.Plan.ReviewDate, e.Plan.CPRReviewDate)
	if made := e.made(); due.IsZero() && !made.IsZero() {
		due = clinical.NewDateTime(made.At().AddDate(0, reviewMonths, 0), max(made.Precision(), clinical.PrecisionDay)).Cut(clinical.PrecisionDay)
	}
	e.ReviewDue = due
	e.ReviewOverdue = due.IsZero() || !due.Until().After(civil(now))
}

// made is when the plan's decisions were last known to be made.
func (e *UrgentCareEntry) made() clinical.DateTime { return e.decided(e.Plan.CPRDate) }

// decided is when a decision was made: its own date, or else the plan's.
func (e *UrgentCareEntry) decided(own clinical.DateTime) clinical.DateTime {
	if own.IsZero() {
		return e.Plan.Date
	}
	return own
}

func earliest(a, b clinical.DateTime) clinical.DateTime {
	if a.IsZero() || !b.IsZero() && b.Compare(a) < 0 {
		return b
	}
	return a
}

// lead orders the plans and finds those that lead.
func (u *UrgentCare) lead() {
	slices.SortStableFunc(u.Plans, func(a, b *UrgentCareEntry) int {
		return cmp.Or(boolOrder(a.Standing == PlanStands, b.Standing == PlanStands), b.made().Compare(a.made()),
			sources.PositionOf(a.Plan).Compare(sources.PositionOf(b.Plan)))
	})
	resuscitate := func(e *UrgentCareEntry) bool { return stanceOf(&e.Plan.CPRDecision) == forCPR }
	refuses := func(e *UrgentCareEntry) bool { return e.Plan.ADRTDecision.Has(clinical.SNOMED, refusesLifeSustaining) }
	byPlan := func(e *UrgentCareEntry) clinical.DateTime { return e.Plan.Date }
	u.CPR = u.leader(func(e *UrgentCareEntry) bool { return !e.Plan.CPRDecision.IsZero() },
		func(e *UrgentCareEntry) clinical.DateTime { return e.decided(e.Plan.CPRDate) }, resuscitate)
	u.ADRT = u.leader(func(e *UrgentCareEntry) bool { return !e.Plan.ADRTDecision.IsZero() },
		func(e *UrgentCareEntry) clinical.DateTime { return e.decided(e.Plan.ADRTDate) }, refuses)
	u.CeilingOfTreatment = u.leader(func(e *UrgentCareEntry) bool { return !e.Plan.CeilingDecision.IsZero() || e.Plan.CeilingDetail != "" }, byPlan, nil)
	u.PreferredPlaceOfCare = u.leader(func(e *UrgentCareEntry) bool { return !e.Plan.CareFirst.IsZero() }, byPlan, nil)
	u.PreferredPlaceOfDeath = u.leader(func(e *UrgentCareEntry) bool { return !e.Plan.DeathFirst.IsZero() }, byPlan, nil)
	u.AnticipatoryMedicines = u.leader(func(e *UrgentCareEntry) bool { return e.Plan.AnticipatoryMedicines() != nil }, byPlan, nil)
	u.WhatMattersToMe = u.leader(func(e *UrgentCareEntry) bool { return e.Plan.WhatMattersToMe != "" }, byPlan, nil)
	if i := slices.Index(u.Plans, u.CPR); i > 0 {
		u.Plans = slices.Insert(slices.Delete(u.Plans, i, i+1), 0, u.CPR)
	}
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// leader finds the leading plan among those that stand and make a statement: the one with the newest date. A statement
// without a date never leads over one with a date. If the dates do not settle which is newest, as with two on the same
// day or one known only by its year, the first cautious one leads.
func (u *UrgentCare) leader(
	speaks func(*UrgentCareEntry) bool, dated func(*UrgentCareEntry) clinical.DateTime, cautious func(*UrgentCareEntry) bool,
) *UrgentCareEntry {
	var newest clinical.DateTime
	var all []*UrgentCareEntry
	for _, entry := range u.Plans {
		if entry.Standing == PlanStands && speaks(entry) {
			all = append(all, entry)
			if date := dated(entry); newest.IsZero() || !date.IsZero() && date.At().After(newest.At()) {
				newest = date
			}
		}
	}
	perhaps := slices.DeleteFunc(slices.Clone(all), func(e *UrgentCareEntry) bool {
		date := dated(e)
		return !newest.IsZero() && (date.IsZero() || !date.Until().After(newest.At()))
	})
	if len(perhaps) == 0 {
		return nil
	}
	slices.SortStableFunc(perhaps, func(a, b *UrgentCareEntry) int { return dated(b).Compare(dated(a)) })
	if cautious != nil {
		if i := slices.IndexFunc(perhaps, cautious); i >= 0 {
			return perhaps[i]
		}
	}
	return perhaps[0]
}

// worst combines two sets of source lines: the worst outcome of each source, and the sum of its records.
func worst(lines, more []SourceAnswer, cut bool) []SourceAnswer {
	for _, line := range more {
		if cut && line.Outcome == Answered {
			line.Outcome = Truncated
		}
		i := slices.IndexFunc(lines, func(known SourceAnswer) bool { return known.Source == line.Source })
		if i < 0 {
			lines = append(lines, line)
			continue
		}
		known := &lines[i]
		known.Records += line.Records
		known.Rejected += line.Rejected
		known.Elapsed = max(known.Elapsed, line.Elapsed)
		if severity(line.Outcome) > severity(known.Outcome) {
			known.Outcome = line.Outcome
		}
	}
	return lines
}

func severity(outcome Outcome) int {
	return slices.Index([]Outcome{Nothing, Answered, Withheld, Truncated, NotAsked, TimedOut, Behind, Failed}, outcome)
}
