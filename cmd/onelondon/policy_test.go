package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/policy"
	"onelondon/policy/check"
)

// policyCopy is a folder with the program's own policy, in which one file has old replaced by new.
func policyCopy(t *testing.T, file, old, new string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "policy")
	if err := os.CopyFS(dir, policy.Embedded()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, file)
	content, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(content), old) {
		t.Fatalf("%s holds no %q: %v", file, old, err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(content), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPolicyCheckFindsNothingWrongWithTheProgramsOwnPolicy(t *testing.T) {
	said := say(t, "policy", "check", "--decisions", "500")
	if said.code != exitFine || !strings.Contains(said.out, "the policy that this program carries, revision ") ||
		!strings.HasSuffix(said.out, ": no fault\n") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyCheckNamesTheFileTheLineAndWhatToDo(t *testing.T) {
	dir := policyCopy(t, "rego/purpose/purpose.rego", "input.purpose", "input.porpose")
	said := say(t, "policy", "check", dir)
	if said.code != exitFindings || !strings.Contains(said.out, filepath.Join(dir, "rego/purpose/purpose.rego:")) ||
		!strings.Contains(said.out, "undefined ref: input.porpose") || !strings.Contains(said.out, "-> the name is not in the schema") ||
		!strings.Contains(said.out, "NOT RUN") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
	said = say(t, "policy", "check", dir, "--format", "json")
	var report check.Report
	if err := json.Unmarshal([]byte(said.out), &report); err != nil || said.code != exitFindings || len(report.Findings) == 0 ||
		report.Findings[0].File != "rego/purpose/purpose.rego" || report.Findings[0].Line == 0 {
		t.Errorf("exit %d, %v\n%s", said.code, err, said.out)
	}
}

func TestPolicyCheckSaysWhatMakesASiteSlowerAndCallsItNoFault(t *testing.T) {
	dir := policyCopy(t, "rego/sealed/sealed.rego", "\tinput.record.organisation == input.caller.organisation\n",
		"\town := input.caller.organisation\n\tinput.record.organisation == own\n")
	content, err := os.ReadFile(filepath.Join(dir, "rego", "sealed", "sealed.rego"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(content), "own := ")
	note := fmt.Sprintf("\nnote: rego/sealed/sealed.rego:%d: slower, and no fault: input.caller.organisation may give the organisation of whoever asks to more than a comparison; "+
		"compare input.caller.organisation by == or != with one text or one path", 1+strings.Count(before, "\n"))
	said := say(t, "policy", "check", dir, "--decisions", "50")
	if said.code != exitFine || !strings.Contains(said.out, note) || !strings.HasSuffix(said.out, ": no fault\n") {
		t.Errorf("exit %d, want %s\n%s%s", said.code, note, said.out, said.errs)
	}
}

func TestPolicyCopyWritesAWholePolicyOnceAndLeavesWhatIsThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "policy")
	said := say(t, "policy", "copy", dir)
	if said.code != exitFine || !strings.Contains(said.out, "onelondon policy check "+dir) {
		t.Fatalf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
	engine, err := policy.Open(t.Context(), os.DirFS(dir), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	own, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if engine.Revision() != own.Revision() {
		t.Errorf("the copy is %s, the program's own %s", engine.Revision(), own.Revision())
	}
	if said := say(t, "policy", "copy", dir); said.code != exitNotRun || !strings.Contains(said.errs, "is there already") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyKeysLeaveAKeyThatIsThere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ada")
	mustSay(t, "policy", "keys", "--out", name)
	if said := say(t, "policy", "keys", "--out", name); said.code != exitNotRun || !strings.Contains(said.errs, "is there already, and is left as it is") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyCheckThatCannotRunSaysSo(t *testing.T) {
	if said := say(t, "policy", "check", t.TempDir()); said.code != exitNotRun || !strings.Contains(said.errs, "no folder rego in it") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyExplainSaysWhyAndWhatWouldHaveToBeDifferent(t *testing.T) {
	said := say(t, "policy", "explain", "--role", "R1730", "--organisation", "F84010", "--purpose", "TREAT", "--relationship", "registered",
		"--record", "kind=Medication,organisation=R1H,label=hiv")
	if said.code != exitFine {
		t.Fatalf("exit %d: %s", said.code, said.errs)
	}
	for _, want := range []string{
		"A Receptionist (R1730) of F84010 asks for treatment (TREAT).",
		"which holds: The organisation cares for the person (relationship.care, rego/relationship/relationship.rego:",
		"This Medication is withheld.",
		"if the caller's role is in the group “doctor”",
		"or if nothing connects the caller with the person",
	} {
		if !strings.Contains(strings.Join(strings.Fields(said.out), " "), want) {
			t.Errorf("no %q in\n%s", want, said.out)
		}
	}
}

func TestPolicyExplainReadsAQuestionFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "question.yaml")
	if err := os.WriteFile(file, []byte("who: citizen\nwhy: PATRQT\nrelationship: self\nobjection: none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := say(t, "policy", "explain", "--question", file, "--format", "json")
	var explanation struct {
		Question  []string
		Permitted bool
	}
	if err := json.Unmarshal([]byte(said.out), &explanation); err != nil || !explanation.Permitted ||
		explanation.Question[0] != "A citizen asks at the person's own request (PATRQT)." {
		t.Errorf("exit %d, %v: %s%s", said.code, err, said.out, said.errs)
	}
}

func TestPolicyExplainRefusesWordsThatNobodyKnows(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"--purpose=TREATMENT", "it is one of TREAT, ETREAT"},
		{"--relationship=friend", "it is one of self, registered"},
		{"--preference=deny:cancer:anyone", "the category is all, self_harm"},
		{"--preference=deny:hiv:role", "an organisation and a role have a code"},
		{"--preference=hide:hiv:anyone", "the effect is allow, deny"},
		{"--record=kind=Diagnosis", "kind is one of Registration"},
		{"--record=kind=Condition,colour=red", "a record is described by kind"},
		{"--record=kind=Condition,label=secret", "it is one of sealed"},
		{"--record=kind=Condition,code=1", "write terminology:code"},
	} {
		if said := say(t, "policy", "explain", test.name); said.code != exitNotRun || !strings.Contains(said.errs, test.want) {
			t.Errorf("%s: exit %d, %s", test.name, said.code, said.errs)
		}
	}
}

func TestPolicyImpactAsksTheLedgerAgain(t *testing.T) {
	london, _ := smallLondon(t)
	proposed := policyCopy(t, "rego/purpose/purpose.rego", "_asker in data.purposes[input.purpose].asked_by", `input.purpose == "ETREAT"`)
	plot := filepath.Join(t.TempDir(), "impact.svg")
	said := say(t, "policy", "impact", "--to", proposed, "--config", filepath.Join(london, "onelondon.yaml"), "--plot", plot)
	if said.code != exitFine {
		t.Fatalf("exit %d: %s", said.code, said.errs)
	}
	for _, want := range []string{"Kept questions: ", "asks for treatment (TREAT)", "The ledger holds ", "with exactly what was decided on, 0 with an assumption",
		"doctor TREAT * 0 *"} {
		if !strings.Contains(strings.Join(strings.Fields(said.out), " "), want) {
			t.Errorf("no %q in\n%s", want, said.out)
		}
	}
	if drawn, err := os.ReadFile(plot); err != nil || !strings.Contains(string(drawn), "doctor, TREAT") {
		t.Errorf("%v\n%s", err, drawn)
	}
}

func TestPolicyImpactGivesExamplesOnlyToWhomThePolicyLets(t *testing.T) {
	said := say(t, "policy", "impact", "--to", policyCopy(t, "data/words.yaml", "words:", "words:"), "--examples", "3", "--role", "R1730")
	if said.code != exitNotRun || !strings.Contains(said.errs, "--examples: ") {
		t.Errorf("exit %d: %s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyImpactBelievesABundleOnlyForItsSignature(t *testing.T) {
	bundle := filepath.Join(t.TempDir(), "next.tar.gz")
	if err := os.WriteFile(bundle, []byte("anything"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := say(t, "policy", "impact", "--to", bundle); said.code != exitNotRun || !strings.Contains(said.errs, "believed for its signature") {
		t.Errorf("exit %d: %s%s", said.code, said.out, said.errs)
	}
}

func TestTheToolsOfGovernanceTakeCodeLists(t *testing.T) {
	lists := t.TempDir()
	content := "category,refset_sctid,code\nassisted_fertilisation,1,225244002\ngender_related_issues,1,407376001\n" +
		"sexually_transmitted_disease,1,186747009\ntermination_of_pregnancy,1,1.03E+15\ntermination_of_pregnancy,1,86891002\n"
	file := filepath.Join(lists, "london_sensitive_codes.csv")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	checked := say(t, "policy", "check", "--decisions", "50", "--codelists", lists)
	if checked.code != exitFindings || !strings.Contains(checked.out, file+":5\n") || !strings.Contains(checked.out, "note: hiv: ") {
		t.Errorf("check: exit %d\n%s%s", checked.code, checked.out, checked.errs)
	}
	whole := strings.Replace(content, "termination_of_pregnancy,1,1.03E+15\n", "", 1)
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	question := []string{"--role", "R0260", "--organisation", "F84010", "--purpose", "TREAT", "--relationship", "registered",
		"--preference", "deny:abortion:anyone", "--record", "kind=Condition,organisation=R1H,label=none,code=SNOMED_CT:86891002"}
	explained := say(t, append([]string{"policy", "explain", "--codelists", lists}, question...)...)
	if explained.code != exitFine {
		t.Errorf("explain: exit %d\n%s%s", explained.code, explained.out, explained.errs)
	}
	if said := say(t, "policy", "explain", "--codelists", file); said.code != exitNotRun || !strings.Contains(said.errs, "is not a folder") {
		t.Errorf("a file: %+v", said)
	}
	if said := say(t, "policy", "impact", "--to", lists, "--codelists", file); said.code != exitNotRun || !strings.Contains(said.errs, "is not a folder") {
		t.Errorf("a file: %+v", said)
	}
}

func TestPolicyExplainCoversOversightAndStudies(t *testing.T) {
	action := say(t, "policy", "explain", "--role", "R0001", "--organisation", "R1H", "--action", "review_alert", "--own-organisation")
	if action.code != exitFine || !strings.HasPrefix(action.out, "A Privacy Officer (R0001) of R1H wants to record what the review of an access found.\nPermitted. ") || !strings.Contains(action.out, "answers_for_use") {
		t.Errorf("an action: %+v", action)
	}
	study := say(t, "policy", "explain", "--project", "example-diabetes", "--analyst", "example-analyst", "--purpose", "HOPERAT",
		"--today", "2026-11-26", "--days", "national=9,type_one=1,london=1", "--format", "json")
	if study.code != exitFine || !strings.Contains(study.out, "optouts_out_of_date") {
		t.Errorf("a study: %+v", study)
	}
}

func TestPolicyBuildRefusesAPolicyWhoseCasesComeOutOtherwise(t *testing.T) {
	dir := policyCopy(t, "data/role_kinds.yaml", "kinds: [Registration, Encounter,", "kinds: [Registration, Medication, Encounter,")
	key, bundle := filepath.Join(t.TempDir(), "build"), filepath.Join(t.TempDir(), "london.tar.gz")
	mustSay(t, "policy", "keys", "--out", key)
	said := say(t, "policy", "build", dir, "-o", bundle, "--revision", "1", "--key", key+".key")
	if said.code != exitFindings || !strings.Contains(said.out, "cases/role.yaml:") || !strings.Contains(said.out, "Nothing was built.") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
	if _, err := os.Stat(bundle); err == nil {
		t.Error("the bundle is there")
	}
}
