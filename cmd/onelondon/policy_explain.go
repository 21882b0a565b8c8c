package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/explain"
)

// asking is a question to a policy, as given by flags.
type asking struct {
	folder, file string
	codelists    string
	input        policy.Input
	preferences  []string
	record       string
	form         printForm
	other        otherAsking
}

func policyExplainCommand() *cobra.Command {
	a := asking{form: formText}
	explained := &cobra.Command{
		Use:   "explain",
		Short: "Say why a question is decided as it is, and what would have to be different",
		Long: `Say why the policy decides a question as it does: what is released and what is withheld, by which rule and for which
expectation, and what would have to be different for more or less to be released. Why is read from the trace of the decision;
what would be different is found by putting the question again with one thing changed.

The question holds no identity: it is about anybody of whom the same is known. What is not given is as in most questions:
nobody objects, capacity is presumed, an adult. --question reads it from a file instead, in the form of a case without expect.

With --action the question is whether the caller may do something other than read a record, and with --project whether --analyst may
ask for numbers within it.

A record is described as kind=Condition,organisation=R1H,label=hiv,code=SNOMED_CT:86406008,date=2020-01-31; labels that are not
named are known not to be set, and label=none says that the source is silent about labels.`,
		Example: `  onelondon policy explain --role R0260 --organisation F84010 --purpose TREAT --relationship registered
  onelondon policy explain --role R9102 --organisation R1H --purpose ETREAT --relationship claimed --objection upheld --emergency
  onelondon policy explain --role R0260 --organisation F84010 --purpose TREAT --relationship registered \
    --preference deny:hiv:anyone --record kind=Medication,organisation=R1H,label=hiv
  onelondon policy explain --citizen --purpose PATRQT --relationship proxy --authority parent --age 11_to_12
  onelondon policy explain --role R0001 --organisation R1H --action review_alert --own-organisation
  onelondon policy explain --project example-diabetes --analyst example-analyst --purpose HOPERAT --today 2026-11-26 --days national=1,type_one=1,london=1
  onelondon policy explain --question question.yaml --policy ./policy --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.other.asked() {
				return a.explainOther(cmd)
			}
			explanation, err := a.explain(cmd)
			if err != nil {
				return err
			}
			if a.form == formJSON {
				return printJSON(cmd.OutOrStdout(), explanation)
			}
			return explanation.Write(cmd.OutOrStdout(), a.folder)
		},
	}
	a.flags(explained)
	a.other.flags(explained)
	return explained
}

func (a *asking) flags(cmd *cobra.Command) {
	flags, person := cmd.Flags(), &a.input.Person
	flags.StringVar(&a.folder, "policy", "", "folder of the policy; without it, the one that this program carries")
	needCodelists(cmd, &a.codelists)
	flags.StringVar(&a.file, "question", "", "read the question from this YAML file")
	flags.StringVar(&a.input.Role, "role", "", "the caller's selected role, R0260")
	flags.StringArrayVar(&a.input.Activities, "activity", nil, "an activity of the caller's role, B0360; may be given several times")
	flags.StringVar(&a.input.Organisation, "organisation", "", "the caller's organisation, an ODS code")
	flags.BoolVar(&a.input.Citizen, "citizen", false, "the caller is a member of the public")
	flags.BoolVar(&a.input.Emergency, "emergency", false, "the caller has broken the glass")
	flags.Var(word[policy.Purpose]{&a.input.Purpose, policy.Purposes()}, "purpose", "why: "+listOf(policy.Purposes()))
	a.input.Relationship = policy.RelationshipNone
	flags.Var(word[policy.Relationship]{&a.input.Relationship, policy.Relationships()}, "relationship", "how the caller stands to the person: "+listOf(policy.Relationships()))
	person.Objection, person.Capacity, person.Age = "none", policy.CapacityPresumed, policy.Age16AndUp
	flags.Var(word[string]{&person.Objection, policy.Objections()}, "objection", "to the shared record: "+listOf(policy.Objections()))
	flags.StringArrayVar(&a.preferences, "preference", nil, "what the person decided, effect:category:party[:code], such as deny:hiv:anyone or allow:all:organisation:R1H; may be given several times")
	flags.Var(word[policy.Age]{&person.Age, policy.Ages()}, "age", "the person's age: "+listOf(policy.Ages()))
	flags.Var(word[policy.Capacity]{&person.Capacity, policy.Capacities()}, "capacity", "the person's capacity: "+listOf(policy.Capacities()))
	flags.Var(word[policy.Authority]{&person.Authority, policy.Authorities()}, "authority", "a proxy's authority: "+listOf(policy.Authorities()))
	flags.BoolVar(&person.Flagged, "flagged", false, "the person carries an S-flag")
	flags.BoolVar(&person.Deceased, "deceased", false, "the person has died")
	flags.StringVar(&a.record, "record", "", "one record, to be told what becomes of it")
	flags.Var(&a.form, "format", "text, for people, or json, for programs")
}

// explain asks the question and explains the answer.
func (a *asking) explain(cmd *cobra.Command) (*explain.Explanation, error) {
	question, err := a.question()
	if err != nil {
		return nil, err
	}
	inspection, err := a.inspect(cmd.Context())
	if err != nil {
		return nil, err
	}
	return explain.Explain(cmd.Context(), inspection, question)
}

// inspect opens the policy to ask.
func (a *asking) inspect(ctx context.Context) (*policy.Inspection, error) {
	var folder []string
	if a.folder != "" {
		folder = []string{a.folder}
	}
	_, files, err := policyFolder(folder)
	if err != nil {
		return nil, err
	}
	lists, err := codelistsIn(a.codelists)
	if err != nil {
		return nil, err
	}
	return policy.Inspect(ctx, files, policy.Options{Codelists: lists})
}

func (a *asking) question() (question explain.Question, err error) {
	question.Input = a.input
	if a.file != "" {
		content, err := os.ReadFile(a.file)
		if err != nil {
			return question, err
		}
		if question.Input, err = casebook.ReadQuestion(a.file, content); err != nil {
			return question, err
		}
	}
	for _, text := range a.preferences {
		preference, err := readPreference(text)
		if err != nil {
			return question, err
		}
		question.Input.Person.Preferences = append(question.Input.Person.Preferences, preference)
	}
	if a.record != "" {
		question.Record, err = readRecord(a.record)
	}
	return question, err
}

// readPreference parses effect:category:party[:code].
func readPreference(text string) (policy.Preference, error) {
	parts := append(strings.Split(text, ":"), "")
	if len(parts) < 4 || len(parts) > 5 {
		return policy.Preference{}, fmt.Errorf("--preference %s: write effect:category:party[:code]", text)
	}
	p := policy.Preference{Effect: parts[0], Category: parts[1], Party: parts[2], Code: parts[3]}
	known := p.Category == "all" || slices.Contains(clinical.Categories(), clinical.Label(p.Category))
	switch {
	case !slices.Contains(policy.Effects(), p.Effect):
		return p, fmt.Errorf("--preference %s: the effect is %s", text, listOf(policy.Effects()))
	case !known:
		return p, fmt.Errorf("--preference %s: the category is all, %s", text, listOf(clinical.Categories()))
	case !slices.Contains(policy.Parties(), p.Party):
		return p, fmt.Errorf("--preference %s: the party is %s", text, listOf(policy.Parties()))
	case (p.Party == "anyone") != (p.Code == ""):
		return p, fmt.Errorf("--preference %s: an organisation and a role have a code, anyone has none", text)
	}
	return p, nil
}

// readRecord parses the description of a record.
func readRecord(text string) (clinical.Record, error) {
	properties := map[string][]string{}
	for _, part := range strings.Split(text, ",") {
		name, value, found := strings.Cut(part, "=")
		if !found || value == "" {
			return nil, fmt.Errorf("--record: %q is not name=value", part)
		}
		properties[name] = append(properties[name], value)
	}
	kind, known := clinical.ParseKind(strings.Join(properties["kind"], ""))
	if !known {
		return nil, fmt.Errorf("--record: kind is one of %s", listOf(clinical.Kinds()))
	}
	record := kind.Descriptor().New()
	record.About().Source = "source"
	if !slices.Contains(properties["label"], "none") {
		for _, label := range clinical.Labels() {
			record.About().Labels.Put(label, false)
		}
	}
	for name, values := range properties {
		for _, value := range values {
			if err := describe(record.About(), name, value); err != nil {
				return nil, fmt.Errorf("--record %s=%s: %w", name, value, err)
			}
		}
	}
	return record, nil
}

// describe sets one property of a record.
func describe(meta *clinical.Meta, name, value string) (err error) {
	switch name {
	case "kind":
	case "source":
		meta.Source = clinical.SourceID(value)
	case "organisation":
		meta.Organisation.Code = clinical.Text(value)
	case "publisher":
		meta.Publisher = clinical.Text(value)
	case "status":
		meta.Status = clinical.Status(value)
		err = among(meta.Status, clinical.Statuses())
	case "date":
		meta.Date, err = clinical.ParseDateTime(value)
	case "code":
		system, code, found := strings.Cut(value, ":")
		if !found {
			return errors.New("write terminology:code")
		}
		meta.Code.System, meta.Code.Code = clinical.CodeSystem(system), clinical.Text(code)
		err = among(meta.Code.System, clinical.CodeSystems())
	case "label":
		if value == "none" {
			return nil
		}
		if err = among(clinical.Label(value), clinical.Labels()); err == nil {
			meta.Labels.Put(clinical.Label(value), true)
		}
	default:
		return errors.New("a record is described by kind, source, organisation, publisher, status, date, code and label")
	}
	return err
}

func among[T comparable](value T, known []T) error {
	if slices.Contains(known, value) {
		return nil
	}
	return fmt.Errorf("it is one of %s", listOf(known))
}

// word is a flag whose value is one of a few words.
type word[T ~string] struct {
	into  *T
	known []T
}

func (w word[T]) String() string {
	if w.into == nil {
		return ""
	}
	return string(*w.into)
}

func (w word[T]) Type() string { return "word" }

// Set parses the flag's value.
func (w word[T]) Set(text string) error {
	*w.into = T(text)
	return among(*w.into, w.known)
}

// listOf lists words, leaving out an empty one.
func listOf[T any](words []T) string {
	var all []string
	for _, each := range words {
		if text := fmt.Sprint(each); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, ", ")
}
