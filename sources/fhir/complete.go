package fhir

import (
	"cmp"
	"maps"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources/web"
)

// complete fills a plan from its units, where its head does not say. A decision for resuscitation beside one against is a second plan, so that the
// contradiction is seen and not settled here.
func (d *decoder) complete(s *sheet) []clinical.Record {
	all := []clinical.Record{s.plan}
	s.treat()
	s.answer()
	var decided *atom
	decisions := s.decisions()
	for i := range decisions {
		unit := &decisions[i]
		switch {
		case hasAny(unit.code, slices.Concat(forCPR, notForCPR)):
			if decided == nil {
				decided = unit
				resuscitation(s.plan, unit)
			} else if hasAny(unit.code, forCPR) != hasAny(decided.code, forCPR) {
				all = append(all, d.contradiction(s, unit))
			}
		case hasAny(unit.code, advance):
			decision(&s.plan.ADRTDecision, &s.plan.ADRTDate, unit)
		case hasAny(unit.code, attorney):
			put(&s.plan.LegalFinding, unit.code)
		case hasAny(unit.code, onRegister):
			put(&s.plan.RegisterFinding, unit.code)
		case hasAny(unit.code, prognosis):
			decision(&s.plan.PrognosisEstimate, &s.plan.PrognosisDate, unit)
		case hasAny(unit.code, urgentKinds) && s.head == nil:
			put(&s.plan.Code, unit.code)
		}
	}
	s.observe()
	s.represent()
	s.share()
	for _, record := range all {
		s.label(record)
	}
	return all
}

// decisions are the Flags of a plan, and the Observations that say what a Flag may, newest first.
func (s *sheet) decisions() []atom {
	all := slices.Clone(s.units["Flag"])
	for _, unit := range s.units["Observation"] {
		if hasAny(unit.code, flagged()) {
			all = append(all, unit)
		}
	}
	slices.SortStableFunc(all, newest)
	return all
}

// contradiction is a plan of nothing but another decision about resuscitation.
func (d *decoder) contradiction(s *sheet, flag *atom) clinical.Record {
	plan := &clinical.UrgentCarePlan{}
	plan.ID, plan.Date, plan.Status, plan.Organisation = clinical.Text(flag.named), flag.from, clinical.StatusActive, s.plan.Organisation
	plan.Labels = s.plan.Labels
	plan.Author = flag.author()
	resuscitation(plan, flag)
	return plan
}

func resuscitation(plan *clinical.UrgentCarePlan, flag *atom) {
	if !plan.CPRDecision.IsZero() {
		return
	}
	plan.CPRDecision, plan.CPRDate, plan.CPRReviewDate = flag.code, flag.from, flag.end
	if plan.CPRResponsible == "" { // who endorsed it stands in a questionnaire
		plan.CPRResponsible = flag.author()
	}
}

// put sets what is not known yet.
func put(field *clinical.Concept, code clinical.Concept) {
	if field.IsZero() {
		*field = code
	}
}

func decision(field *clinical.Concept, date *clinical.DateTime, unit *atom) {
	if field.IsZero() {
		*field, *date = unit.code, unit.from
	}
}

// observe fills what Observations and Procedures tell, the newest of each.
func (s *sheet) observe() {
	p := s.plan
	for i := range s.units["Observation"] {
		unit := &s.units["Observation"][i]
		note := clean(words(parsePaths("valueString note.text"), unit.resource, "\n"))
		switch {
		case hasAny(unit.code, place):
			s.prefer(unit.code)
		case hasAny(unit.code, []clinical.Text{"395091006"}):
			s.prefer(concept(parsePaths("valueCodeableConcept")[0].values(unit.resource)))
		case hasAny(unit.code, withPerson) && p.CPRPersonInvolved == "":
			p.CPRPersonInvolved = said(unit, note)
		case hasAny(unit.code, withOthers) && p.CPROthersInvolved == "":
			p.CPROthersInvolved = said(unit, note)
		case hasAny(unit.code, ahead) && p.MedicinesStatus.IsZero():
			p.MedicinesStatus, p.MedicinesLocation = unit.code, note
		case hasAny(unit.code, wishes) && p.AdvanceStatement == "":
			p.AdvanceStatement = said(unit, note)
		}
	}
	for i := range s.units["Procedure"] {
		if unit := &s.units["Procedure"][i]; p.MedicinesStatus.IsZero() {
			p.MedicinesStatus, p.MedicinesLocation = unit.code, clean(words(parsePaths("location@any"), unit.resource, ", "))
		}
	}
}

// said is what an Observation tells in words, else what its code means.
func said(unit *atom, note clinical.Text) clinical.Text {
	switch {
	case note != "":
		return note
	case unit.code.Display != "":
		return unit.code.Display
	}
	return unit.code.Text
}

// prefer takes a place of death: the newest said is the first wish, and another place the second.
func (s *sheet) prefer(where clinical.Concept) {
	p := s.plan
	if p.DeathFirst.IsZero() {
		p.DeathFirst = where
	} else if p.DeathSecond.IsZero() && p.DeathFirst.Code != where.Code {
		p.DeathSecond = where
	}
}

// represent names who holds a power of attorney: the RelatedPerson who is said to, or whom the plan names.
func (s *sheet) represent() {
	for i := range s.units["RelatedPerson"] {
		if unit := &s.units["RelatedPerson"][i]; s.plan.LegalRepresentative == "" {
			s.plan.LegalRepresentative = clean(words(parsePaths("name@name"), unit.resource, ", "))
			s.plan.LegalContact = clean(words(parsePaths("telecom.value"), unit.resource, ", "))
		}
	}
}

// share says whether there is consent to share the plan. Without any word it is not known, and then it is not shared.
func (s *sheet) share() {
	last := s.lastWord()
	if last == nil {
		return
	}
	p := s.plan
	p.Labels.Put(clinical.LabelPlanShared, agrees(last))
	if p.ConsentDecision.IsZero() {
		p.ConsentDecision, p.ConsentDate = last.code, last.from
		p.ConsentObtainedBy = clean(words(parsePaths("performer@who organization@any"), last.resource, ", "))
	}
}

// lastWord is what was said last about consent: the newest that gives it, unless something against it may be later, or refuses it on no date.
// One that has ended, or is no longer active and bears no date, was mostly replaced: it counts where nothing else was said.
func (s *sheet) lastWord() *atom {
	var given, against, replaced *atom // the newest of each
	for i := range s.units["Consent"] {
		switch unit := &s.units["Consent"][i]; {
		case agrees(unit):
			given = cmp.Or(given, unit)
		case !refuses(unit) && (unit.from.IsZero() || ended(unit)):
			replaced = cmp.Or(replaced, unit)
		case against == nil || unit.from.IsZero() || !against.from.IsZero() && unit.from.Until().After(against.from.Until()):
			against = unit
		}
	}
	if against == nil || given != nil && web.Before(against.from, given.from) {
		return cmp.Or(given, replaced)
	}
	return against
}

// label spreads what is marked on a unit over the whole plan: what would be withheld alone is not shown in company. The plan is not sealed
// where its head and every unit say so.
func (s *sheet) label(record clinical.Record) {
	labels := &record.About().Labels
	shared, known := s.plan.Labels.Value(clinical.LabelPlanShared)
	if known {
		labels.Put(clinical.LabelPlanShared, shared)
	}
	sealed, said := labels.Value(clinical.LabelSealed)
	said = said || s.head == nil
	for _, unit := range slices.Concat(slices.Collect(maps.Values(s.units))...) {
		says := labelsOf(unit.resource)
		own, told := says.labels.Value(clinical.LabelSealed)
		sealed, said = sealed || own, said && told
		for _, label := range clinical.Labels() {
			if marked, _ := says.labels.Value(label); marked && label != clinical.LabelPlanShared {
				labels.Put(label, true)
			}
		}
	}
	switch {
	case sealed:
		labels.Put(clinical.LabelSealed, true)
	case said || s.labelled:
		labels.Put(clinical.LabelSealed, false)
	default:
		*labels = web.Without(*labels, clinical.LabelSealed)
	}
}
