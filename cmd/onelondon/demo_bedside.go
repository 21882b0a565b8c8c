package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"onelondon/examples/london"
)

// bedside is the question asked at the bedside of somebody who cannot speak.
const bedside = `query Bedside($nhsNumber: NHSNumber!, $grant: EmergencyGrant) {
  patient(nhsNumber: $nhsNumber, emergencyGrant: $grant) {
    allergies(first: 5) { nodes { code { display text } provenance { source } } }
    urgentCarePlan {
      cpr { ...Where plan { cpr { decision { display text } date responsible formLocation } } reviewDue reviewOverdue }
      adrt { ...Where plan { adrt { decision { display text } location } } }
      ceilingOfTreatment { ...Where plan { ceilingOfTreatment { decision { display text } detail } } }
      anticipatoryMedicines { ...Where plan { anticipatoryMedicines { status { display text } location } } }
      preferredPlaceOfDeath { ...Where plan { preferredPlaceOfDeath { first { display text } } } }
      whatMattersToMe { ...Where plan { whatMattersToMe } }
      plans {
        ...Where standing reviewDue reviewOverdue plan { cpr { decision { display text } date } legalAuthority { representative contact } }
        contacts { name relationship telephone }
      }
      conflicts { message }
      sources { outcome }
      complete
    }
  }
}

fragment Where on UrgentCareEntry { plan { provenance { source } } }
`

type (
	words struct{ Display, Text string }

	// entry is the part of a plan that the demo shows.
	entry struct {
		Standing      string
		ReviewDue     string
		ReviewOverdue bool
		Plan          struct {
			Provenance struct{ Source string }
			CPR        struct {
				Decision                        words
				Date, Responsible, FormLocation string
			}
			ADRT struct {
				Decision words
				Location string
			}
			CeilingOfTreatment struct {
				Decision words
				Detail   string
			}
			AnticipatoryMedicines struct {
				Status   words
				Location string
			}
			PreferredPlaceOfDeath struct{ First words }
			LegalAuthority        struct{ Representative, Contact string }
			WhatMattersToMe       string
		}
		Contacts []struct{ Name, Relationship, Telephone string }
	}

	// urgentCare is the answer about urgent care plans.
	urgentCare struct {
		CPR, ADRT, CeilingOfTreatment, AnticipatoryMedicines, PreferredPlaceOfDeath, WhatMattersToMe *entry
		Plans                                                                                        []entry
		Conflicts                                                                                    []struct{ Message string }
		Sources                                                                                      []struct{ Outcome string }
		Complete                                                                                     bool
	}
)

func (w words) String() string {
	if w.Display != "" {
		return w.Display
	}
	return w.Text
}

// attend shows what a clinician at the bedside sees of a person whose plans in several systems contradict each other.
func (d *demo) attend(ctx context.Context, built *folder, url string) error {
	shown, _, err := bedsideOf(ctx, url, built.callers["ae_doctor"], london.Imagine(london.Options{People: 1}).Cast.Undated)
	if err != nil {
		return err
	}
	_, err = io.WriteString(d.out, shown)
	return err
}

// bedsideOf breaks the glass as a doctor and asks for a person's plans.
func bedsideOf(ctx context.Context, url string, doctor *caller, person london.Character) (shown string, care *urgentCare, err error) {
	var opened struct{ BreakGlass struct{ Grant string } }
	if err := send(ctx, url, doctor, emergency, map[string]any{"nhsNumber": person.NHSNumber.Reveal()}, &opened); err != nil {
		return "", nil, fmt.Errorf("break the glass: %w", err)
	}
	var told struct {
		Patient *struct {
			Allergies      list
			UrgentCarePlan urgentCare
		}
	}
	variables := map[string]any{"nhsNumber": person.NHSNumber.Reveal(), "grant": opened.BreakGlass.Grant}
	if err := send(ctx, url, doctor, bedside, variables, &told); err != nil {
		return "", nil, fmt.Errorf("ask as %s: %w", doctor.Title, err)
	}
	if told.Patient == nil {
		return "", nil, fmt.Errorf("ask as %s: nobody is shown", doctor.Title)
	}
	care = &told.Patient.UrgentCarePlan
	return planned(person.Name, doctor.Name, told.Patient.Allergies, care), care, nil
}

// planned shows the leading decisions first, then every contradiction, then all plans.
func planned(person, doctor string, allergies list, care *urgentCare) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\nIn the night %s is brought in and cannot speak.\n", person)
	fmt.Fprintf(&text, "%s breaks the glass and asks for the urgent care plan:\n\n", doctor)
	line := func(name, what, source string) {
		if what != "" {
			fmt.Fprintf(&text, "  %-22s %-56s %s\n", name, cut(what, 56), source)
		}
	}
	for _, item := range care.leading() {
		line(item.name, item.what, item.source)
	}
	for _, name := range named(allergies) {
		line("Allergies", name, "")
	}
	for _, each := range care.Plans {
		for _, contact := range each.Contacts {
			line("Call", joined(contact.Name, contact.Relationship, contact.Telephone), each.Plan.Provenance.Source)
		}
		line("May decide by law", joined(each.Plan.LegalAuthority.Representative, each.Plan.LegalAuthority.Contact), each.Plan.Provenance.Source)
	}
	for _, conflict := range care.Conflicts {
		fmt.Fprintf(&text, "\nA contradiction, shown and not settled:\n%s\n", wrapped("", conflict.Message, 2*half))
	}
	fmt.Fprintf(&text, "\nAll plans that may be shown, %s:\n", answeredBy(care))
	for i := range care.Plans {
		each := &care.Plans[i]
		fmt.Fprintf(&text, "  %-10s %-9s %-38s %-19s %s\n", day(each.Plan.CPR.Date), strings.ToLower(each.Standing), cut(each.Plan.CPR.Decision.String(), 38),
			each.review(), each.Plan.Provenance.Source)
	}
	return text.String()
}

type leader struct{ name, what, source string }

// leading lists what the leading plans say, in the order in which it is needed.
func (c *urgentCare) leading() []leader {
	var all []leader
	add := func(name string, from *entry, say func(*entry) string) {
		if from != nil {
			all = append(all, leader{name, say(from), from.Plan.Provenance.Source})
		}
	}
	if c.CPR == nil {
		all = append(all, leader{name: "Resuscitation", what: "no decision against it is shown"})
	}
	add("Resuscitation", c.CPR, func(e *entry) string { return e.Plan.CPR.Decision.String() + ", " + day(e.Plan.CPR.Date) })
	add("", c.CPR, func(e *entry) string { return joined(e.Plan.CPR.Responsible) })
	add("  the form", c.CPR, func(e *entry) string { return e.Plan.CPR.FormLocation })
	add("Refused in advance", c.ADRT, func(e *entry) string { return joined(e.Plan.ADRT.Decision.String(), e.Plan.ADRT.Location) })
	add("Ceiling of treatment", c.CeilingOfTreatment, func(e *entry) string {
		return joined(e.Plan.CeilingOfTreatment.Decision.String(), e.Plan.CeilingOfTreatment.Detail)
	})
	add("Medicines at hand", c.AnticipatoryMedicines, func(e *entry) string { return e.Plan.AnticipatoryMedicines.Status.String() })
	add("  where", c.AnticipatoryMedicines, func(e *entry) string { return e.Plan.AnticipatoryMedicines.Location })
	add("Would like to die", c.PreferredPlaceOfDeath, func(e *entry) string { return e.Plan.PreferredPlaceOfDeath.First.String() })
	add("What matters to her", c.WhatMattersToMe, func(e *entry) string { return e.Plan.WhatMattersToMe })
	return all
}

// review says when a plan is next to be reviewed.
func (e *entry) review() string {
	switch {
	case e.ReviewOverdue && e.ReviewDue != "":
		return "overdue, " + day(e.ReviewDue)
	case e.ReviewOverdue:
		return "review overdue"
	}
	return "review " + day(e.ReviewDue)
}

// answeredBy says whether the sources gave everything they have.
func answeredBy(care *urgentCare) string {
	whether := "each"
	if !care.Complete {
		whether = "NOT each"
	}
	return fmt.Sprintf("and %s source that may hold one answered (%d)", whether, len(care.Sources))
}

// day is the date of a moment.
func day(moment string) string {
	date, _, _ := strings.Cut(moment, "T")
	return date
}
