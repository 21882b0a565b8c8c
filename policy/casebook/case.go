package casebook

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Case is one decision and its expected result.
type Case struct {
	Title        string              `yaml:"case"`
	Who          Who                 `yaml:"who"`
	Why          policy.Purpose      `yaml:"why"`
	Relationship policy.Relationship `yaml:"relationship"`
	Emergency    bool                `yaml:"emergency"` // the caller broke the glass
	Objection    string              `yaml:"objection"`
	Says         []Preference        `yaml:"says"` // what the person allows and denies
	Flagged      bool                `yaml:"flagged"`
	Deceased     bool                `yaml:"deceased"`
	Age          policy.Age          `yaml:"age"`
	Capacity     policy.Capacity     `yaml:"capacity"`  // presumed if the case does not say
	Authority    policy.Authority    `yaml:"authority"` // of a proxy
	Expect       Expectation         `yaml:"expect"`

	File string `yaml:"-"` // path inside the policy's folder
	Line int    `yaml:"-"` // where the case begins in File
}

// Expectation is the expected result of a case. Anything it does not name must be absent.
type Expectation struct {
	Released string              `yaml:"released"` // one of the constants below
	Alert    bool                `yaml:"alert"`    // a privacy officer reviews the access
	Notify   bool                `yaml:"notify"`   // the person is told of the access
	Hide     bool                `yaml:"hide"`     // the person looks like nobody
	Kinds    KindList            `yaml:"kinds"`    // the released kinds, with the same condition for each
	Where    []string            `yaml:"where"`    // the alternatives in the words of [Alternatives]; may be omitted in a case with records
	WhereOf  map[string][]string `yaml:"where_of"` // the alternatives of kinds with a different condition
	Masked   map[string][]string `yaml:"masked"`   // fields left out, by kind
	Untold   map[string][]string `yaml:"untold"`   // fields left out unless the record says that the person was told, by kind
	Reasons  []string            `yaml:"reasons"`  // codes, sorted
	Records  []Outcome           `yaml:"records"`  // the results for single records
}

// Values of Released.
const (
	Everything       = "everything"          // every record of the kinds named
	Where            = "where"               // of the kinds named, the records that satisfy an alternative
	Nothing          = "nothing"             // the question is refused
	NothingOfAnyKind = "nothing of any kind" // the question is permitted, and no kind is released
)

// Input is the question that the case asks.
func (c *Case) Input() policy.Input {
	input := policy.Input{Role: c.Who.Role, Activities: c.Who.Activities, Organisation: c.Who.Organisation, Citizen: c.Who.Citizen,
		Purpose: c.Why, Relationship: c.Relationship, Emergency: c.Emergency, Person: policy.Person{Objection: c.Objection,
			Flagged: c.Flagged, Deceased: c.Deceased, Age: c.Age, Capacity: c.Capacity, Authority: c.Authority}}
	if c.Capacity == "" {
		input.Person.Capacity = policy.CapacityPresumed
	}
	for _, said := range c.Says {
		input.Person.Preferences = append(input.Person.Preferences, policy.Preference(said))
	}
	return input
}

// Who is a role at an organisation, or the word citizen.
type Who struct {
	Role         string   // R-code
	Organisation string   // ODS code
	Activities   []string // B-codes; empty if the case does not say
	Citizen      bool
}

// UnmarshalYAML reads "citizen" or {role: R0260, organisation: F84010, activities: [B0360]}.
func (w *Who) UnmarshalYAML(content []byte) error {
	if string(bytes.TrimSpace(content)) == "citizen" {
		w.Citizen = true
		return nil
	}
	var staff struct {
		Role         string   `yaml:"role"`
		Organisation string   `yaml:"organisation"`
		Activities   []string `yaml:"activities"`
	}
	if err := yaml.UnmarshalWithOptions(content, &staff, yaml.Strict()); err != nil {
		return err
	}
	w.Role, w.Organisation, w.Activities = staff.Role, staff.Organisation, staff.Activities
	return nil
}

// KindList is a list of kinds of record, written as a list of names, as "all", or as "all but" followed by names
// separated by commas.
type KindList []clinical.Kind

// UnmarshalYAML reads a list, and refuses a kind that does not exist.
func (l *KindList) UnmarshalYAML(content []byte) error {
	text := string(bytes.TrimSpace(content))
	but, except := strings.CutPrefix(text, "all but ")
	if text == "all" || except {
		left, err := parseKinds(strings.Split(but, ","), except)
		if err != nil {
			return err
		}
		for _, kind := range clinical.Kinds() {
			if !left[kind] {
				*l = append(*l, kind)
			}
		}
		return nil
	}
	var names []string
	if err := yaml.Unmarshal(content, &names); err != nil {
		return err
	}
	named, err := parseKinds(names, true)
	for _, kind := range clinical.Kinds() {
		if named[kind] {
			*l = append(*l, kind)
		}
	}
	return err
}

// parseKinds finds the kinds with the given names; none if they do not matter.
func parseKinds(names []string, matter bool) (map[clinical.Kind]bool, error) {
	kinds := map[clinical.Kind]bool{}
	for _, name := range names {
		kind, known := clinical.ParseKind(strings.TrimSpace(name))
		if matter && !known {
			return nil, fmt.Errorf("%q is not a kind of record", name)
		}
		kinds[kind] = matter
	}
	return kinds, nil
}
