package adversary_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"onelondon/examples/london"
	"onelondon/examples/london/trial"
)

// marked gives everybody in the cast values that occur nowhere else.
func marked(p *london.Population) {
	numbers := map[string]bool{p.Cast.Former.Reveal(): true}
	for _, character := range p.Cast.Characters() {
		numbers[character.NHSNumber.Reveal()] = true
	}
	for _, held := range p.Held {
		for _, person := range held {
			if !numbers[person.NHSNumber] {
				continue
			}
			person.FamilyName, person.GivenName, person.Email = "Zqfamily", "Zqgiven", "zqmail@example.org"
			person.Address = append([]string{"9 Zqstreet"}, person.Address[1:]...)
			person.Telephone = "07700 900989"
			for i := range person.Alerts {
				person.Alerts[i].Note = "Zqnote"
			}
		}
	}
}

// marks are what must not be found: numbers in every form, names, addresses, notes, codes that only the cast has, and what
// stands in the questions.
func marks(cast *london.Cast) []string {
	all := []string{"zqfamily", "zqgiven", "zqmail", "zqstreet", "zqnote", "07700 900989", "zqquery", "s52.5", "w24.1", "86406008",
		"chart(", "nhsnumber!"}
	for _, character := range append(cast.Characters(), london.Character{NHSNumber: cast.Former}) {
		n := character.NHSNumber.Reveal()
		for _, between := range []string{"", " ", "-"} {
			all = append(all, n[:3]+between+n[3:6]+between+n[6:])
		}
	}
	return all
}

// find returns the marks in a text.
func find(text string, marks []string) []string {
	var found []string
	text = strings.ToLower(text)
	for _, mark := range marks {
		if strings.Contains(text, mark) {
			found = append(found, mark)
		}
	}
	return found
}

// withoutData is what leaves besides the data of an answer.
func withoutData(t *testing.T, reply trial.Reply) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(reply.Body), &body); err != nil {
		t.Errorf("%d %.200s", reply.Status, reply.Body)
	}
	delete(body, "data")
	rest, err := json.Marshal(body)
	if err != nil {
		t.Error(err)
	}
	return fmt.Sprint(string(rest), reply.Header)
}
