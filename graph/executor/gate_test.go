package executor_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/resolvers"
)

// richGate answers every question with a random person who is the same for the same seed. It fills only fields that were
// asked for, so that a field look-ahead forgot shows as a difference.
type richGate struct {
	resolvers.Gate // nothing but records is asked of it
	seed           uint64
	records        int  // in each list
	faulty         bool // now and then nobody, an error, a panic, or a missing value where the schema promises one
}

var errFaulty = errors.New("gate is out of order")

func (g *richGate) Ask(_ context.Context, _ auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	random := rand.New(rand.NewPCG(g.seed, 1))
	if g.faulty && random.IntN(20) == 0 {
		return nil, errFaulty
	}
	answers := make([]gate.Answer, len(questions))
	for i, question := range questions {
		if g.faulty && random.IntN(8) == 0 {
			continue
		}
		answers[i].Person = g.person(random, question)
	}
	return answers, nil
}

func (g *richGate) person(random *rand.Rand, question gate.Question) *gate.Person {
	p := &gate.Person{NHSNumber: question.Person, Receipt: receipt(random), Sources: g.sources(random),
		Pages: make([]gate.Page, len(question.Lists))}
	for range random.IntN(3) {
		p.Warnings = append(p.Warnings, gate.Warning{Kind: pick(random, gate.WarningKinds()), Message: words(random),
			Sources: []clinical.SourceID{"emis-central", "barts"}})
	}
	for range random.IntN(4) {
		registration, _ := g.record(random, clinical.KindRegistration, question.Identity).(*clinical.Registration)
		p.Registrations = append(p.Registrations, registration)
	}
	for i, list := range question.Lists {
		p.Pages[i] = g.page(random, list)
	}
	for _, lists := range question.UrgentCare {
		p.UrgentCare = append(p.UrgentCare, g.urgentCare(random, &p.Pages[lists.Plans]))
	}
	return p
}

// urgentCare is a view whose entries lead, and have parts, by chance.
func (g *richGate) urgentCare(random *rand.Rand, page *gate.Page) gate.UrgentCare {
	view := gate.UrgentCare{Sources: page.Sources, Conflicts: page.Conflicts}
	for _, record := range page.Records {
		plan, _ := record.(*clinical.UrgentCarePlan)
		entry := &gate.UrgentCareEntry{Plan: plan, Standing: pick(random, gate.PlanStandings()), ReviewOverdue: random.IntN(2) == 0,
			ReviewDue: plan.ReviewDate}
		for range random.IntN(3) {
			contact, _ := g.record(random, clinical.KindContact, clinical.KindContact.Descriptor().All()).(*clinical.Contact)
			care, _ := g.record(random, clinical.KindCarePlan, clinical.KindCarePlan.Descriptor().All()).(*clinical.CarePlan)
			medicine, _ := g.record(random, clinical.KindMedication, clinical.KindMedication.Descriptor().All()).(*clinical.Medication)
			entry.Contacts, entry.ContingencyPlans = append(entry.Contacts, contact), append(entry.ContingencyPlans, care)
			entry.AnticipatoryMedicines = append(entry.AnticipatoryMedicines, medicine)
		}
		view.Plans = append(view.Plans, entry)
	}
	for _, leads := range []**gate.UrgentCareEntry{&view.CPR, &view.CeilingOfTreatment, &view.ADRT, &view.PreferredPlaceOfCare,
		&view.PreferredPlaceOfDeath, &view.AnticipatoryMedicines, &view.WhatMattersToMe} {
		if len(view.Plans) > 0 && random.IntN(3) > 0 {
			*leads = pick(random, view.Plans)
		}
	}
	return view
}

func (g *richGate) page(random *rand.Rand, list gate.List) gate.Page {
	page := gate.Page{HasNext: random.IntN(2) == 0, Sources: g.sources(random)}
	length := g.records
	if length == 0 {
		length = random.IntN(4)
	}
	for range length {
		kind := pick(random, list.Kinds)
		record := g.record(random, kind, list.Fields[kind])
		for kind != clinical.KindRegistration && random.IntN(4) == 0 {
			record.About().Absorb(g.record(random, kind, list.Fields[kind]))
		}
		page.Records = append(page.Records, record)
	}
	if len(page.Records) > 0 && random.IntN(3) == 0 {
		page.Conflicts = []gate.Conflict{{Kind: gate.AllergyAndNone, Message: words(random), Records: page.Records[:1]}}
	}
	return page.WithCursors(func(item int) string { return fmt.Sprintf("cursor-%d", item) })
}

func (g *richGate) sources(random *rand.Rand) []gate.SourceAnswer {
	var all []gate.SourceAnswer
	for range random.IntN(3) {
		answer := gate.SourceAnswer{Source: "barts", Name: words(random), Outcome: pick(random, gate.Outcomes()),
			Records: random.IntN(300), Rejected: random.IntN(3), Elapsed: time.Duration(random.Int64N(3e9)),
			AsAt: time.Unix(1_700_000_000+random.Int64N(1e7), random.Int64N(1e9))}
		if random.IntN(4) == 0 {
			answer.Elapsed = 0
		}
		if g.faulty && random.IntN(12) == 0 {
			answer.AsAt = time.Time{}
		}
		all = append(all, answer)
	}
	return all
}

func receipt(random *rand.Rand) gate.Receipt {
	r := gate.Receipt{RequestID: "r-1", AskedAt: time.Unix(1_700_000_000, 0), Purpose: "TREAT", Relationship: "record",
		PolicyRevision: "p1", ConsentRevision: random.Uint64N(1e9), Reasons: []string{"You are registered here.", ""},
		WithheldKinds: []clinical.Kind{clinical.KindDocument, clinical.KindCarePlan}, LedgerSequence: 17}
	r.Digest[0] = byte(random.Uint32())
	return r
}

func (g *richGate) record(random *rand.Rand, kind clinical.Kind, wanted clinical.FieldSet) clinical.Record {
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.ID = "emis-central", clinical.Text(words(random)+"1")
	if random.IntN(3) > 0 {
		meta.Organisation = clinical.Organisation{Code: "R1H", Name: clinical.Text(words(random))}
	}
	for i := range kind.Descriptor().Fields {
		field := &kind.Descriptor().Fields[i]
		if wanted.Has(field.Bit) && random.IntN(4) > 0 {
			field.In(record).Set(value(random, field.Type, g.faulty))
		}
	}
	return record
}

func (g *richGate) Catalogue(context.Context, auth.Caller) ([]gate.SourceInfo, error) {
	random := rand.New(rand.NewPCG(g.seed, 2))
	if g.faulty && random.IntN(4) == 0 {
		return nil, errFaulty
	}
	if g.faulty && random.IntN(4) == 0 {
		panic("catalogue burnt")
	}
	return []gate.SourceInfo{
		{ID: "barts", Name: words(random), System: "cerner-millennium", Organisation: clinical.Organisation{Code: "R1H"},
			Kinds: []clinical.Kind{clinical.KindCondition}, Health: gate.Up, LastAnswered: time.Unix(1_700_000_000, 5e6)},
		{ID: "emis-central", Health: gate.Down, Watermark: clinical.NewDateTime(time.Unix(1e9, 0), clinical.PrecisionDay)},
	}, nil
}
