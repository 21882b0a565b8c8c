package casebook_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/policy"
	"onelondon/policy/casebook"
)

const good = `- case: A GP asks
  who: {role: R0260, organisation: F84010}
  why: TREAT
  relationship: registered
  objection: none
  expect: {released: where, kinds: all}
`

func TestAPageThatIsWrongSaysWhere(t *testing.T) {
	for _, test := range []struct{ name, page, want string }{
		{"a key that does not exist", good + "- case: Another\n  whom: nobody\n  expect: {released: nothing}\n", "cases/page.yaml:8: not a case: unknown field"},
		{"a kind that does not exist", strings.Replace(good, "all", "[Diagnosis]", 1), `cases/page.yaml:1: not a case: "Diagnosis" is not a kind of record`},
		{"all but a kind that does not exist", strings.Replace(good, "all", "all but Diagnosis", 1), `"Diagnosis" is not a kind of record`},
		{"no title", "- who: citizen\n  expect: {released: nothing}\n", "cases/page.yaml:1: a case without a title; say in one sentence"},
		{"the same title twice", good + good, "cases/page.yaml:7: two cases have the title A GP asks"},
		{"a word for what is released that does not exist", strings.Replace(good, "where", "some", 1), "does not say what is released; write released:"},
		{"no list", "case: A GP asks\n", "cases/page.yaml: holds no list of cases"},
		{"two documents", good + "---\n" + good, "cases/page.yaml: holds more than one document"},
		{"no YAML", "- case: [\n", "cases/page.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := casebook.Read(fstest.MapFS{"cases/page.yaml": {Data: []byte(test.page)}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, expected %q", err, test.want)
			}
		})
	}
}

func TestAFileThatIsNoPageIsNotOverlooked(t *testing.T) {
	_, err := casebook.Read(fstest.MapFS{"cases/page.yml": {Data: []byte(good)}})
	if err == nil || !strings.Contains(err.Error(), "cases/page.yml: not a page of cases") {
		t.Error(err)
	}
}

func TestEachCaseKnowsItsLine(t *testing.T) {
	cases, err := casebook.Read(fstest.MapFS{"cases/page.yaml": {Data: []byte("# A page.\n\n" + good + "\n" + strings.Replace(good, "GP", "nurse", 1))}})
	if err != nil || len(cases) != 2 || cases[0].Line != 3 || cases[1].Line != 10 {
		t.Errorf("%+v, %v", cases, err)
	}
}

// A case that expects what is not decided is told every difference, by kind.
func TestADifferenceIsSaidInWords(t *testing.T) {
	engine, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cases, err := casebook.Read(fstest.MapFS{"cases/page.yaml": {Data: []byte(`- case: A GP for research
  who: {role: R0260, organisation: F84010}
  why: HRESCH
  relationship: registered
  objection: none
  expect: {released: everything, alert: true, kinds: [Condition], where: [sealed is false], masked: {Condition: [note]}, reasons: [care_relationship]}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	differences, err := cases[0].Try(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(differences, "\n")
	for _, want := range []string{"permitted: decided false, expected true", "alert: decided false, expected true",
		"reasons: decided purpose_not_permitted, expected care_relationship", "Condition released: decided nothing, expected everything",
		"Condition where: decided none, expected sealed is false", "Condition masked: decided none, expected note"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestCasesOfOversightAndStudiesHaveFormsOfTheirOwn(t *testing.T) {
	for _, test := range []struct{ name, page, content, want string }{
		{"an action that nobody knows", "oversight", "- case: A citizen sings\n  who: citizen\n  does: sing\n  expect: {permitted: true}\n", `cases/oversight.yaml:1: nobody can do "sing"`},
		{"a choice that nobody knows", "oversight", "- case: A GP records\n  who: {role: R0260}\n  does: set_preferences\n  records: {choice: tea, word: self}\n  expect: {permitted: false}\n", `cases/oversight.yaml:1: nobody chooses "tea"`},
		{"a word that nobody gives", "oversight", "- case: A GP records\n  who: {role: R0260}\n  does: set_preferences\n  records: {choice: told, word: cat}\n  expect: {permitted: false}\n", `cases/oversight.yaml:1: nobody's word is "cat"`},
		{"no title", "study", "\n- who: {id: a}\n  why: HOPERAT\n  expect: {permitted: false}\n", "cases/study.yaml:2: a case without a title"},
		{"a key that does not exist", "study", "- case: A\n  whom: b\n", "cases/study.yaml:2: not a case: unknown field"},
		{"no list", "oversight", "case: A\n", "cases/oversight.yaml: holds no list of cases"},
	} {
		files := fstest.MapFS{"cases/" + test.page + ".yaml": {Data: []byte(test.content)}}
		_, oversight := casebook.ReadOversight(files)
		_, studies := casebook.ReadStudies(files)
		if err := errors.Join(oversight, studies); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
		if cases, err := casebook.Read(files); err != nil || len(cases) != 0 {
			t.Errorf("%s is read as a case about a record: %v", test.name, err)
		}
	}
	if cases, err := casebook.ReadStudies(fstest.MapFS{}); err != nil || cases != nil {
		t.Errorf("a policy without the page: %v %v", cases, err)
	}
}
