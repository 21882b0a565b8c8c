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
	unnamed        map[clinical.Record]bool // to the last who asked
	decided, shown int
}

// asking is who asks about whom, and on what ground.
type asking struct {
	who     auth.Person
	claims  bool
	broken  bool // the caller has broken the glass
	meant   *being
	visible []sight // what may be seen
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
	if r.unnamed = map[clinical.Record]bool{}; err != nil || asked.Hidden || !asked.Permitted {
		return err
	}
	registered := false
	for _, records := range a.meant.held {
		for _, record := range records {
			released, err := asked.Releases(ctx, r.withLinks(record, records))
			if err != nil {
				return err
			}
			r.decided++
			if r.unnamed[record], err = r.isUnnamed(ctx, asked, record); err != nil {
				return err
			}
			if released {
				a.visible = append(a.visible, sight{record, record.Kind().Descriptor().Set(asked.Kinds[record.Kind().String()]...)})
				registered = registered || record.Kind() == clinical.KindRegistration
			}
		}
	}
	if !registered { // nobody may be shown of whom not even the name may be
		a.visible = nil
	}
	r.shown += len(a.visible)
	return nil
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

// mayName lists the identifiers of others that a record may be shown with. What is withheld for a label that it carries is not
// named; what is withheld for its kind, for whose it is, or for want of proof alone, still is (docs/proofs.md).
func (r *reference) mayName(shown sight, all []clinical.Record) (names string) {
	meta := shown.About()
	for kind, id := range map[clinical.Kind]clinical.Text{clinical.KindEncounter: meta.Encounter, clinical.KindCondition: meta.Problem,
		clinical.KindAppointment: meta.Appointment} {
		for _, other := range all {
			if other.Kind() == kind && other.About().ID == id && (!r.unnamed[other] || other.About().Organisation != meta.Organisation) {
				names += string(id) + " "
			}
		}
	}
	return names
}

// isUnnamed reports whether a record is withheld for a label that it carries: it would be if all that nobody knows were known
// to be harmless.
func (r *reference) isUnnamed(ctx context.Context, asked *plain.Asked, record clinical.Record) (bool, error) {
	if _, shown := asked.Kinds[record.Kind().String()]; !shown {
		return false, nil
	}
	harmless, labelled := copied(record), false
	for _, label := range clinical.Labels() {
		set, known := r.policy.Label(record, label)
		if labelled = labelled || set && r.spreads[label]; !known {
			harmless.About().Labels.Put(label, false)
		}
	}
	released, err := asked.Releases(ctx, harmless)
	return labelled && !released, err
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
