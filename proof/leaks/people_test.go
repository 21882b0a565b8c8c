package leaks_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// dice draws people, callers and questions.
type dice struct{ *rand.Rand }

func throw(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

func one[T any](d dice, all ...T) T { return all[d.IntN(len(all))] }

// chance holds once in so many times.
func (d dice) chance(in int) bool { return d.IntN(in) == 0 }

// being is one person, with what each source holds of them and what they said.
type being struct {
	number   clinical.NHSNumber
	flagged  bool
	born     clinical.DateTime
	age      policy.Age
	dead     bool
	practice clinical.Text // where they are registered
	held     map[clinical.SourceID][]clinical.Record
	said     []consent.Directive
	about    policy.Person // what the decision should know of what they said
	proxies  map[clinical.NHSNumber]policy.Authority
	named    string // what their proxy is called, and all that proves it
}

// The sources, and whose they are. The store holds both practices.
const (
	store    = clinical.SourceID("store")
	trust    = clinical.SourceID("trust")
	infirm   = clinical.SourceID("infirmary")
	trustOf  = clinical.Text("R1H")
	infirmOf = clinical.Text("RQX")
)

func practices() []clinical.Text { return []clinical.Text{"F84010", "F84022"} }

// crowd draws people; records are numbered through all of them, so that a mark names one.
type crowd struct {
	dice
	codes   []clinical.Coding // by which records are of a category
	records int
}

func (c *crowd) people(count int) []*being {
	all := make([]*being, count)
	for i := range all {
		all[i] = c.being(i)
	}
	for _, b := range all {
		c.speaks(b, all)
	}
	return all
}

func (c *crowd) being(i int) *being {
	b := &being{number: number(i), flagged: c.chance(10), practice: one(c.dice, practices()...), dead: c.chance(12),
		held: map[clinical.SourceID][]clinical.Record{}, proxies: map[clinical.NHSNumber]policy.Authority{}}
	born := one(c.dice, 1950, 1980, 1990, 2000, 2024)
	b.born, _ = clinical.ParseDateTime(fmt.Sprintf("%d-03-04", born))
	if b.age = policy.Age16AndUp; born == 2024 {
		b.age = policy.AgeUnder11
	}
	for _, source := range []clinical.SourceID{store, trust, infirm} {
		if source == store || !c.chance(3) {
			c.holds(b, source)
		}
	}
	return b
}

// number is the i-th valid NHS number of those set aside for tests.
func number(i int) clinical.NHSNumber {
	for digits := 999_100_000 + 7*i; ; digits++ {
		for check := range 10 {
			if n, err := clinical.ParseNHSNumber(fmt.Sprintf("%d%d", digits, check)); err == nil {
				return n
			}
		}
	}
}

// holds fills a source with records of somebody: a registration, and others that hang together.
func (c *crowd) holds(b *being, source clinical.SourceID) {
	organisation := map[clinical.SourceID]clinical.Text{store: b.practice, trust: trustOf, infirm: infirmOf}[source]
	tied := map[clinical.Kind][]clinical.Text{}
	add := func(kind clinical.Kind) {
		record := c.record(kind, source, organisation)
		meta := record.About()
		meta.Labels.Put(clinical.LabelSensitive, b.flagged)
		tie := func(to clinical.Kind) clinical.Text {
			if ids := tied[to]; len(ids) > 0 && c.chance(3) {
				return one(c.dice, ids...)
			}
			return ""
		}
		meta.Encounter, meta.Problem, meta.Appointment = tie(clinical.KindEncounter), tie(clinical.KindCondition), tie(clinical.KindAppointment)
		if meta.Plan = tie(clinical.KindUrgentCarePlan); meta.Plan != "" && c.chance(12) {
			meta.Plan = clinical.Text(mark(c.records, "planId")) // one that the source does not hold
		}
		tied[kind] = append(tied[kind], meta.ID)
		if registration, ok := record.(*clinical.Registration); ok {
			c.registers(registration, b, source)
		}
		b.held[source] = append(b.held[source], record)
	}
	add(clinical.KindRegistration)
	for range 4 + c.IntN(14) {
		add(clinical.Kinds()[1+c.IntN(len(clinical.Kinds())-1)])
	}
}

func (c *crowd) registers(r *clinical.Registration, b *being, source clinical.SourceID) {
	r.NHSNumber, r.BirthDate, r.DeathDate, r.Gender = b.number, b.born, clinical.DateTime{}, clinical.GenderFemale
	if b.dead {
		r.DeathDate, _ = clinical.ParseDateTime("2025-01-02")
	}
	if r.Status = clinical.StatusInactive; source == store {
		r.Status = clinical.StatusActive
	}
	r.Code, r.Practice = clinical.Concept{}, b.practice
	r.Labels.Put(clinical.LabelSealed, false)
	r.Encounter, r.Problem, r.Appointment, r.Plan = "", "", "", ""
}

// record draws a record with a mark in every field that can hold one.
func (c *crowd) record(kind clinical.Kind, source clinical.SourceID, organisation clinical.Text) clinical.Record {
	c.records++
	record, n := kind.Descriptor().New(), c.records
	for i := range kind.Descriptor().Fields {
		field := &kind.Descriptor().Fields[i]
		switch field.Type {
		case clinical.TypeText:
			field.In(record).SetString(mark(n, field.Name))
		case clinical.TypeDecimal:
			field.In(record).SetString(decimal(n, i))
		case clinical.TypeDateTime:
			field.In(record).Set(reflect.ValueOf(moment(n, i)))
		}
	}
	meta := record.About()
	meta.Source, meta.ID, meta.Organisation.Code = source, clinical.Text(mark(n, "id")), organisation
	if source == store && kind != clinical.KindRegistration && c.chance(15) { // elsewhere the source itself says whose it is
		meta.Organisation.Code = ""
	}
	meta.Status = one(c.dice, append(clinical.Statuses(), "")...)
	meta.Code = c.concept(n)
	if kind == clinical.KindReferral && c.chance(2) {
		record.(*clinical.Referral).Recipient = one(c.dice, "RYJ", "RAX", infirmOf)
	}
	c.label(meta, source)
	return record
}

// concept is a code of the source's own with a mark, beside it often one that a list of codes may know.
func (c *crowd) concept(n int) clinical.Concept {
	text := clinical.Text(mark(n, "code"))
	concept := clinical.Concept{Coding: clinical.Coding{System: clinical.LocalCode, Code: text, Display: text}, Text: text}
	switch c.IntN(5) {
	case 0:
	case 1:
		concept.Translations = []clinical.Coding{one(c.dice, c.codes...)}
	default:
		concept.Translations = []clinical.Coding{{System: clinical.SNOMED, Code: "38341003"}}
	}
	for i := range concept.Translations {
		concept.Translations[i].Display = text
	}
	return concept
}

// label says what the source says of a record. The sources in SQL know of seals, third parties and shared plans alone.
func (c *crowd) label(meta *clinical.Meta, source clinical.SourceID) {
	for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelThirdParty, clinical.LabelPlanShared} {
		if draw := c.IntN(8); draw > 0 {
			meta.Labels.Put(label, (draw == 1) != (label == clinical.LabelPlanShared))
		}
	}
	if source != infirm {
		return
	}
	for _, label := range clinical.Labels()[3:] {
		if draw := c.IntN(12); draw < 2 {
			meta.Labels.Put(label, draw == 0)
		}
	}
}

// speaks draws what somebody said to the register.
func (c *crowd) speaks(b *being, all []*being) {
	b.about = policy.Person{Objection: consent.ObjectionNone.String(), Capacity: policy.CapacityPresumed}
	says := func(about consent.About, authority consent.Authority) {
		b.said = append(b.said, consent.Directive{Person: b.number, About: about, Authority: authority, RecordedBy: "clerk",
			At: time.Now(), Reason: "because"})
	}
	switch c.IntN(8) {
	case 0:
		says(consent.SharedRecord{Step: consent.Upheld}, consent.Self)
		b.about.Objection = consent.ObjectionUpheld.String()
	case 1:
		says(consent.SharedRecord{Step: consent.Requested}, consent.Self)
		b.about.Objection = consent.ObjectionRequested.String()
	}
	chosen := map[string]bool{}
	for range c.IntN(4) {
		p := consent.Preference{Effect: one(c.dice, consent.Deny, consent.Deny, consent.Allow), Party: one(c.dice, consent.Anyone, consent.Organisation, consent.Role),
			Category: one(c.dice, append(clinical.Categories(), "")...)}
		category := string(p.Category)
		if category == "" {
			category = "all"
		}
		switch p.Party {
		case consent.Organisation:
			p.Code = one(c.dice, trustOf, infirmOf, "F84010")
		case consent.Role:
			p.Code = one[clinical.Text](c.dice, "R0260", "R9102", "R1290")
		}
		if key := fmt.Sprint(category, p.Party, p.Code); !chosen[key] {
			chosen[key] = true
			says(consent.Choice{Preference: p}, consent.Self)
			b.about.Preferences = append(b.about.Preferences, policy.Preference{Effect: string(p.Effect), Category: category,
				Party: string(p.Party), Code: string(p.Code)})
		}
	}
	if proxy := one(c.dice, all...); proxy != b && c.chance(3) {
		as := one(c.dice, consent.Parent, consent.Attorney)
		c.records++
		b.named = mark(c.records, "id")
		says(consent.ProxyChoice{Proxy: proxy.number, Name: b.named, As: as}, consent.Self)
		b.said[len(b.said)-1].Reason, b.said[len(b.said)-1].Evidence = b.named, b.named
		b.proxies[proxy.number] = policy.Authority(as)
	}
	if c.chance(8) {
		says(consent.CapacityFinding{Finding: consent.CapacityLacking}, consent.Clinician)
		b.about.Capacity = policy.CapacityLacking
	}
}
