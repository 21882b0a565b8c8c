package sources

import (
	"slices"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Bounds on the contents of one record. A page of notes is far below them; a file forced into a text column is not.
const (
	maxID           = 1 << 10 // bytes
	maxText         = 1 << 18 // bytes
	maxTranslations = 32
	maxDecimal      = 40 // bytes
)

// guard checks the fields of records one by one, in the order of the kind's descriptor: a field that was not asked for
// is cleared, any other must be fit to be shown. It is written by hand because reflection would cost more than the rest
// of the fan-out; a test compares its order with every descriptor.
type guard struct {
	asked       clinical.FieldSet
	bit         clinical.FieldSet // the current field
	fit         bool
	bytes       int // of text, over all records
	first, last clinical.DateTime
}

func newGuard() guard {
	return guard{
		first: clinical.NewDateTime(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay),
		last:  clinical.NewDateTime(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), clinical.PrecisionSecond),
	}
}

// record reports whether every field asked for is fit to be shown.
func (g *guard) record(record clinical.Record, asked clinical.FieldSet) bool {
	g.asked, g.bit, g.fit = asked, 1, true
	meta := record.About()
	g.always(&meta.ID, &meta.Organisation.Code, &meta.Organisation.Name)
	g.concept(&meta.Code)
	g.dates(&meta.Date, &meta.End)
	g.status(&meta.Status)
	g.texts(&meta.Note, &meta.Encounter)
	g.dates(&meta.Recorded)
	g.texts(&meta.Author, &meta.Publisher, &meta.Problem, &meta.Appointment, &meta.Plan)
	g.own(record)
	return g.fit
}

// own checks the fields that the kind adds to the shared ones.
func (g *guard) own(record clinical.Record) {
	switch r := record.(type) {
	case *clinical.Registration:
		g.texts(&r.FamilyName, &r.GivenName, &r.Title)
		g.dates(&r.BirthDate, &r.DeathDate)
		g.gender(&r.Gender)
		g.texts(&r.Address, &r.Postcode, &r.Telephone, &r.Email, &r.Practice)
	case *clinical.AllergyIntolerance:
		g.texts(&r.Category, &r.Severity, &r.Reaction)
	case *clinical.Condition:
		g.texts(&r.Category, &r.Severity)
	case *clinical.Medication:
		g.texts(&r.Dosage)
		g.decimals(&r.Quantity)
		g.texts(&r.QuantityUnit, &r.Intent)
		g.decimals(&r.CourseDays, &r.IssuesAuthorised)
	case *clinical.Observation:
		g.decimals(&r.Value)
		g.texts(&r.Comparator, &r.Unit, &r.ValueText)
		g.decimals(&r.ReferenceLow, &r.ReferenceHigh)
		g.texts(&r.Interpretation)
	case *clinical.DiagnosticReport:
		g.texts(&r.Category, &r.Conclusion)
	case *clinical.Encounter:
		g.class(&r.Class)
		g.texts(&r.Reason, &r.Specialty, &r.Location, &r.AdmissionMethod, &r.Discharge)
	default:
		g.ownMore(record)
	}
}

func (g *guard) ownMore(record clinical.Record) {
	switch r := record.(type) {
	case *clinical.Procedure:
		g.texts(&r.Category)
	case *clinical.Immunisation:
		g.texts(&r.Dose, &r.Batch, &r.Site)
		g.dates(&r.Expiry)
	case *clinical.Appointment:
		g.texts(&r.Location, &r.Service)
		g.decimals(&r.Minutes)
		g.dates(&r.Booked)
	case *clinical.Referral:
		g.texts(&r.Priority, &r.Service, &r.Recipient)
	case *clinical.Document:
		g.texts(&r.Title, &r.Direction)
	case *clinical.Alert:
		g.texts(&r.Category, &r.Risk)
	case *clinical.Contact:
		g.texts(&r.Name, &r.Relationship, &r.Telephone)
	case *clinical.CarePlan:
		g.texts(&r.Title, &r.Aim, &r.Outcome, &r.TriggerFactors, &r.WhatShouldHappen, &r.WhoToContact)
	case *clinical.UrgentCarePlan:
		g.plan(r)
	default:
		g.fit = false
	}
}

func (g *guard) plan(r *clinical.UrgentCarePlan) {
	g.dates(&r.ReviewDate)
	g.concepts(&r.CPRDecision)
	g.dates(&r.CPRDate)
	g.texts(&r.CPRResponsible, &r.CPRPersonInvolved, &r.CPROthersInvolved)
	g.dates(&r.CPRReviewDate)
	g.texts(&r.CPRFormLocation)
	g.concepts(&r.CeilingDecision)
	g.texts(&r.CeilingDetail)
	g.concepts(&r.ADRTDecision)
	g.dates(&r.ADRTDate)
	g.texts(&r.ADRTLocation)
	g.concepts(&r.CareFirst, &r.CareSecond, &r.DeathFirst, &r.DeathSecond, &r.MedicinesStatus)
	g.texts(&r.MedicinesLocation, &r.AdvanceStatement, &r.WhatMattersToMe)
	g.concepts(&r.CapacityFinding)
	g.dates(&r.CapacityDate)
	g.texts(&r.CapacityDocument)
	g.concepts(&r.LegalFinding)
	g.texts(&r.LegalRepresentative, &r.LegalContact)
	g.concepts(&r.PrognosisEstimate)
	g.dates(&r.PrognosisDate)
	g.texts(&r.PrognosisPersonAware, &r.PrognosisOthersAware)
	g.concepts(&r.RegisterFinding, &r.ConsentDecision)
	g.dates(&r.ConsentDate)
	g.texts(&r.ConsentObtainedBy, &r.AccessToHome)
}

// next moves to the next field and reports whether it was asked for.
func (g *guard) next() bool {
	asked := g.asked&g.bit != 0
	g.bit <<= 1
	return asked
}

func (g *guard) always(texts ...*clinical.Text) {
	for _, text := range texts {
		g.text(*text)
	}
}

func (g *guard) texts(texts ...*clinical.Text) {
	for _, text := range texts {
		if !g.next() {
			*text = ""
			continue
		}
		g.text(*text)
	}
}

func (g *guard) text(text clinical.Text) {
	if text == "" {
		return
	}
	g.bytes += len(text)
	if len(text) > maxText || !utf8.ValidString(string(text)) {
		g.fit = false
	}
}

func (g *guard) dates(dates ...*clinical.DateTime) {
	for _, date := range dates {
		if !g.next() {
			*date = clinical.DateTime{}
			continue
		}
		if !date.IsZero() && (date.Compare(g.first) < 0 || date.Compare(g.last) > 0) {
			g.fit = false
		}
	}
}

func (g *guard) decimals(decimals ...*clinical.Decimal) {
	for _, decimal := range decimals {
		if !g.next() {
			*decimal = ""
			continue
		}
		if !isNumber(string(*decimal)) {
			g.fit = false
		}
	}
}

func (g *guard) concepts(concepts ...*clinical.Concept) {
	for _, concept := range concepts {
		g.concept(concept)
	}
}

func (g *guard) concept(concept *clinical.Concept) {
	if !g.next() {
		*concept = clinical.Concept{}
		return
	}
	g.text(concept.Text)
	g.coding(&concept.Coding)
	if len(concept.Translations) > maxTranslations {
		g.fit = false
		return
	}
	for i := range concept.Translations {
		g.coding(&concept.Translations[i])
	}
}

func (g *guard) coding(coding *clinical.Coding) {
	g.text(coding.Code)
	g.text(coding.Display)
	if coding.System != "" && !slices.Contains(clinical.CodeSystems(), coding.System) {
		g.fit = false
	}
}

func (g *guard) status(status *clinical.Status) {
	if !g.next() {
		*status = ""
	} else if *status != "" && !status.Known() {
		g.fit = false
	}
}

func (g *guard) class(class *clinical.EncounterClass) {
	if !g.next() {
		*class = ""
	} else if *class != "" && !class.Known() {
		g.fit = false
	}
}

func (g *guard) gender(gender *clinical.Gender) {
	if !g.next() {
		*gender = ""
	} else if *gender != "" && !gender.Known() {
		g.fit = false
	}
}

// isNumber reports whether text is empty or a number in the form that [clinical.ParseDecimal] produces; unlike that, it
// makes no copy.
func isNumber(text string) bool {
	if text == "" {
		return true
	}
	if len(text) > maxDecimal {
		return false
	}
	if text[0] == '-' {
		text = text[1:]
	}
	whole := leadingDigits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if text = text[whole:]; text == "" {
		return true
	}
	return text[0] == '.' && len(text) > 1 && leadingDigits(text[1:]) == len(text)-1
}

func leadingDigits(text string) int {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}
