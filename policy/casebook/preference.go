package casebook

import (
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Preference is a person's preference, which cases write as a sentence: "deny hiv to anyone", "allow drugs to role
// R1330", "deny all to organisation RYJ".
type Preference policy.Preference

// UnmarshalYAML reads the sentence, and refuses one that has no meaning.
func (p *Preference) UnmarshalYAML(content []byte) error {
	var sentence string
	if err := yaml.Unmarshal(content, &sentence); err != nil {
		return err
	}
	words := strings.Fields(sentence)
	if len(words) == 4 && words[3] == "anyone" {
		words = append(words, "")
	}
	if len(words) != 5 || words[2] != "to" || !slices.Contains(policy.Effects(), words[0]) ||
		!slices.Contains(policy.Parties(), words[3]) || (words[3] == "anyone") != (words[4] == "") ||
		words[1] != "all" && !slices.Contains(clinical.Categories(), clinical.Label(words[1])) {
		return errors.New("not what a person may say; write deny hiv to anyone, or allow all to role R0260")
	}
	*p = Preference{Effect: words[0], Category: words[1], Party: words[3], Code: words[4]}
	return nil
}
