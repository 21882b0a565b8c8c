package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// The demo's texts and mutations for a citizen's choice about her record.
const (
	holdings = `query Holdings($nhsNumber: NHSNumber!, $grant: EmergencyGrant, $revision: Int) {
  patient(nhsNumber: $nhsNumber, emergencyGrant: $grant, minConsentRevision: $revision) {
    conditions(first: 100) { nodes { date code { code display text } } }
    medications(first: 100) { nodes { date code { code display text } } }
  }
}`
	deny = `mutation Deny($role: String!) {
  setPreference(input: {preference: {effect: DENY, category: MENTAL_HEALTH, party: {kind: ROLE, code: $role}}}) { consentRevision }
}`
	takeBack = `mutation TakeBack($role: String!) {
  withdrawPreference(input: {category: MENTAL_HEALTH, party: {kind: ROLE, code: $role}}) { consentRevision }
}`
	emergency = `mutation Emergency($nhsNumber: NHSNumber!) {
  breakGlass(input: {nhsNumber: $nhsNumber, reason: "Brought in unconscious; what she takes must be known."}) { grant }
}`
	whoLooked = `query WhoLooked { myRecord { accesses(first: 3) { nodes { summary brokenGlass claimedReason } } } }`
)

// held is what a doctor is shown of two kinds of record.
type held struct{ problems, medicines []string }

func (h held) String() string {
	return fmt.Sprintf("%d problems, %d medicines", len(h.problems), len(h.medicines))
}

// without lists what h shows and other does not.
func (h held) without(other held) []string {
	missing := func(name string) bool {
		return !slices.Contains(other.problems, name) && !slices.Contains(other.medicines, name)
	}
	var names []string
	for _, name := range slices.Concat(h.problems, h.medicines) {
		if missing(name) {
			names = append(names, name)
		}
	}
	return names
}

// choice holds the citizen and the doctor of this part of the demo.
type choice struct {
	url            string
	doctor, person *caller
	number         string
}

// choose shows that a person's decision applies to the very next question, that an emergency overrides it, and that she
// sees who looked. It restores the register, apart from its history.
func (d *demo) choose(ctx context.Context, built *folder, url string) error {
	c := choice{url: url, doctor: built.callers["ae_doctor"], person: built.callers["citizen"], number: built.heroine.NHSNumber.Reveal()}
	before, err := c.look(ctx, "", 0)
	if err != nil {
		return err
	}
	revision, err := c.change(ctx, deny)
	if err != nil {
		return err
	}
	began := time.Now()
	after, err := c.look(ctx, "", revision)
	if err != nil {
		return err
	}
	took := time.Since(began)
	opened, err := c.breakGlass(ctx)
	if err != nil {
		return err
	}
	if _, err := c.change(ctx, takeBack); err != nil {
		return err
	}
	looked, err := c.whoLooked(ctx)
	if err != nil {
		return err
	}
	_, err = io.WriteString(d.out, chosen(built, c.doctor, before, after, opened, took)+looked)
	return err
}

func chosen(built *folder, doctor *caller, before, after, opened held, took time.Duration) string {
	var text strings.Builder
	given, _, _ := strings.Cut(built.heroine.Name, " ")
	fmt.Fprintf(&text, "\n%s closes what is about her mental health to A&E doctors. %s asks, before and after:\n", given, doctor.Name)
	fmt.Fprintf(&text, "  before       %s\n", before)
	fmt.Fprintf(&text, "  after        %s, answered in %s; no longer shown, and not hinted at:\n", after, took.Round(100*time.Microsecond))
	for _, name := range before.without(after) {
		fmt.Fprintf(&text, "                 %s\n", name)
	}
	fmt.Fprintf(&text, "  in emergency %s, with the glass broken; what is sealed stays sealed\n", opened)
	fmt.Fprintf(&text, "\nShe takes it back, and looks up who looked:\n")
	return text.String()
}

// look asks as the doctor.
func (c *choice) look(ctx context.Context, grant string, revision int) (held, error) {
	variables := map[string]any{"nhsNumber": c.number}
	if grant != "" {
		variables["grant"] = grant
	}
	if revision != 0 {
		variables["revision"] = revision
	}
	var told struct {
		Patient *struct{ Conditions, Medications list }
	}
	if err := send(ctx, c.url, c.doctor, holdings, variables, &told); err != nil {
		return held{}, fmt.Errorf("ask as %s: %w", c.doctor.Title, err)
	}
	if told.Patient == nil {
		return held{}, fmt.Errorf("ask as %s: nobody is shown", c.doctor.Title)
	}
	return held{named(told.Patient.Conditions), named(told.Patient.Medications)}, nil
}

// named gives each record its text and year, and says if it has no code by which it could be recognised.
func named(records list) []string {
	var names []string
	for _, node := range records.Nodes {
		code, _ := node["code"].(map[string]any)
		words, _ := code["display"].(string)
		if words == "" {
			words, _ = code["text"].(string)
		}
		date, _ := node["date"].(string)
		name := strings.TrimSpace(words + ", " + date[:min(4, len(date))])
		if coded, _ := code["code"].(string); coded == "" {
			name += " (no code: nobody can tell what it is about)"
		}
		names = append(names, name)
	}
	return names
}

// change sends one of her mutations and returns the revision from which it applies.
func (c *choice) change(ctx context.Context, mutation string) (revision int, err error) {
	var told map[string]struct{ ConsentRevision int }
	if err := send(ctx, c.url, c.person, mutation, map[string]any{"role": c.doctor.Role}, &told); err != nil {
		return 0, fmt.Errorf("change a preference: %w", err)
	}
	for _, payload := range told {
		revision = payload.ConsentRevision
	}
	return revision, nil
}

func (c *choice) breakGlass(ctx context.Context) (held, error) {
	var told struct{ BreakGlass struct{ Grant string } }
	if err := send(ctx, c.url, c.doctor, emergency, map[string]any{"nhsNumber": c.number}, &told); err != nil {
		return held{}, fmt.Errorf("break the glass: %w", err)
	}
	return c.look(ctx, told.BreakGlass.Grant, 0)
}

// whoLooked is the newest entry of her ledger, in its own words.
func (c *choice) whoLooked(ctx context.Context) (string, error) {
	var told struct {
		MyRecord struct {
			Accesses struct {
				Nodes []struct {
					Summary       string
					ClaimedReason string
				}
			}
		}
	}
	if err := send(ctx, c.url, c.person, whoLooked, nil, &told); err != nil {
		return "", fmt.Errorf("look up who looked: %w", err)
	}
	var text strings.Builder
	for _, access := range told.MyRecord.Accesses.Nodes {
		text.WriteString(wrapped("  -", access.Summary, 2*half) + "\n")
	}
	return text.String(), nil
}
