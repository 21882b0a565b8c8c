package policy_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/policy"
)

// london holds one code of each of the London Data Service's four sets.
const london = `category,refset_sctid,code
assisted_fertilisation,999004371000000100,225244002
gender_related_issues,999004351000000109,407376001
sexually_transmitted_disease,999004381000000103,186747009
termination_of_pregnancy,999004361000000107,86891002
`

func lists(content string) policy.Options {
	return policy.Options{Codelists: fstest.MapFS{"london_sensitive_codes.csv": {Data: []byte(content)}}}
}

func TestListsAreAddedToTheStartersAndToTheRevision(t *testing.T) {
	bare := open(t, policy.Embedded())
	full, err := policy.Open(t.Context(), policy.Embedded(), lists(london))
	if err != nil {
		t.Fatal(err)
	}
	if bare.Revision() == full.Revision() {
		t.Error("the lists are not part of the revision")
	}
	for label, code := range map[clinical.Label]clinical.Text{clinical.LabelAssistedConception: "225244002",
		clinical.LabelFertility: "225244002", clinical.LabelGenderRecognition: "407376001", clinical.LabelSexualHealth: "186747009",
		clinical.LabelVenerealDisease: "186747009", clinical.LabelAbortion: "86891002"} {
		if bare.Codes(label).Has(clinical.SNOMED, code) || !full.Codes(label).Has(clinical.SNOMED, code) {
			t.Errorf("code %s of %s: only the file should hold it", code, label)
		}
		if full.Codes(label).Len() <= bare.Codes(label).Len() {
			t.Errorf("%s: the starters are gone", label)
		}
	}
	for _, label := range clinical.Categories() {
		if bare.Codes(label).Len() == 0 {
			t.Errorf("category %s has no code to start with", label)
		}
	}
}

func TestListsWithFaultsAreRefusedWithFileAndLine(t *testing.T) {
	const file = "london_sensitive_codes.csv"
	for _, test := range []struct{ name, content, place, message string }{
		{"a code that a spreadsheet shortened", london + "termination_of_pregnancy,999004361000000107,1.03E+15\n", file + ":6: ", "1.03E+15"},
		{"a code that is a word", london + "termination_of_pregnancy,999004361000000107,abortion\n", file + ":6: ", "not one of SNOMED_CT"},
		{"an empty code", london + "termination_of_pregnancy,999004361000000107,\n", file + ":6: ", "not one of SNOMED_CT"},
		{"a column too few", london + "termination_of_pregnancy,86891002\n", file + ":6: ", "not a line of CSV"},
		{"an open quotation", london + "\"termination_of_pregnancy\n", file + ":6: ", "not a line of CSV"},
		{"another first line", "code,term\n1,x\n", file + ":1: ", "give it this first line"},
		{"an empty file", "", file + ":1: ", "give it this first line"},
		{"a set that is not there", strings.Replace(london, "termination_of_pregnancy", "terminations", 1), file + ": ", `no code of category "termination_of_pregnancy"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Open(t.Context(), policy.Embedded(), lists(test.content))
			mustRefuse(t, err, test.place, test.message)
		})
	}
	_, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{Codelists: fstest.MapFS{}})
	mustRefuse(t, err, "london_sensitive_codes.csv: cannot be read from the folder of code lists", "take its name out")
}

func TestAListMayBeAsOpenCodelistsExportsIt(t *testing.T) {
	categories := edited(t, "data/categories.yaml", "  hiv:\n    title: HIV and AIDS\n",
		"  hiv:\n    files: [{file: hiv.csv, terminology: CTV3}]\n    title: HIV and AIDS\n")
	files := changed(t, map[string]string{"data/categories.yaml": categories})
	folder := fstest.MapFS{"london_sensitive_codes.csv": {Data: []byte(london)}, "hiv.csv": {Data: []byte("\ufeffcode,term\r\n43C3.,\"HIV positive, so called\"\r\n")}}
	engine, err := policy.Open(t.Context(), files, policy.Options{Codelists: folder})
	if err != nil {
		t.Fatal(err)
	}
	if list := engine.Codes(clinical.LabelHIV); !list.Has(clinical.CTV3, "43C3.") || !list.Has(clinical.SNOMED, "86406008") {
		t.Error("the list does not hold the file's code and the starters")
	}
}

// The list that the London Data Service keeps has lost codes to a spreadsheet. It is refused line by line, and read once those
// lines are gone.
func TestLondonsOwnListIsReadOnceItsMangledCodesAreGone(t *testing.T) {
	content, err := os.ReadFile(testkit.Shared(t, "data/codelists/london_sensitive_codes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var whole []string
	mangled := 0
	for line := range strings.Lines(string(content)) {
		if strings.Contains(line, "E+") {
			mangled++
			continue
		}
		whole = append(whole, line)
	}
	_, err = policy.Open(t.Context(), policy.Embedded(), lists(string(content)))
	mustRefuse(t, err, "london_sensitive_codes.csv:", "a spreadsheet shortened the code to ", "unreadable: skip")
	skipping, err := policy.Open(t.Context(), skippingUnreadable(t), lists(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(skipping.Unread()); got != mangled {
		t.Errorf("%d codes are left out, %d lines are mangled", got, mangled)
	}
	engine, err := policy.Open(t.Context(), policy.Embedded(), lists(strings.Join(whole, "")))
	if err != nil {
		t.Fatal(err)
	}
	if got := engine.Codes(clinical.LabelVenerealDisease).Len(); mangled == 0 || got < 3_000 { // each code twice, as SNOMED CT and dm+d
		t.Errorf("%d mangled lines, %d codes of venereal disease", mangled, got)
	}
}

// skippingUnreadable is the program's own policy, which leaves out codes that are none.
func skippingUnreadable(t *testing.T) fs.FS {
	t.Helper()
	content, err := fs.ReadFile(policy.Embedded(), "data/categories.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const item = "{file: london_sensitive_codes.csv,"
	if !strings.Contains(string(content), item) {
		t.Fatalf("no file is named as %s", item)
	}
	return changed(t, map[string]string{"data/categories.yaml": strings.ReplaceAll(string(content), item, item+" unreadable: skip,")})
}

func TestCodesThatAreNoneAreLeftOutOnPurposeAlone(t *testing.T) {
	mangled := london + "termination_of_pregnancy,999004361000000107,1.03E+15\ntermination_of_pregnancy,999004361000000107,abortion\n"
	engine, err := policy.Open(t.Context(), skippingUnreadable(t), lists(mangled))
	if err != nil {
		t.Fatal(err)
	}
	unread := engine.Unread()
	if len(unread) != 2 || unread[0].Line != 6 || !strings.Contains(unread[0].Message, "1.03E+15") || unread[1].Line != 7 {
		t.Errorf("left out: %+v", unread)
	}
	if !engine.Codes(clinical.LabelAbortion).Has(clinical.SNOMED, "86891002") {
		t.Error("the codes that can be read are gone")
	}
	none := strings.Replace(london, "86891002", "8.6E+15", 1)
	_, err = policy.Open(t.Context(), skippingUnreadable(t), lists(none))
	mustRefuse(t, err, "london_sensitive_codes.csv: ", `holds no code of category "termination_of_pregnancy"`)
}
