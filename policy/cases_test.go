package policy_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
)

// decisionCase is one case of cases/*.yaml.
type decisionCase struct {
	Case         string
	Who          who
	Why          policy.Purpose
	Relationship policy.Relationship
	Objection    string
	Expect       struct {
		Released string   // everything, where, nothing, or "nothing of any kind"
		Alert    bool     // whether a privacy officer reviews
		Kinds    kindList // the kinds released, the same condition for each
		Where    []string // the alternatives, each in words
		Masked   map[string][]string
		Reasons  []string
	}
}

// who is a role at an organisation, or the word citizen.
type who struct {
	Role, Organisation string
	Citizen            bool
}

func (w *who) UnmarshalYAML(content []byte) error {
	if string(bytes.TrimSpace(content)) == "citizen" {
		w.Citizen = true
		return nil
	}
	var staff struct{ Role, Organisation string }
	if err := yaml.UnmarshalWithOptions(content, &staff, yaml.Strict()); err != nil {
		return err
	}
	w.Role, w.Organisation = staff.Role, staff.Organisation
	return nil
}

// kindList is a list of kinds, "all", or "all but" one kind.
type kindList []string

func (l *kindList) UnmarshalYAML(content []byte) error {
	text := string(bytes.TrimSpace(content))
	if but, found := bytes.CutPrefix([]byte(text), []byte("all but ")); found || text == "all" {
		for _, kind := range clinical.Kinds() {
			if kind.String() != string(but) || !found {
				*l = append(*l, kind.String())
			}
		}
		return nil
	}
	var names []string
	err := yaml.Unmarshal(content, &names)
	*l = names
	return err
}

func TestEveryCaseIsDecidedAsGovernanceWroteIt(t *testing.T) {
	engine := open(t, policy.Embedded())
	files, err := filepath.Glob("cases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []decisionCase
		if err := yaml.UnmarshalWithOptions(content, &cases, yaml.Strict()); err != nil || len(cases) == 0 {
			t.Fatalf("%s: %v", file, err)
		}
		for _, c := range cases {
			t.Run(c.Case, func(t *testing.T) { checkCase(t, engine, c) })
		}
	}
}

func checkCase(t *testing.T, engine *policy.Engine, c decisionCase) {
	decision, err := engine.Decide(t.Context(), policy.Input{Role: c.Who.Role, Organisation: c.Who.Organisation,
		Citizen: c.Who.Citizen, Purpose: c.Why, Relationship: c.Relationship, Person: policy.Person{Objection: c.Objection}})
	if err != nil {
		t.Fatal(err)
	}
	if want := c.Expect.Released != "nothing"; decision.Permitted != want {
		t.Errorf("permitted is %v, expected %v", decision.Permitted, want)
	}
	if decision.Alert != c.Expect.Alert {
		t.Errorf("alert is %v, expected %v", decision.Alert, c.Expect.Alert)
	}
	if diff := cmp.Diff(c.Expect.Reasons, decision.Reasons); diff != "" {
		t.Errorf("reasons (-expected +decided):\n%s", diff)
	}
	for _, kind := range clinical.Kinds() {
		release := decision.Release(kind)
		want, where := "nothing", []string(nil)
		if slices.Contains(c.Expect.Kinds, kind.String()) {
			want, where = c.Expect.Released, c.Expect.Where
		}
		if got := releasedInWords(release); got != want {
			t.Errorf("%s: %s released, expected %s", kind, got, want)
		}
		if diff := cmp.Diff(where, clausesInWords(release.Condition)); diff != "" {
			t.Errorf("%s is released where (-expected +decided):\n%s", kind, diff)
		}
		if masked := kind.Descriptor().Set(c.Expect.Masked[kind.String()]...); release.Masked != masked {
			t.Errorf("%s: masked %b, expected %b", kind, release.Masked, masked)
		}
	}
}

func releasedInWords(release policy.Release) string {
	switch {
	case release.Condition.IsAlways():
		return "everything"
	case release.Condition.IsNever():
		return "nothing"
	}
	return "where"
}

func clausesInWords(c condition.Condition) []string {
	var words []string
	for _, clause := range c.Clauses() {
		text := ""
		for i, atom := range clause {
			if i > 0 {
				text += " and "
			}
			name := string(atom.Attribute)
			if label, ok := atom.Attribute.Label(); ok {
				name = string(label)
			}
			text += name + " " + operatorInWords(atom.Op)
			for _, value := range atom.Values {
				text += fmt.Sprint(" ", value.Get())
			}
		}
		words = append(words, text)
	}
	return words
}

func operatorInWords(op condition.Op) string {
	return [...]string{"is", "is not", "<", "<=", ">", ">=", "is one of", "is none of"}[op]
}
