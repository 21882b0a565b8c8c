package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// PreferencePreview is the effect that a preference would have.
type PreferencePreview struct {
	Words   string
	Changes []PreviewedChange // one for each typical reader who is affected
}

// PreviewedChange is the effect of a preference on one typical reader.
type PreviewedChange struct {
	Who           string
	Stops, Starts []PreviewedRecords
}

// PreviewedRecords are records of one category, or of none if it is empty.
type PreviewedRecords struct {
	Category      clinical.Label
	Kinds         []clinical.Kind
	OfOthersAlone bool // only records made by organisations other than the reader's
	Words         string
}

// PreviewPreference shows what a preference would change for typical readers of a record. It asks the policy twice for
// each reader, with and without the preference, about a record of every kind and category. No source is asked, so the
// preview reveals nothing about the person's actual record.
func (g *Gate) PreviewPreference(
	ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input PreferenceInput,
) (*PreferencePreview, error) {
	a, q, err := g.own(ctx, caller, policy.PreviewPreferences, person, Choice{})
	if err != nil {
		return nil, err
	}
	chosen := input.preference()
	if err := a.check(Prefer(input), q.said.Preferences); err != nil {
		return nil, a.fail(ctx, err)
	}
	now := policy.Person{Objection: q.said.Objection.String(), Preferences: preferences(q.said.Preferences), Deceased: q.deceased,
		Age: q.age, Capacity: capacity(q.said.Capacity)}
	then := now
	then.Preferences = preferences(with(q.said.Preferences, chosen))
	preview := &PreferencePreview{Changes: []PreviewedChange{}}
	for _, each := range g.readers(a.policy, chosen) {
		change, err := each.compare(ctx, a.policy, now, then)
		if err != nil {
			return nil, a.fail(ctx, fmt.Errorf("%w: %w", ErrPolicy, err))
		}
		if len(change.Stops)+len(change.Starts) > 0 {
			preview.Changes = append(preview.Changes, change)
		}
	}
	preview.Words = preview.inWords()
	return preview, a.done(ctx)
}

// with replaces the decision for the same category and party by a preference.
func with(held []consent.Preference, chosen consent.Preference) []consent.Preference {
	kept := slices.DeleteFunc(slices.Clone(held), func(each consent.Preference) bool {
		return each.Category == chosen.Category && each.Party == chosen.Party && each.Code == chosen.Code
	})
	return append(kept, chosen)
}

// typicalReader is a kind of person who typically reads a record.
type typicalReader struct {
	who   string
	input policy.Input
}

// Organisations of the typical readers. They are not ODS codes, so that a preference for a real organisation never
// applies to them.
const (
	yourPractice, yourHospital, elsewhere = "your-practice", "your-hospital", "elsewhere"
)

// readers are the typical readers: at the person's practice, at a hospital that knows them, in an emergency, and the
// party that the preference names.
func (g *Gate) readers(rules Policy, chosen consent.Preference) []typicalReader {
	reader := func(who, role, organisation string, relationship policy.Relationship) typicalReader {
		return typicalReader{who, policy.Input{Role: role, Activities: []string{"B0360"}, Organisation: organisation,
			Purpose: policy.Treatment, Relationship: relationship}}
	}
	all := []typicalReader{
		reader("a doctor at your GP practice", "R0260", yourPractice, policy.RelationshipRegistered),
		reader("a nurse at your GP practice", "R8001", yourPractice, policy.RelationshipRegistered),
		reader("a receptionist at your GP practice", "R1730", yourPractice, policy.RelationshipRegistered),
		reader("a doctor at a hospital that treated you", "R0050", yourHospital, policy.RelationshipRecord),
		reader("a nurse at a hospital that treated you", "R8001", yourHospital, policy.RelationshipRecord),
		reader("a social worker who has a record of you", "R8014", yourHospital, policy.RelationshipRecord),
	}
	broken := reader("a doctor who breaks the glass in an emergency", "R9102", yourHospital, policy.RelationshipRecord)
	broken.input.Purpose, broken.input.Emergency = policy.EmergencyTreatment, true
	all = append(all, broken)
	switch chosen.Party {
	case consent.Organisation:
		party := Party{Kind: AnOrganisation, Code: chosen.Code, Name: g.organisationName(chosen.Code)}
		all = append(all, reader("a doctor among the "+partyInWords(party), "R0050", string(chosen.Code), policy.RelationshipRecord))
	case consent.Role:
		party := Party{Kind: ARole, Code: chosen.Code, Name: roleName(rules, string(chosen.Code))}
		all = append(all, reader(partyInWords(party)+" who cares for you", string(chosen.Code), yourHospital, policy.RelationshipRecord))
	}
	return all
}

// compare asks the policy with and without the preference.
func (r typicalReader) compare(ctx context.Context, rules Policy, now, then policy.Person) (PreviewedChange, error) {
	before, err := r.visible(ctx, rules, now)
	if err != nil {
		return PreviewedChange{}, err
	}
	after, err := r.visible(ctx, rules, then)
	if err != nil {
		return PreviewedChange{}, err
	}
	return PreviewedChange{Who: r.who, Stops: missing(before, after), Starts: missing(after, before)}, nil
}

// sample is a hypothetical record, reduced to what a preference can depend on.
type sample struct {
	category clinical.Label
	kind     clinical.Kind
	own      bool // made by the reader's own organisation
}

// visible reports which sample records the reader would see.
func (r typicalReader) visible(ctx context.Context, rules Policy, person policy.Person) (map[sample]bool, error) {
	input := r.input
	input.Person = person
	decision, err := rules.Decide(ctx, input)
	if err != nil {
		return nil, err
	}
	seen := map[sample]bool{}
	for _, kind := range clinical.Kinds() {
		condition := decision.Release(kind).Condition
		for _, category := range append(clinical.Categories(), "") {
			for own, holder := range map[bool]string{false: elsewhere, true: input.Organisation} {
				if condition.Match(sampleRecord(kind, category, clinical.Text(holder))) {
					seen[sample{category, kind, own}] = true
				}
			}
		}
	}
	return seen, nil
}

// sampleRecord is a record of a kind with one known label and no others.
func sampleRecord(kind clinical.Kind, category clinical.Label, holder clinical.Text) clinical.Record {
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Source, meta.Organisation.Code, meta.Status = "sample", holder, clinical.StatusActive
	for _, label := range clinical.Labels() {
		meta.Labels.Put(label, label == category)
	}
	return record
}

// missing lists what is visible before and not after, by category.
func missing(before, after map[sample]bool) []PreviewedRecords {
	lost := []PreviewedRecords{}
	for _, category := range append(clinical.Categories(), "") {
		records := PreviewedRecords{Category: category, OfOthersAlone: true}
		for _, kind := range clinical.Kinds() {
			ofOthers, own := sample{category, kind, false}, sample{category, kind, true}
			if before[ofOthers] && !after[ofOthers] || before[own] && !after[own] {
				records.Kinds = append(records.Kinds, kind)
				records.OfOthersAlone = records.OfOthersAlone && before[own] == after[own]
			}
		}
		if len(records.Kinds) > 0 {
			records.Words = capital(records.about()) + ": " + inWords(records.Kinds) + "."
			lost = append(lost, records)
		}
	}
	return lost
}

// about describes these records.
func (r *PreviewedRecords) about() string {
	about := "records of no sensitive category"
	if r.Category != "" {
		about = categoryInWords(r.Category)
	}
	if r.OfOthersAlone {
		about += " that other organisations made"
	}
	return about
}

// inWords describes the whole preview in a few sentences.
func (p *PreferencePreview) inWords() string {
	if len(p.Changes) == 0 {
		return "Nothing would change for the people who typically look at a record: the rules for everybody, or what you decided " +
			"before, already have it so."
	}
	sentences := make([]string, 0, 2*len(p.Changes))
	for i := range p.Changes {
		change := &p.Changes[i]
		if about := categoriesOf(change.Stops); about != "" {
			sentences = append(sentences, capital(change.Who)+" would no longer see "+about+".")
		}
		if about := categoriesOf(change.Starts); about != "" {
			sentences = append(sentences, capital(change.Who)+" would see "+about+".")
		}
	}
	return strings.Join(sentences, " ")
}

func categoriesOf(records []PreviewedRecords) string {
	words := make([]string, len(records))
	for i := range records {
		words[i] = records[i].about()
	}
	return list(words)
}
