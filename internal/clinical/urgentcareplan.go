package clinical

import "strings"

// UrgentCarePlan is what was agreed with a person for an emergency, according to the PRSB palliative and end of life
// care standard: a ReSPECT form, an emergency health care plan, or a summary of advance care planning. Its Code says
// which of these it is, Date when it was made or last agreed, End when it expires. Contacts, contingency plans and
// anticipatory medicines are records of their own that name it as their Plan.
//
// The struct is flat, as for all kinds, so that masks, select lists and mappings treat every field alike. The schema
// shows fields in groups: a field's name is made of its group's and its name within the group, so cprDecision is the
// decision of cpr.
type UrgentCarePlan struct {
	Meta
	ReviewDate DateTime `record:"reviewDate"` // when the plan is to be reviewed next

	CPRDecision       Concept  `record:"cprDecision"` // for or not for cardiopulmonary resuscitation
	CPRDate           DateTime `record:"cprDate"`
	CPRResponsible    Text     `record:"cprResponsible"`    // who is responsible for the decision
	CPRPersonInvolved Text     `record:"cprPersonInvolved"` // whether it was discussed with the person
	CPROthersInvolved Text     `record:"cprOthersInvolved"` // with whom else
	CPRReviewDate     DateTime `record:"cprReviewDate"`
	CPRFormLocation   Text     `record:"cprFormLocation"`

	CeilingDecision Concept `record:"ceilingOfTreatmentDecision"`
	CeilingDetail   Text    `record:"ceilingOfTreatmentDetail"`

	ADRTDecision Concept  `record:"adrtDecision"` // advance decision to refuse treatment
	ADRTDate     DateTime `record:"adrtDate"`
	ADRTLocation Text     `record:"adrtLocation"`

	CareFirst   Concept `record:"preferredPlaceOfCareFirst"`
	CareSecond  Concept `record:"preferredPlaceOfCareSecond"`
	DeathFirst  Concept `record:"preferredPlaceOfDeathFirst"`
	DeathSecond Concept `record:"preferredPlaceOfDeathSecond"`

	MedicinesStatus   Concept `record:"anticipatoryMedicinesStatus"`
	MedicinesLocation Text    `record:"anticipatoryMedicinesLocation"`

	AdvanceStatement Text `record:"advanceStatement"`
	WhatMattersToMe  Text `record:"whatMattersToMe"`

	CapacityFinding  Concept  `record:"capacityFinding"`
	CapacityDate     DateTime `record:"capacityDate"`
	CapacityDocument Text     `record:"capacityDocumentLocation"`

	LegalFinding        Concept `record:"legalAuthorityFinding"` // lasting power of attorney for health and welfare, or a deputy
	LegalRepresentative Text    `record:"legalAuthorityRepresentative"`
	LegalContact        Text    `record:"legalAuthorityContact"`

	PrognosisEstimate    Concept  `record:"prognosisEstimate"`
	PrognosisDate        DateTime `record:"prognosisDate"`
	PrognosisPersonAware Text     `record:"prognosisPersonAware"` // whether the person was told
	PrognosisOthersAware Text     `record:"prognosisOthersAware"`

	RegisterFinding Concept `record:"palliativeCareRegister"`

	ConsentDecision   Concept  `record:"consentDecision"` // consent to share the plan
	ConsentDate       DateTime `record:"consentDate"`
	ConsentObtainedBy Text     `record:"consentObtainedBy"`

	AccessToHome Text `record:"accessToHome"` // the code of a key safe and the like
}

// PlanGroups are the groups of an urgent care plan's fields, which are objects in the schema.
func PlanGroups() []string {
	return []string{"cpr", "ceilingOfTreatment", "adrt", "preferredPlaceOfCare", "preferredPlaceOfDeath", "anticipatoryMedicines",
		"capacity", "legalAuthority", "prognosis", "consent"}
}

// Grouped is the name of a field within a group: cprDecision for the decision of cpr.
func Grouped(group, name string) string { return group + strings.ToUpper(name[:1]) + name[1:] }

// CPRDecision is whether cardiopulmonary resuscitation is to be attempted.
type CPRDecision struct {
	Decision                                    *Concept
	Date                                        DateTime
	Responsible, PersonInvolved, OthersInvolved Text
	ReviewDate                                  DateTime
	FormLocation                                Text
}

// CPR returns the decision about resuscitation; nil if the plan has none.
func (p *UrgentCarePlan) CPR() *CPRDecision {
	return group(CPRDecision{known(&p.CPRDecision), p.CPRDate, p.CPRResponsible, p.CPRPersonInvolved, p.CPROthersInvolved,
		p.CPRReviewDate, p.CPRFormLocation})
}

// CeilingOfTreatment is the limit up to which treatment is to go.
type CeilingOfTreatment struct {
	Decision *Concept
	Detail   Text
}

// CeilingOfTreatment returns the ceiling of treatment; nil if the plan does not give one.
func (p *UrgentCarePlan) CeilingOfTreatment() *CeilingOfTreatment {
	return group(CeilingOfTreatment{known(&p.CeilingDecision), p.CeilingDetail})
}

// AdvanceDecision is an advance decision to refuse treatment.
type AdvanceDecision struct {
	Decision *Concept
	Date     DateTime
	Location Text
}

// ADRT returns the advance decision to refuse treatment; nil if the plan mentions none.
func (p *UrgentCarePlan) ADRT() *AdvanceDecision {
	return group(AdvanceDecision{known(&p.ADRTDecision), p.ADRTDate, p.ADRTLocation})
}

// PreferredPlaceOfCare is where the person would like to be cared for.
type PreferredPlaceOfCare struct{ First, Second *Concept }

// PreferredPlaceOfCare returns where the person would like to be cared for; nil if the plan does not say.
func (p *UrgentCarePlan) PreferredPlaceOfCare() *PreferredPlaceOfCare {
	return group(PreferredPlaceOfCare{known(&p.CareFirst), known(&p.CareSecond)})
}

// PreferredPlaceOfDeath is where the person would like to die.
type PreferredPlaceOfDeath struct{ First, Second *Concept }

// PreferredPlaceOfDeath returns where the person would like to die; nil if the plan does not say.
func (p *UrgentCarePlan) PreferredPlaceOfDeath() *PreferredPlaceOfDeath {
	return group(PreferredPlaceOfDeath{known(&p.DeathFirst), known(&p.DeathSecond)})
}

// AnticipatoryMedicines says whether medicines were prescribed ahead of need, and where they are.
type AnticipatoryMedicines struct {
	Status   *Concept
	Location Text
}

// AnticipatoryMedicines returns what the plan says about medicines prescribed ahead of need; nil if nothing.
func (p *UrgentCarePlan) AnticipatoryMedicines() *AnticipatoryMedicines {
	return group(AnticipatoryMedicines{known(&p.MedicinesStatus), p.MedicinesLocation})
}

// MentalCapacity is the finding on the person's capacity to decide.
type MentalCapacity struct {
	Finding          *Concept
	Date             DateTime
	DocumentLocation Text
}

// Capacity returns the finding on the person's capacity; nil if the plan has none.
func (p *UrgentCarePlan) Capacity() *MentalCapacity {
	return group(MentalCapacity{known(&p.CapacityFinding), p.CapacityDate, p.CapacityDocument})
}

// LegalAuthority is who may decide for the person by law.
type LegalAuthority struct {
	Finding                 *Concept
	Representative, Contact Text
}

// LegalAuthority returns who may decide for the person by law; nil if the plan does not say.
func (p *UrgentCarePlan) LegalAuthority() *LegalAuthority {
	return group(LegalAuthority{known(&p.LegalFinding), p.LegalRepresentative, p.LegalContact})
}

// Prognosis is how long the person is expected to live, and who knows.
type Prognosis struct {
	Estimate                 *Concept
	Date                     DateTime
	PersonAware, OthersAware Text
}

// Prognosis returns how long the person is expected to live; nil if the plan does not say.
func (p *UrgentCarePlan) Prognosis() *Prognosis {
	return group(Prognosis{known(&p.PrognosisEstimate), p.PrognosisDate, p.PrognosisPersonAware, p.PrognosisOthersAware})
}

// PalliativeCareRegister returns whether the person is on a palliative care register; nil if the plan does not say.
func (p *UrgentCarePlan) PalliativeCareRegister() *Concept { return known(&p.RegisterFinding) }

// ConsentToShare is consent to share the plan.
type ConsentToShare struct {
	Decision   *Concept
	Date       DateTime
	ObtainedBy Text
}

// Consent returns what the plan says about consent to share it; nil if nothing.
func (p *UrgentCarePlan) Consent() *ConsentToShare {
	return group(ConsentToShare{known(&p.ConsentDecision), p.ConsentDate, p.ConsentObtainedBy})
}

// known returns the concept, or nil if it is zero.
func known(concept *Concept) *Concept {
	if concept.IsZero() {
		return nil
	}
	return concept
}

// group returns a group of fields, or nil if none of them has a value.
func group[G comparable](fields G) *G {
	var none G
	if fields == none {
		return nil
	}
	return &fields
}
