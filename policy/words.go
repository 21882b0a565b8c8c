package policy

// wording is one entry of data/words.yaml.
type wording struct {
	Words       string `json:"words"`
	Expectation string `json:"expectation"`
}

// Words returns the wording of a reason for people. A reason without wording gets a sentence that names nothing.
func (e *Engine) Words(reason string) string {
	if said, ok := e.settings.words[reason]; ok {
		return said.Words
	}
	return "The policy decided so."
}

// Expectation returns the expectation of Londoners, or the law, that a reason serves, such as "CS-5, DOMAIN.md 2.8"; ""
// for an unknown reason.
func (e *Engine) Expectation(reason string) string { return e.settings.words[reason].Expectation }
