package fhir

import (
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources/web"
)

// folder is what a server has for one person's urgent care plans.
type folder struct {
	plans []object
	units map[string][]object // by type
}

// sheet is one plan with the units that belong to it.
type sheet struct {
	plan     *clinical.UrgentCarePlan
	head     object            // nil where nothing but units tells of the plan
	units    map[string][]atom // by type
	labelled bool              // as the decoder's
}

// unitTypes are the types of units, in the order in which they are filed.
func unitTypes() []string {
	return []string{"Flag", "Consent", "Observation", "RelatedPerson", "Procedure", "QuestionnaireResponse"}
}

// drawer is what one person's folders were made into: the cabinet of each of their registrations, and its plans.
type drawer struct {
	cabinets map[string]*cabinet // by patient
	records  map[string][]clinical.Record
}

// plans puts together the plans in one person's folders. What was said of sharing them in one holds in all.
func (d *decoder) plans(folders map[string]*folder) drawer {
	made := drawer{map[string]*cabinet{}, map[string][]clinical.Record{}}
	var heads []*clinical.UrgentCarePlan
	var alike [][]clinical.Record // the records of each head
	asked := map[*clinical.UrgentCarePlan]bool{}
	for patient, f := range folders {
		c := d.assemble(patient, f)
		made.cabinets[patient] = c
		for _, s := range c.all() {
			records := d.complete(s)
			heads, alike, asked[s.plan] = append(heads, s.plan), append(alike, records), s.lastWord() != nil
			made.records[patient] = append(made.records[patient], records...)
		}
	}
	web.Sharing(heads, func(plan *clinical.UrgentCarePlan) (clinical.DateTime, bool) { return plan.ConsentDate, asked[plan] })
	for i, head := range heads {
		shared, known := head.Labels.Value(clinical.LabelPlanShared)
		for _, record := range alike[i] {
			if known {
				record.About().Labels.Put(clinical.LabelPlanShared, shared)
			}
		}
	}
	return made
}

// folders are the CarePlans and units that searches found, by patient, and how many are of nobody who can be told.
func (d *decoder) folders(searches []*search, identify func(patient string) string) (all map[string]*folder, nobodys int) {
	all, seen := map[string]*folder{}, map[string]bool{}
	for _, s := range searches {
		for _, resource := range s.resources {
			id := text(resource["id"])
			named := text(resource["resourceType"]) + "/" + id
			if text(resource["resourceType"]) != s.resource || seen[named] || id != "" && !s.layout.unit && !isUrgent(resource) {
				continue
			}
			seen[named] = id != ""
			patients, agree := d.subjects(s.layout, resource)
			if !agree || len(patients) == 0 {
				nobodys++
				continue
			}
			for i := range patients {
				patients[i] = identify(patients[i])
			}
			slices.Sort(patients)
			for _, patient := range slices.Compact(patients) {
				all[patient] = all[patient].with(resource, s.layout.unit)
			}
		}
	}
	return all, nobodys
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

// cabinet is where one person's units are filed: the sheets of their plans, and one for what is of none.
type cabinet struct {
	sheets   []*sheet
	unread   []*sheet // of CarePlans that cannot be read
	loose    *sheet
	rejected int
}

// assemble files one person's plans and units. A unit belongs to the plan that names it, else to the one plan that is active; where there is
// no such plan, or several, decisions that nobody names are a plan by themselves, so that nothing is lost.
func (d *decoder) assemble(patient string, f *folder) *cabinet {
	head := of(clinical.KindUrgentCarePlan)[0]
	c := &cabinet{loose: d.sheet(&clinical.UrgentCarePlan{}, nil)}
	for _, resource := range f.plans {
		made, ok := d.records(head, resource)
		if !ok || len(made) == 0 {
			c.rejected++
			unread := d.sheet(&clinical.UrgentCarePlan{}, resource)
			unread.plan.ID = clean(text(resource["id"]))
			c.unread = append(c.unread, unread)
			continue
		}
		c.sheets = append(c.sheets, d.sheet(made[0].(*clinical.UrgentCarePlan), resource))
	}
	for _, name := range unitTypes() {
		all, bad := d.atoms(f.units[name])
		c.rejected += bad
		for i := range all {
			c.file(&all[i], name)
		}
	}
	if tells := c.loose.tells(); tells != nil {
		meta := c.loose.plan.About()
		meta.ID, meta.Date, meta.Status = looseID(patient), tells.from, clinical.StatusActive
		meta.Organisation = clinical.Organisation{Code: d.whose, Name: d.called(d.whose)}
		meta.Author = tells.author()
	}
	return c
}

func (d *decoder) sheet(plan *clinical.UrgentCarePlan, head object) *sheet {
	return &sheet{plan: plan, head: head, units: map[string][]atom{}, labelled: d.labelled}
}

// all are the sheets that are a plan.
func (c *cabinet) all() []*sheet {
	if c.loose.tells() == nil {
		return c.sheets
	}
	return append(slices.Clone(c.sheets), c.loose)
}

// tells is the unit by which units alone are a plan: a Flag, or an Observation that decides something or says that there is a plan. A
// preference by itself is none.
func (s *sheet) tells() *atom {
	for i := range s.units["Flag"] {
		return &s.units["Flag"][i]
	}
	for i := range s.units["Observation"] {
		if one := &s.units["Observation"][i]; hasAny(one.code, telling()) {
			return one
		}
	}
	return nil
}

// author is who made a unit.
func (u *atom) author() clinical.Text {
	return clean(words(parsePaths("author@who performer@who"), u.resource, ", "))
}

// looseID names a plan that no CarePlan stands for. A patient's id may be an NHS number, and an id is shown.
func looseID(patient string) clinical.Text {
	if _, err := clinical.ParseNHSNumber(strings.TrimPrefix(patient, byNumber)); err == nil {
		return "units"
	}
	return "units/" + clean(patient)
}

// file puts a unit where it belongs. A refusal that names no plan is of all of them.
func (c *cabinet) file(unit *atom, name string) {
	if place, _ := c.place(unit, name); place != nil {
		place.units[name] = append(place.units[name], *unit)
		return
	}
	if name == "Consent" && unit.belongs(name) && !agrees(unit) {
		for _, s := range append(slices.Clone(c.sheets), c.loose) {
			s.units[name] = append(s.units[name], *unit)
		}
	}
}

// place is the sheet where a unit belongs, and whether a plan names it; nil where it is no part of a plan: another alert, consent to something
// else, somebody who may not decide. It is nil too for what is said of all plans, and for
// consent to a plan that cannot be read, which opens no other.
func (c *cabinet) place(unit *atom, name string) (s *sheet, named bool) {
	var active []*sheet
	for _, s := range c.sheets {
		if s.names(unit) {
			return s, true
		}
		if s.plan.Status == clinical.StatusActive {
			active = append(active, s)
		}
	}
	switch {
	case !unit.belongs(name), name == "Consent" && (!agrees(unit) || slices.ContainsFunc(c.unread, func(s *sheet) bool { return s.names(unit) })):
		return nil, false
	case len(active) == 1:
		return active[0], false
	}
	return c.loose, false
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
	case "Procedure":
		return hasAny(u.code, ahead)
	case "QuestionnaireResponse":
		return u.answers()
	}
	return hasAny(u.code, telling()) || slices.ContainsFunc(observed(), func(one coded) bool { return hasAny(u.code, one.codes) })
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

// refuses reports whether a Consent says no in so many words.
func refuses(unit *atom) bool {
	provision, _ := unit.resource["provision"].(object)
	return hasAny(unit.code, withdrawn()) || text(unit.resource["status"]) == "rejected" || text(provision["type"]) == "deny"
}

// ended reports whether the time is over for which a Consent is said.
func ended(unit *atom) bool {
	return over(text(first(parsePaths("provision.period.end"), unit.resource)))
}

// agrees reports whether a Consent is consent, now, without anything said against it. One with provisions within provisions, or that is for somebody, for
// something or about something, says more than is understood here.
func agrees(unit *atom) bool {
	provision, _ := unit.resource["provision"].(object)
	return text(unit.resource["status"]) == "active" && text(provision["type"]) != "deny" && !limited(provision) && !begins(provision) && !ended(unit) &&
		!hasAny(unit.code, withdrawn()) && hasAny(unit.code, agreed())
}

// limited reports whether a provision is not of everything to everybody who treats.
func limited(provision object) bool {
	for _, by := range []string{"provision", "actor", "action", "securityLabel", "class", "dataPeriod", "data"} {
		if provision[by] != nil {
			return true
		}
	}
	purposes := codings(provision["purpose"])
	return len(purposes) > 0 && !slices.ContainsFunc(purposes, func(purpose object) bool {
		return slices.Contains([]string{"TREAT", "ETREAT", "CAREMGT"}, text(purpose["code"]))
	})
}

// begins reports whether the time is yet to come from which a Consent is said.
func begins(provision object) bool {
	from := text(first(parsePaths("period.start"), provision))
	if from == "" {
		return false
	}
	day, err := clinical.ParseDateTime(from[:min(10, len(from))])
	return err != nil || day.At().After(time.Now())
}

// over reports whether a date that something holds until has passed; one that cannot be read has.
func over(until string) bool {
	if until == "" {
		return false
	}
	last, err := clinical.ParseDateTime(until[:min(10, len(until))])
	return err != nil || !last.Until().After(time.Now())
}
