package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/explain"
)

// otherAsking is a question other than about reading a record.
type otherAsking struct {
	action      policy.Action
	self, own   bool
	word        policy.Word // the word on which staff record choice
	evidence    bool
	choice      policy.ChoiceMade
	finding     policy.FindingMade // that staff record by their office
	project, id string
	today       string
	days        map[string]int
	kinds       []clinical.Kind
	dimensions  []string
	codelists   []string
}

func (o *otherAsking) asked() bool { return o.action != "" || o.project != "" }

func (o *otherAsking) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var(word[policy.Action]{&o.action, policy.Actions()}, "action", "not to read a record, but: "+listOf(policy.Actions()))
	flags.BoolVar(&o.self, "self", false, "of an action: a citizen, about themselves")
	flags.BoolVar(&o.own, "own-organisation", false, "of an action: of nothing but what users of the caller's own organisation did")
	flags.Var(word[policy.Word]{&o.word, policy.Words()}, "word", "of set_preferences: on whose word staff record it: "+listOf(policy.Words()))
	flags.BoolVar(&o.evidence, "evidence", false, "of set_preferences and of a finding: there is a reference to what proves it")
	flags.Var(word[policy.ChoiceKind]{&o.choice.Kind, policy.ChoiceKinds()}, "choice", "of set_preferences: what is recorded: "+listOf(policy.ChoiceKinds()))
	flags.BoolVar(&o.choice.Opens, "opens", false, "of set_preferences: more is seen or used after it")
	flags.BoolVar(&o.choice.UndoesClinician, "undoes-clinician", false, "of set_preferences: it takes back what was recorded on a clinician's word")
	flags.Var(word[policy.Outcome]{&o.finding.Outcome, outcomes()}, "outcome", "of decide_objection, record_capacity, appoint_proxy, end_proxy: "+listOf(outcomes()))
	flags.BoolVar(&o.finding.Seconded, "seconded", false, "of an outcome: another member of staff has recorded the same")
	flags.StringVar(&o.project, "project", "", "a study of this registered project")
	flags.StringVar(&o.id, "analyst", "", "of a study: who asks, by the identifier that signs them in")
	flags.StringVar(&o.today, "today", "", "of a study: the day, 2026-11-26")
	flags.Var(kindList{&o.kinds}, "asks-kinds", "of a study: the kinds of record that the question is about, Condition,Encounter")
	flags.StringSliceVar(&o.dimensions, "asks-dimensions", nil, "of a study: by what it breaks down or chooses people, age_band,borough")
	flags.StringSliceVar(&o.codelists, "asks-codelists", nil, "of a study: the registered code lists that it asks for")
	flags.StringToIntVar(&o.days, "days", nil, "of a study: how many days old each list of opt-outs is, national=1,type_one=1,london=1")
}

// outcomes are those of all actions.
func outcomes() (all []policy.Outcome) {
	for _, action := range policy.Actions() {
		all = append(all, policy.Outcomes(action)...)
	}
	return all
}

// explainOther explains an action of oversight or a study.
func (a *asking) explainOther(cmd *cobra.Command) error {
	inspection, err := a.inspect(cmd.Context())
	if err != nil {
		return err
	}
	verdict, err := a.verdict(cmd, inspection)
	if err != nil {
		return err
	}
	if a.form == formJSON {
		return printJSON(cmd.OutOrStdout(), verdict)
	}
	return verdict.Write(cmd.OutOrStdout())
}

func (a *asking) verdict(cmd *cobra.Command, inspection *policy.Inspection) (*explain.Verdict, error) {
	o, asked := &a.other, &a.input
	if o.project != "" {
		return explain.Study(cmd.Context(), inspection, policy.StudyInput{Citizen: asked.Citizen, Analyst: o.id, Role: asked.Role,
			Organisation: asked.Organisation, Purpose: asked.Purpose, Project: o.project, Today: o.today, Lists: o.days,
			Asked: policy.Asked{Kinds: o.kinds, Dimensions: o.dimensions, Codelists: o.codelists}})
	}
	person := &asked.Person
	return explain.Permission(cmd.Context(), inspection, policy.OversightInput{Role: asked.Role, Activities: asked.Activities,
		Organisation: asked.Organisation, Citizen: asked.Citizen, Purpose: asked.Purpose, Action: o.action, Self: o.self,
		Authority: person.Authority, Age: person.Age, Capacity: person.Capacity, OwnOrganisation: o.own,
		Deceased: person.Deceased, Relationship: asked.Relationship, Word: o.word, Evidence: o.evidence, Choice: o.choice,
		Finding: o.finding})
}

// kindList is a flag whose value is a comma-separated list of kinds of record.
type kindList struct{ into *[]clinical.Kind }

// Set parses the flag's value.
func (k kindList) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		kind, known := clinical.ParseKind(strings.TrimSpace(name))
		if !known {
			return fmt.Errorf("%q is not a kind of record; write them as the schema does: Condition,Encounter", name)
		}
		*k.into = append(*k.into, kind)
	}
	return nil
}

// String returns nothing, since the default is no kind.
func (k kindList) String() string { return "" }

// Type names what the flag takes.
func (k kindList) Type() string { return "kinds" }
