package impact

import (
	"context"
	"iter"
	"maps"
	"slices"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// Access is one access in the ledger, reduced to what a policy can be asked again.
type Access struct {
	RequestID string
	Person    string // the person's pseudonym; empty for nobody
	Input     policy.Input
	Known     bool     // Input is complete; otherwise what was known about the person and the caller's activities are missing
	Reasons   []string // that the policy gave
	Kinds     []string // the kinds of record asked for; none if the question did not get that far
	Sources   []string // that answered
}

// Options say what is compared, and on what.
type Options struct {
	From, To  *policy.Inspection       // the policy in force and the proposed one
	Accesses  iter.Seq2[Access, error] // of the ledger, or nil
	Said      []Said                   // what people have recorded in the register, or nil
	Questions []casebook.Case          // questions that are kept, such as the cases of the policy
	Examples  int                      // maximum number of request ids in each row; 0 for readers who may not see them
	// ExamplesOf limits examples to callers of one organisation; empty for everybody's.
	ExamplesOf string
}

// Report is what would change. Counts of people and accesses are texts in which small numbers are hidden.
type Report struct {
	From string `json:"from"` // revision of the policy in force
	To   string `json:"to"`

	Accesses    string       `json:"accesses"`    // in the ledger: the sum of the next three as shown
	Exact       string       `json:"exact"`       // replayed with the recorded input
	Guessed     string       `json:"guessed"`     // replayed with an assumed person, the sum of Assumed as shown
	NotReplayed string       `json:"notReplayed"` // for which no assumption explains the ledger
	Assumed     []Assumption `json:"assumed"`     // about the persons of older entries, most frequent first

	Roles      []Row        `json:"roles"`                // by group of roles and purpose
	Kinds      []Row        `json:"kinds"`                // by kind of record
	Sources    []Row        `json:"sources"`              // by source that answered
	Registered []Row        `json:"registered,omitempty"` // people in the register, by purpose and group of roles that treats them
	Questions  []Question   `json:"questions"`            // kept questions with a different answer
	Kept       int          `json:"kept"`                 // number of kept questions
	Made       []Population `json:"made"`                 // for questions made from the policies' words, by group and purpose
	Changes    []Change     `json:"changes"`              // differences between the two policies, most frequent first
	Codes      []Codes      `json:"codes"`                // changes to the code lists
}

// Assumption is what was assumed about a person for an entry that does not say what was known.
type Assumption struct {
	Accesses string `json:"accesses"`
	Person   string `json:"person"` // in sentences
}

// Row is how many people would gain or lose something.
type Row struct {
	Name     string   `json:"name"`
	Purpose  string   `json:"purpose,omitempty"`
	People   string   `json:"people"`             // whose records were asked for
	Gain     string   `json:"gain"`               // of them, of whom more would be released
	Lose     string   `json:"lose"`               // of them, of whom less would be released
	Examples []string `json:"examples,omitempty"` // request ids of accesses that would change
}

// Question is a kept question that would be answered differently.
type Question struct {
	Title string              `json:"title"`
	File  string              `json:"file"`
	Line  int                 `json:"line"`
	Then  specimen.Difference `json:"then"`
}

// Population is how many of the made questions would be answered differently.
type Population struct {
	Name      string `json:"name"`
	Purpose   string `json:"purpose"`
	Questions int    `json:"questions"`
	More      int    `json:"more"`
	Less      int    `json:"less"`
}

// Change is one difference between the policies, with one question in which it shows.
type Change struct {
	Questions int                 `json:"questions"` // the number of made questions in which it shows
	Example   []string            `json:"example"`   // one of them, in sentences
	Then      specimen.Difference `json:"then"`
}

// Assess compares two policies. An error means that one of them could not decide, or that the accesses could not be read.
func Assess(ctx context.Context, options Options) (*Report, error) {
	a := &assessment{Options: options, teller: prose.New(options.From.Tables()), hidden: smallNumbers(options.From.Tables()),
		replays: map[string]*replayed{}, sets: map[string]*specimen.Specimens{}}
	report := &Report{From: options.From.Revision(), To: options.To.Revision(), Kept: len(options.Questions),
		Codes: codesBetween(options.From.Tables(), options.To.Tables())}
	if err := a.made(ctx, report); err != nil {
		return nil, err
	}
	if err := a.questions(ctx, report); err != nil {
		return nil, err
	}
	if options.Said != nil {
		if err := a.registered(ctx, report); err != nil {
			return nil, err
		}
	}
	if options.Accesses != nil {
		if err := a.replay(ctx, report); err != nil {
			return nil, err
		}
	}
	return report, nil
}

// assessment is the state of one comparison.
type assessment struct {
	Options
	teller  *prose.Teller
	hidden  suppression
	replays map[string]*replayed // by the contents of the ledger entry
	sets    map[string]*specimen.Specimens
}

// between returns the differences between the two policies for one question.
func (a *assessment) between(ctx context.Context, input policy.Input) (*specimen.Difference, error) {
	before, err := a.From.Decide(ctx, input)
	if err != nil {
		return nil, err
	}
	after, err := a.To.Decide(ctx, input)
	if err != nil {
		return nil, err
	}
	set, known := a.sets[input.Organisation]
	if !known {
		set = specimen.Set(a.From.Tables(), input.Organisation)
		a.sets[input.Organisation] = set
	}
	return set.Between(set.Seen(before), set.Seen(after)), nil
}

// group names the group of roles of a caller.
func (a *assessment) group(input policy.Input) string {
	switch group := a.teller.Group(input.Role); {
	case input.Citizen:
		return "citizen"
	case group == "":
		return "no group"
	default:
		return prose.Spaced(group)
	}
}

// questions finds the kept questions that would be answered differently.
func (a *assessment) questions(ctx context.Context, report *Report) error {
	report.Questions = []Question{}
	for i := range a.Questions {
		c := &a.Questions[i]
		difference, err := a.between(ctx, c.Input())
		if err != nil {
			return err
		}
		if !difference.Empty() {
			report.Questions = append(report.Questions, Question{c.Title, c.File, c.Line, *difference})
		}
	}
	return nil
}

// Codes are the changes in the code list of one category.
type Codes struct {
	Category string   `json:"category"`
	Added    []string `json:"added,omitempty"`
	Removed  []string `json:"removed,omitempty"`
}

// codesBetween compares the codes in the tables of two policies. They affect records whose only mark is their code,
// which no specimen shows.
func codesBetween(from, to map[string]any) []Codes {
	was, is := listedCodes(from), listedCodes(to)
	both := maps.Clone(was)
	maps.Copy(both, is)
	var all []Codes
	for _, category := range slices.Sorted(maps.Keys(both)) {
		codes := Codes{Category: specimen.Category(to, category), Added: without(is[category], was[category]), Removed: without(was[category], is[category])}
		if len(codes.Added)+len(codes.Removed) > 0 {
			all = append(all, codes)
		}
	}
	return all
}

// listedCodes are the codes of each category, "SNOMED_CT 86406008", sorted.
func listedCodes(tables map[string]any) map[string][]string {
	listed := map[string][]string{}
	categories, _ := tables["categories"].(map[string]any)
	for name, entry := range categories {
		category, _ := entry.(map[string]any)
		systems, _ := category["codes"].(map[string]any)
		listed[name] = []string{}
		for _, system := range slices.Sorted(maps.Keys(systems)) {
			codes, _ := systems[system].(map[string]any)
			for _, code := range slices.Sorted(maps.Keys(codes)) {
				listed[name] = append(listed[name], system+" "+code)
			}
		}
	}
	return listed
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(each string) bool { return slices.Contains(other, each) })
}
