package careplans

import "onelondon/sources/openehr/ehrstore"

// Object is a JSON object of openEHR's reference model.
type Object = ehrstore.Object

// Coded is a code of an archetype with its term.
type Coded struct{ Code, Term string }

// ForCPR and NotForCPR are what a plan may say of resuscitation (cpr_decision_uk at0003).
func ForCPR() Coded { return Coded{"at0004", "CPR attempts recommended adult or child"} }

// NotForCPR is the contrary.
func NotForCPR() Coded { return Coded{"at0005", "CPR attempts not recommended adult or child."} }

// Shared and NotShared are what a person may have said of sharing the plan (consent_to_share at0002).
func Shared() Coded { return Coded{"at0014", "Consent for electronic palliative care upload"} }

// NotShared is the contrary.
func NotShared() Coded { return Coded{"at0015", "Dissent for electronic palliative care upload"} }

// Home and Hospice are places of care and of death (care_preference_uk), by the codes of each.
func Home() (care, death Coded) {
	return Coded{"at0006", "Preferred place of care - home"}, Coded{"at0016", "Preferred place of death: home"}
}

// Hospice is the other.
func Hospice() (care, death Coded) {
	return Coded{"at0007", "Preferred place of care - hospice"}, Coded{"at0017", "Preferred place of death: hospice"}
}

// Medicine is one that was prescribed ahead of need.
type Medicine struct{ Name, Location string }

// Plan is what a plan says. What is empty it does not say.
type Plan struct {
	Made, Composer                 string // when, of ISO 8601, and by whom
	Organisation, OrganisationName string // that holds it, by its ODS code
	CPR                            Coded
	CPRDate, CPRReview             string // of ISO 8601, at whatever precision is known
	Discussed                      bool   // with the person
	FormLocation                   string
	Recommendation                 string // how far treatment is to go
	Care, CareSecond               Coded
	Death, DeathSecond             Coded
	Wishes                         []string // what matters to the person
	Medicines                      []Medicine
	ADRT, ADRTLocation             string // an advance decision to refuse treatment
	Attorney                       string // the role of a person who may decide by law
	HasCapacity                    bool
	Consent                        Coded
	ConsentDate                    string
}

// EndOfLife writes the plan by the template "EA - End of life Care.v0".
func (p Plan) EndOfLife() Object {
	return p.composition("openEHR-EHR-COMPOSITION.care_plan.v0", "EA - End of life Care.v0", "End of life Care plan", true,
		p.entries((*Plan).consent, (*Plan).medicines, (*Plan).recommendation, (*Plan).resuscitation, (*Plan).preferences)...)
}

// ReSPECT writes the plan by the template "EA - ReSPECT-3.v0", whose entries stand below headings.
func (p Plan) ReSPECT() Object {
	heading := func(node, name string, entries ...func(*Plan) Object) Object {
		return ehrstore.Section(node, name, p.entries(entries...)...)
	}
	form := ehrstore.Section("openEHR-EHR-SECTION.respect_headings.v0", "ReSPECT headings")
	var below []any
	for _, part := range []Object{
		heading("at0001", "2. Shared understanding of my health and current condition", (*Plan).directive, (*Plan).authority),
		heading("at0006", "3. What matters to me in decisions about my treatment and care in an emergency", (*Plan).aboutMe),
		heading("at0007", "4. Clinical recommendations for emergency care and treatment", (*Plan).recommendation, (*Plan).resuscitation),
		heading("at0008", "5. Capacity for involvement in making this plan", (*Plan).capacity),
	} {
		if items, _ := part["items"].([]any); len(items) > 0 {
			below = append(below, part)
		}
	}
	form["items"] = below
	return p.composition("openEHR-EHR-COMPOSITION.report.v1", "EA - ReSPECT-3.v0", "ReSPECT", false, form)
}

func (p *Plan) composition(archetype, template, name string, persistent bool, content ...Object) Object {
	made := ehrstore.Composition{Archetype: archetype, Template: template, Name: name, Persistent: persistent, Composer: p.Composer,
		Facility: p.Organisation, FacilityName: p.OrganisationName, Start: p.Made, Content: content}
	return made.Object()
}

// entries are those of the entries that say anything.
func (p *Plan) entries(all ...func(*Plan) Object) []Object {
	var found []Object
	for _, entry := range all {
		if object := entry(p); object != nil {
			found = append(found, object)
		}
	}
	return found
}

// items are elements whose value is not empty.
type items []Object

func (i *items) text(node, name, words string) {
	if words != "" {
		*i = append(*i, ehrstore.Element(node, name, ehrstore.Text(words)))
	}
}

func (i *items) coded(node, name string, value Coded) {
	if value.Code != "" {
		*i = append(*i, ehrstore.Element(node, name, ehrstore.Coded("local", value.Code, value.Term)))
	}
}

func (i *items) at(node, name, moment string) {
	if moment != "" {
		*i = append(*i, ehrstore.Element(node, name, ehrstore.DateTime(moment)))
	}
}

func evaluation(archetype, name, dataNode string, data items, protocolNode string, protocol items) Object {
	if len(data) == 0 {
		return nil
	}
	entry := ehrstore.Entry{Class: "EVALUATION", Archetype: archetype, Name: name, DataNode: dataNode, Data: data, ProtocolNode: protocolNode, Protocol: protocol}
	return entry.Object()
}

func (p *Plan) resuscitation() Object {
	var data, protocol items
	data.coded("at0003", "CPR decision", p.CPR)
	data.at("at0002", "Date of CPR decision", p.CPRDate)
	if p.Discussed {
		protocol.coded("at0013", "Discussion with patient", Coded{"at0016", "Resuscitation discussed with patient"})
	}
	protocol.text("at0011", "Location of CPR documentation", p.FormLocation)
	protocol.at("at0009", "Date for review of CPR decision", p.CPRReview)
	return evaluation("openEHR-EHR-EVALUATION.cpr_decision_uk.v0", "CPR decision", "at0001", data, "at0010", protocol)
}

func (p *Plan) recommendation() Object {
	var data items
	data.text("at0002", "Recommendation", p.Recommendation)
	return evaluation("openEHR-EHR-EVALUATION.recommendation.v1", "Recommendation", "at0001", data, "", nil)
}

func (p *Plan) preferences() Object {
	var data items
	for _, wish := range p.Wishes {
		data.text("at0030", "Personal request or preference", wish)
	}
	data.named("at0003", "Preferred place of care", "at0004", p.Care)
	data.named("at0003", "Preferred place of care (second choice)", "at0005", p.CareSecond)
	data.named("at0015", "Preferred place of death", "at0027", p.Death)
	data.named("at0015", "Preferred place of death (second choice)", "at0028", p.DeathSecond)
	return evaluation("openEHR-EHR-EVALUATION.care_preference_uk.v0", "Preferred priorities of care", "at0001", data, "", nil)
}

// named adds an element whose name is coded too.
func (i *items) named(node, name, code string, value Coded) {
	if value.Code != "" {
		element := ehrstore.Element(node, name, ehrstore.Coded("local", value.Code, value.Term))
		element["name"] = ehrstore.Coded("local", code, name)
		*i = append(*i, element)
	}
}

func (p *Plan) medicines() Object {
	if len(p.Medicines) == 0 {
		return nil
	}
	var data items
	data.coded("at0004", "Status", Coded{"at0005", "Anticipatory medication in place"})
	for _, medicine := range p.Medicines {
		var one items
		one.text("at0012", "Medication name", medicine.Name)
		one.text("at0013", "Location", medicine.Location)
		data = append(data, ehrstore.Cluster("at0011", "Specific medication", one...))
	}
	return evaluation("openEHR-EHR-EVALUATION.anticipatory_medication_summary.v0", "Anticipatory medications", "at0003", data, "", nil)
}

func (p *Plan) directive() Object {
	if p.ADRT == "" {
		return nil
	}
	var data items
	data.text("at0005", "Type of directive", p.ADRT)
	data.coded("at0004", "Status", Coded{"at0044", "Present"})
	if p.ADRTLocation != "" {
		var place items
		place.text("at0030", "Location", p.ADRTLocation)
		data = append(data, ehrstore.Cluster("at0058", "Directive location", place...))
	}
	return ehrstore.Section("openEHR-EHR-SECTION.adhoc.v1", "Advance directives",
		evaluation("openEHR-EHR-EVALUATION.advance_care_directive.v1", "Advance care directive", "at0001", data, "", nil))
}

func (p *Plan) authority() Object {
	if p.Attorney == "" {
		return nil
	}
	var data, who items
	data.text("at0002", "Type", "Lasting power of attorney for health and welfare")
	data.coded("at0004", "Status", Coded{"at0005", "Present"})
	who.text("at0024", "Role", p.Attorney)
	data = append(data, ehrstore.Cluster("at0023", "Representative", who...))
	entry := ehrstore.Entry{Class: "ADMIN_ENTRY", Archetype: "openEHR-EHR-ADMIN_ENTRY.legal_authority.v0", Name: "Legal authority", DataNode: "at0001", Data: data}
	return ehrstore.Section("openEHR-EHR-SECTION.ehr_reference.v0", "Legal authority", entry.Object())
}

func (p *Plan) aboutMe() Object {
	var data items
	for _, wish := range p.Wishes {
		data.text("at0002", "Narrative", wish)
	}
	return evaluation("openEHR-EHR-EVALUATION.about_me.v0", "About me", "at0001", data, "", nil)
}

func (p *Plan) capacity() Object {
	if !p.HasCapacity {
		return nil
	}
	var data items
	data.coded("at0002", "Status", Coded{"at0003", "Has capacity"})
	return evaluation("openEHR-EHR-EVALUATION.mental_capacity.v0", "Mental capacity", "at0001", data, "", nil)
}

func (p *Plan) consent() Object {
	var data items
	data.coded("at0002", "Consent to share status", p.Consent)
	data.at("at0017", "Date last updated", p.ConsentDate)
	if len(data) == 0 {
		return nil
	}
	entry := ehrstore.Entry{Class: "ADMIN_ENTRY", Archetype: "openEHR-EHR-ADMIN_ENTRY.consent_to_share.v1", Name: "Consent to share information",
		DataNode: "at0001", Data: data}
	return entry.Object()
}
