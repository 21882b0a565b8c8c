package casebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// The pages whose cases are not about reading a person's record.
const (
	oversightPage = "oversight.yaml"
	behalfPage    = "behalf.yaml"  // of the same form: what staff record of what somebody else decided
	findingPage   = "finding.yaml" // and what they decide or find by their office
	studyPage     = "study.yaml"
)

// OversightCase is whether somebody may do something other than read a record.
type OversightCase struct {
	Title           string           `yaml:"case"`
	Who             Who              `yaml:"who"`
	Does            policy.Action    `yaml:"does"`
	Why             policy.Purpose   `yaml:"why"`
	Self            bool             `yaml:"self"`             // a citizen, about themselves
	OwnOrganisation bool             `yaml:"own_organisation"` // nothing but what their own organisation's users did
	Age             policy.Age       `yaml:"age"`              // of the person
	Capacity        policy.Capacity  `yaml:"capacity"`         // presumed where the case does not say
	Authority       policy.Authority `yaml:"authority"`        // of a proxy, or of whoever gives their word
	Records         *Records         `yaml:"records"`          // on somebody's word: what staff record
	Finds           *Finds           `yaml:"finds"`            // by their office: what staff decide or find
	Deceased        bool             `yaml:"deceased"`
	// Relationship is how staff stand to the person, where they record and find nothing.
	Relationship policy.Relationship `yaml:"relationship"`
	Expect       Verdict             `yaml:"expect"`
	Place        `yaml:"-"`
}

// Records is what staff record of what somebody else decided.
type Records struct {
	Choice          policy.ChoiceKind   `yaml:"choice"`
	Opens           bool                `yaml:"opens"`            // more is seen or used after it, or the person hears of less
	UndoesClinician bool                `yaml:"undoes_clinician"` // takes back what was recorded on a clinician's word
	Word            policy.Word         `yaml:"word"`
	Evidence        bool                `yaml:"evidence"`
	Relationship    policy.Relationship `yaml:"relationship"` // registered where the case does not say
}

// Finds is what staff decide or find about a person by their office.
type Finds struct {
	Outcome      policy.Outcome      `yaml:"outcome"`
	Evidence     bool                `yaml:"evidence"`
	Seconded     bool                `yaml:"seconded"`     // another member of staff has recorded the same before
	Relationship policy.Relationship `yaml:"relationship"` // registered where the case does not say
}

// StudyCase is whether somebody may ask for numbers about many people, and who is left out.
type StudyCase struct {
	Title   string         `yaml:"case"`
	Who     Analyst        `yaml:"who"`
	Why     policy.Purpose `yaml:"why"`
	Project string         `yaml:"project"`
	Today   string         `yaml:"today"`
	Lists   map[string]int `yaml:"lists"` // how many days old each list of opt-outs is
	Asks    Asks           `yaml:"asks"`
	Expect  Verdict        `yaml:"expect"`
	Place   `yaml:"-"`
}

// Asks is what a question of a study is about.
type Asks struct {
	Kinds      []string `yaml:"kinds"`
	Dimensions []string `yaml:"dimensions"`
	Codelists  []string `yaml:"codelists"`
}

// Analyst is who asks for numbers.
type Analyst struct {
	ID      string `yaml:"id"` // that signs them in
	Citizen bool   `yaml:"citizen"`
}

// Verdict is what must come of such a case. LeavesOut and Kinds are of studies that are permitted.
type Verdict struct {
	Permitted bool     `yaml:"permitted"`
	Reasons   []string `yaml:"reasons"`
	LeavesOut []string `yaml:"leaves_out"` // lists; "national and unknown" leaves out those of whom the list says nothing too
	Kinds     []string `yaml:"kinds"`
	Alert     bool     `yaml:"alert"`   // of oversight: somebody should review it
	Pending   bool     `yaml:"pending"` // and it does not hold before a second member of staff has recorded the same
}

// Place is where a case stands.
type Place struct {
	File string // path inside the policy's folder
	Line int
}

// Pages are all cases of a policy.
type Pages struct {
	Records   []Case
	Oversight []OversightCase
	Studies   []StudyCase
}

// ReadPages reads every page of cases, whatever their form, with the faults of [Read].
func ReadPages(files fs.FS) (pages Pages, err error) {
	var records, oversight, studies error
	pages.Records, records = Read(files)
	pages.Oversight, oversight = ReadOversight(files)
	pages.Studies, studies = ReadStudies(files)
	return pages, errors.Join(records, oversight, studies)
}

// Input is the question that the case puts to the policy.
func (c *OversightCase) Input() policy.OversightInput {
	input := policy.OversightInput{Role: c.Who.Role, Activities: c.Who.Activities, Organisation: c.Who.Organisation, Citizen: c.Who.Citizen,
		Purpose: c.Why, Action: c.Does, Self: c.Self, Authority: c.Authority, Age: c.Age, Capacity: c.Capacity, OwnOrganisation: c.OwnOrganisation}
	if input.Capacity == "" {
		input.Capacity = policy.CapacityPresumed
	}
	input.Deceased, input.Relationship = c.Deceased, c.Relationship
	if said := c.Records; said != nil {
		input.Choice = policy.ChoiceMade{Kind: said.Choice, Opens: said.Opens, UndoesClinician: said.UndoesClinician}
		input.Word, input.Evidence, input.Relationship = said.Word, said.Evidence, cmp.Or(said.Relationship, policy.RelationshipRegistered)
	}
	if found := c.Finds; found != nil {
		input.Finding = policy.FindingMade{Outcome: found.Outcome, Seconded: found.Seconded}
		input.Evidence, input.Relationship = found.Evidence, cmp.Or(found.Relationship, policy.RelationshipRegistered)
	}
	return input
}

// Input is the question that the case puts to the policy.
func (c *StudyCase) Input() policy.StudyInput {
	asked := policy.Asked{Dimensions: c.Asks.Dimensions, Codelists: c.Asks.Codelists}
	for _, name := range c.Asks.Kinds {
		kind, _ := clinical.ParseKind(name) // reading the page has checked it
		asked.Kinds = append(asked.Kinds, kind)
	}
	return policy.StudyInput{Citizen: c.Who.Citizen, Analyst: c.Who.ID, Purpose: c.Why, Project: c.Project, Today: c.Today, Lists: c.Lists,
		Asked: asked}
}

// Try asks the policy and says in words how the answer differs from what was expected: nothing where it does not.
func (c *OversightCase) Try(ctx context.Context, engine *policy.Engine) ([]string, error) {
	permission, err := engine.Permit(ctx, c.Input())
	if err != nil {
		return nil, err
	}
	return c.Expect.differences(Verdict{Permitted: permission.Permitted, Reasons: permission.Reasons, Alert: permission.Alert,
		Pending: permission.Pending}), nil
}

// Try asks the policy and says in words how the answer differs from what was expected: nothing where it does not.
func (c *StudyCase) Try(ctx context.Context, engine *policy.Engine) ([]string, error) {
	decision, err := engine.DecideStudy(ctx, c.Input())
	if err != nil {
		return nil, err
	}
	decided := Verdict{Permitted: decision.Permitted, Reasons: decision.Reasons, LeavesOut: LeftOut(decision)}
	for _, kind := range decision.Kinds {
		decided.Kinds = append(decided.Kinds, kind.String())
	}
	return c.Expect.differences(decided), nil
}

// LeftOut names the lists whose people a study leaves out, as cases do.
func LeftOut(decision *policy.StudyDecision) []string {
	var lists []string
	for _, exclusion := range decision.Exclusions {
		name := exclusion.List
		if exclusion.Unknown {
			name += " and unknown"
		}
		lists = append(lists, name)
	}
	return lists
}

func (v *Verdict) differences(decided Verdict) []string {
	var differences []string
	for _, each := range []struct {
		what              string
		decided, expected any
	}{
		{"permitted", decided.Permitted, v.Permitted},
		{"reasons", listed(decided.Reasons), listed(v.Reasons)},
		{"leaves out", listed(decided.LeavesOut), listed(v.LeavesOut)},
		{"kinds", listed(decided.Kinds), listed(v.Kinds)},
		{"alert", decided.Alert, v.Alert},
		{"pending", decided.Pending, v.Pending},
	} {
		if got, want := fmt.Sprint(each.decided), fmt.Sprint(each.expected); got != want {
			differences = append(differences, fmt.Sprintf("%s: decided %s, expected %s", each.what, got, want))
		}
	}
	return differences
}

// ReadOversight reads the pages of cases about oversight and about what staff record and find; a policy without them has none.
func ReadOversight(files fs.FS) ([]OversightCase, error) {
	oversight, err := readOther(files, oversightPage, placed)
	behalf, fault := readOther(files, behalfPage, placed)
	findings, wrong := readOther(files, findingPage, placed)
	return append(append(oversight, behalf...), findings...), errors.Join(err, fault, wrong)
}

// placed gives a case its place, and says what it speaks of that nobody knows.
func placed(c *OversightCase, at Place) error {
	c.Place = at
	if !slices.Contains(policy.Actions(), c.Does) {
		return &policy.Fault{File: at.File, Line: at.Line, Message: fmt.Sprintf("nobody can do %q", c.Does),
			Advice: "write one of " + strings.Trim(fmt.Sprint(policy.Actions()), "[]")}
	}
	if err := c.Records.fault(at); err != nil {
		return err
	}
	if outcomes := policy.Outcomes(c.Does); c.Finds != nil && !slices.Contains(outcomes, c.Finds.Outcome) {
		return &policy.Fault{File: at.File, Line: at.Line, Message: fmt.Sprintf("nobody finds %q in %s", c.Finds.Outcome, c.Does),
			Advice: "write one of " + strings.Trim(fmt.Sprint(outcomes), "[]")}
	}
	return titled(c.Title, at)
}

// fault is a word or a kind of choice that nobody knows.
func (r *Records) fault(at Place) error {
	switch {
	case r == nil:
		return nil
	case !slices.Contains(policy.ChoiceKinds(), r.Choice):
		return &policy.Fault{File: at.File, Line: at.Line, Message: fmt.Sprintf("nobody chooses %q", r.Choice),
			Advice: "write one of " + strings.Trim(fmt.Sprint(policy.ChoiceKinds()), "[]")}
	case !slices.Contains(policy.Words(), r.Word):
		return &policy.Fault{File: at.File, Line: at.Line, Message: fmt.Sprintf("nobody's word is %q", r.Word),
			Advice: "write one of " + strings.Trim(fmt.Sprint(policy.Words()), "[]")}
	}
	return nil
}

// ReadStudies reads the page of cases about studies; a policy without it has none.
func ReadStudies(files fs.FS) ([]StudyCase, error) {
	return readOther(files, studyPage, func(c *StudyCase, at Place) error {
		c.Place = at
		for _, name := range c.Asks.Kinds {
			if _, known := clinical.ParseKind(name); !known {
				return &policy.Fault{File: at.File, Line: at.Line, Message: fmt.Sprintf("%q is not a kind of record", name),
					Advice: "write kinds as the schema does: Condition"}
			}
		}
		return titled(c.Title, at)
	})
}

func titled(title string, at Place) error {
	if title != "" {
		return nil
	}
	return &policy.Fault{File: at.File, Line: at.Line, Message: "a case without a title", Advice: "say in one sentence what happens, after case:"}
}

// readOther reads a page of cases of another form, each with its place.
func readOther[T any](files fs.FS, page string, check func(*T, Place) error) ([]T, error) {
	name := path.Join(Folder, page)
	content, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, unreadable(name, 0, err)
	}
	list, isList := file.Docs[0].Body.(*ast.SequenceNode)
	if len(file.Docs) != 1 || !isList {
		return nil, &policy.Fault{File: name, Message: "holds no list of cases", Advice: "write each case as an item that begins with - case:"}
	}
	cases := make([]T, len(list.Values))
	var faults []error
	for i, node := range list.Values {
		at := Place{name, lineOf(node)}
		if err := yaml.NodeToValue(node, &cases[i], yaml.Strict()); err != nil {
			faults = append(faults, unreadable(name, at.Line, err))
			continue
		}
		faults = append(faults, check(&cases[i], at))
	}
	return cases, errors.Join(faults...)
}
