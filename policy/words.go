package policy

// wording is one entry of data/words.yaml.
type wording struct {
	Words       string `json:"words"`
	Expectation string `json:"expectation"`
}

// Words says a reason in words for people. A reason without words gives a sentence that names nothing.
func (e *Engine) Words(reason string) string {
	if said, ok := e.settings.words[reason]; ok {
		return said.Words
	}
	return "The policy decided so."
}

// Expectation says which expectation of Londoners, or which law, a reason serves, such as "CS-5, DOMAIN.md 2.8"; nothing of a
// reason that nobody knows.
func (e *Engine) Expectation(reason string) string { return e.settings.words[reason].Expectation }
