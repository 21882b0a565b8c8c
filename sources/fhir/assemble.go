package fhir

import (
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// folder is what a server has for one person's urgent care plans.
type folder struct {
	plans []object
	units map[string][]object // by type
}

// sheet is one plan with the units that belong to it.
type sheet struct {
	plan                            *clinical.UrgentCarePlan
	head                            object // nil where nothing but units tells of the plan
	flags, consents, observed, kept []atom // kept are relatives: who holds a power of attorney
	labelled                        bool   // as the decoder's
}

// plans puts together the plans of each person in searches for CarePlans and units.
func (d *decoder) plans(searches []*search, identify func(patient string) string) *reading {
	read, folders, seen := &reading{records: map[string][]clinical.Record{}}, map[string]*folder{}, map[string]bool{}
	var head *layout
	for _, s := range searches {
		if !s.layout.unit {
			head = s.layout
		}
		for _, resource := range s.resources {
			named := text(resource["resourceType"]) + "/" + text(resource["id"])
			if text(resource["resourceType"]) != s.resource || seen[named] || !s.layout.unit && !isUrgent(resource) {
				continue
			}
			seen[named] = true
			for _, patient := range subjects(s.layout, resource) {
				folders[identify(patient)] = folders[identify(patient)].with(resource, s.layout.unit)
			}
		}
	}
	for patient, f := range folders {
		plans, rejected := d.assemble(head, patient, f)
		read.records[patient], read.rejected = plans, read.rejected+rejected
	}
	return read
}

func (f *folder) with(resource object, unit bool) *folder {
	if f == nil {
		f = &folder{units: map[string][]object{}}
	}
	if name := text(resource["resourceType"]); unit {
		f.units[name] = append(f.units[name], resource)
	} else {
		f.plans = append(f.plans, resource)
	}
	return f
}

// assemble makes one person's plans. A unit belongs to the plan that names it, else to the one plan that is active; where there is no such
// plan, or several, the flags that nobody names are a plan by themselves, so that nothing is lost.
func (d *decoder) assemble(head *layout, patient string, f *folder) (plans []clinical.Record, rejected int) {
	var sheets []*sheet
	for _, resource := range f.plans {
		made, ok := d.records(head, resource)
		if !ok || len(made) == 0 {
			rejected++
			continue
		}
		sheets = append(sheets, &sheet{plan: made[0].(*clinical.UrgentCarePlan), head: resource, labelled: d.labelled})
	}
	loose := &sheet{plan: &clinical.UrgentCarePlan{}, labelled: d.labelled}
	for _, name := range []string{"Flag", "Consent", "Observation", "RelatedPerson"} {
		all, bad := d.atoms(f.units[name])
		rejected += bad
		for i := range all {
			d.file(&all[i], name, sheets, loose)
		}
	}
	if len(loose.flags) > 0 {
		meta := loose.plan.About()
		meta.ID, meta.Date, meta.Organisation.Code, meta.Status = looseID(patient), loose.flags[0].from, d.whose, clinical.StatusActive
		meta.Author = clean(words(parsePaths("author@who"), loose.flags[0].resource, ", "))
		sheets = append(sheets, loose)
	}
	for _, s := range sheets {
		plans = append(plans, d.complete(s)...)
	}
	return plans, rejected
}

// looseID names a plan that no CarePlan stands for. A patient's id may be an NHS number, and an id is shown.
func looseID(patient string) clinical.Text {
	if _, err := clinical.ParseNHSNumber(strings.TrimPrefix(patient, byNumber)); err == nil {
		return "units"
	}
	return "units/" + clean(patient)
}

// file puts a unit where it belongs. A refusal that names no plan is of all of them.
func (d *decoder) file(unit *atom, name string, sheets []*sheet, loose *sheet) {
	belongs := func(s *sheet) {
		into := map[string]*[]atom{"Flag": &s.flags, "Consent": &s.consents, "Observation": &s.observed, "RelatedPerson": &s.kept}[name]
		*into = append(*into, *unit)
	}
	var active []*sheet
	for _, s := range sheets {
		if s.names(unit) {
			belongs(s)
			return
		}
		if s.plan.Status == clinical.StatusActive {
			active = append(active, s)
		}
	}
	switch {
	case !unit.belongs(name):
		return // another alert, consent to something else, somebody who may not decide
	case name == "Consent" && !agrees(unit):
		for _, s := range append(slices.Clone(sheets), loose) {
			belongs(s)
		}
	case len(active) == 1:
		belongs(active[0])
	default:
		belongs(loose)
	}
}

// belongs reports whether a unit is part of some plan by what it says.
func (u *atom) belongs(name string) bool {
	switch name {
	case "Flag":
		return hasAny(u.code, flagged())
	case "Consent":
		return hasAny(u.code, slices.Concat(agreed(), withdrawn()))
	case "RelatedPerson":
		return u.decides()
	}
	return slices.ContainsFunc(observed(), func(one coded) bool { return hasAny(u.code, one.codes) })
}

// decides reports whether a RelatedPerson holds a power of attorney, by HL7's code or SNOMED CT's.
func (u *atom) decides() bool {
	for _, coding := range parsePaths("relationship.coding")[0].values(u.resource) {
		of, _ := coding.(object)
		if code := text(of["code"]); code == "POWATT" || code == "HPOWATT" {
			return true
		}
	}
	return hasAny(concept(parsePaths("relationship")[0].values(u.resource)), attorney)
}

func (s *sheet) names(unit *atom) bool {
	for _, named := range parsePaths("supportingInfo")[0].values(s.head) {
		if of, ok := named.(object); ok {
			if typ, id := reference(of); id != "" && typ+"/"+id == unit.named {
				return true
			}
		}
	}
	return false
}

// agreed and withdrawn are what a Consent is about the plan by (SCCI1580): given, in the person's best interests, by an attorney; or withdrawn.
func agreed() []clinical.Text {
	return []clinical.Text{"882921000000109", "882961000000101", "883001000000106"}
}

func withdrawn() []clinical.Text { return []clinical.Text{"882941000000102"} }

// agrees reports whether a Consent is consent, now, without anything said against it. One with provisions within provisions says more than is
// understood here.
func agrees(unit *atom) bool {
	provision, _ := unit.resource["provision"].(object)
	return text(unit.resource["status"]) == "active" && text(provision["type"]) != "deny" && provision["provision"] == nil &&
		!over(text(first(parsePaths("provision.period.end"), unit.resource))) && !hasAny(unit.code, withdrawn()) && hasAny(unit.code, agreed())
}

// over reports whether a date that something holds until has passed; one that cannot be read has.
func over(until string) bool {
	if until == "" {
		return false
	}
	last, err := clinical.ParseDateTime(until[:min(10, len(until))])
	return err != nil || !last.Until().After(time.Now())
}
