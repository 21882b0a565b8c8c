package leaks_test

import (
	"context"
	"reflect"
	"slices"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/proof/plain"
)

// reference says what may be seen, from the people as they were made and from the policy in plain Rego. It knows nothing of
// sources, conditions, probes or pages.
type reference struct {
	policy         *plain.Policy
	spreads        map[clinical.Label]bool
	spreadTo       map[clinical.Kind]bool
	decided, shown int
}

// asking is who asks about whom, and on what ground.
type asking struct {
	who     auth.Person
	claims  bool
	broken  bool // the caller has broken the glass
	meant   *being
	asked   *plain.Asked // what does not depend on records
	visible []sight      // what may be seen
}

// sight is a record that may be seen, but for some fields.
type sight struct {
	clinical.Record
	masked clinical.FieldSet
}

// see fills in what may be seen.
func (r *reference) see(ctx context.Context, a *asking) error {
	input := a.input()
	asked, err := r.policy.Ask(ctx, input)
	if a.asked = asked; err != nil || asked.Hidden || !asked.Permitted {
		return err
	}
	// What is released is seen, though none of the person's registrations may be: that an allergy silently goes missing because a
	// name is withheld is worse than that a record comes without a name.
	for _, records := range a.meant.held {
		for _, record := range records {
			released, err := asked.Releases(ctx, r.withLinks(record, records))
			if err != nil {
				return err
			}
			if released, err = r.withItsPlan(ctx, a, record, records, released); err != nil {
				return err
			}
			r.decided++
			if released {
				a.visible = append(a.visible, sight{record, record.Kind().Descriptor().Set(asked.LeftOut(record)...)})
			}
		}
	}
	r.shown += len(a.visible)
	return nil
}

// withItsPlan is whether a record is released that is part of a plan: only with the plan itself.
func (r *reference) withItsPlan(ctx context.Context, a *asking, record clinical.Record, all []clinical.Record, released bool) (bool, error) {
	meta := record.About()
	if !released || meta.Plan == "" || record.Kind() == clinical.KindUrgentCarePlan {
		return released, nil
	}
	for _, other := range all {
		if other.Kind() == clinical.KindUrgentCarePlan && other.About().ID == meta.Plan {
			return a.asked.Releases(ctx, r.withLinks(other, all))
		}
	}
	return false, nil
}

// withLinks is a record as it is judged: with the labels of whatever hangs together with it.
func (r *reference) withLinks(record clinical.Record, all []clinical.Record) clinical.Record {
	if !r.spreadTo[record.Kind()] {
		return record
	}
	judged := copied(record)
	for _, other := range all {
		if other.Kind() == clinical.KindContact || other.Kind() == clinical.KindRegistration || !together(record, other) {
			continue
		}
		for label := range r.spreads {
			if set, known := r.policy.Label(other, label); known && set {
				judged.About().Labels.Put(label, true)
			}
		}
	}
	return judged
}

// mayName lists the identifiers of others that a record may be shown with: of those that are released, as far as the record
// that names them tells. Whose they are and what nobody asks about them is not told (docs/proofs.md).
func (r *reference) mayName(ctx context.Context, a *asking, shown sight, all []clinical.Record) (names string, err error) {
	meta := shown.About()
	for _, other := range all {
		if meta.Plan == "" || other.Kind() != clinical.KindUrgentCarePlan || other.About().ID != meta.Plan {
			continue
		}
		if released, err := a.asked.Releases(ctx, r.withLinks(other, all)); err != nil || released {
			names = string(meta.Plan) + " "
			if err != nil {
				return "", err
			}
		}
	}
	for kind, id := range map[clinical.Kind]clinical.Text{clinical.KindEncounter: meta.Encounter, clinical.KindCondition: meta.Problem,
		clinical.KindAppointment: meta.Appointment} {
		for _, other := range all {
			if id == "" || other.Kind() != kind || other.About().ID != id {
				continue
			}
			released, err := a.asked.Releases(ctx, r.asNamed(other, meta))
			if err != nil {
				return "", err
			}
			if released {
				names += string(id) + " "
			}
		}
	}
	return names, nil
}

// asNamed is a record as one that names it knows it: of the same organisation, and with the labels that spread if it carries them.
func (r *reference) asNamed(record clinical.Record, by *clinical.Meta) clinical.Record {
	known := copied(record)
	meta := known.About()
	meta.Organisation, meta.Code, meta.Labels = by.Organisation, clinical.Concept{}, clinical.LabelSet{}
	for _, label := range clinical.Labels() {
		set, _ := r.policy.Label(record, label)
		meta.Labels.Put(label, set && r.spreads[label])
	}
	return known
}

func copied(record clinical.Record) clinical.Record {
	other := reflect.New(reflect.TypeOf(record).Elem())
	other.Elem().Set(reflect.ValueOf(record).Elem())
	return other.Interface().(clinical.Record)
}

// together reports whether two records of one source share an encounter, a problem or an appointment, or are one.
func together(a, b clinical.Record) bool {
	names := func(r clinical.Record) (all []string) {
		meta := r.About()
		for kind, id := range map[clinical.Kind]clinical.Text{clinical.KindEncounter: meta.Encounter, clinical.KindCondition: meta.Problem,
			clinical.KindAppointment: meta.Appointment} {
			if id != "" {
				all = append(all, kind.String()+string(id))
			}
			if r.Kind() == kind {
				all = append(all, kind.String()+string(meta.ID))
			}
		}
		return all
	}
	theirs := names(b)
	return slices.ContainsFunc(names(a), func(name string) bool { return slices.Contains(theirs, name) })
}

// input is what the decision should be told.
func (a *asking) input() policy.Input {
	input := policy.Input{Role: a.who.Role, Activities: a.who.Activities, Organisation: a.who.Organisation, Citizen: a.who.NHSNumber != "",
		Purpose: policy.Purpose(a.who.Purpose), Emergency: a.broken, Person: a.meant.about}
	input.Person.Flagged = a.meant.flagged
	if !input.Citizen {
		input.Relationship = a.staffRelationship()
		return input
	}
	input.Relationship = policy.RelationshipNone
	for proxy, authority := range a.meant.proxies {
		if proxy.Reveal() == a.who.NHSNumber {
			input.Relationship, input.Person.Authority = policy.RelationshipProxy, authority
		}
	}
	if a.who.NHSNumber == a.meant.number.Reveal() {
		input.Relationship, input.Person.Authority = policy.RelationshipSelf, policy.AuthorityNone
	}
	if input.Relationship != policy.RelationshipNone { // of strangers nobody asks how old somebody is
		input.Person.Age, input.Person.Deceased = a.meant.age, a.meant.dead
	}
	return input
}

func (a *asking) staffRelationship() policy.Relationship {
	own := clinical.Text(a.who.Organisation)
	switch {
	case own == a.meant.practice:
		return policy.RelationshipRegistered
	case own == trustOf && a.meant.held[trust] != nil, own == infirmOf && a.meant.held[infirm] != nil:
		return policy.RelationshipRecord
	case a.claims || a.broken:
		return policy.RelationshipClaimed
	}
	for _, records := range a.meant.held {
		for _, record := range records {
			if referral, ok := record.(*clinical.Referral); ok && referral.Recipient == own && referral.Status == clinical.StatusActive {
				return policy.RelationshipReferral
			}
		}
	}
	return policy.RelationshipNone
}

// tellsProxies reports whether the caller may be told who acts for the person: the person, a proxy of themselves, and a Caldicott
// Guardian whose organisation cares for somebody who may be found.
func (a *asking) tellsProxies() bool {
	if a.who.NHSNumber != "" {
		self := a.who.NHSNumber == a.meant.number.Reveal()
		for number := range a.meant.proxies {
			self = self || number.Reveal() == a.who.NHSNumber && !a.meant.flagged
		}
		return self
	}
	return a.who.Role == "R5105" && !a.meant.flagged && slices.Contains([]policy.Relationship{policy.RelationshipRegistered, policy.RelationshipRecord,
		policy.RelationshipReferral}, a.input().Relationship)
}
