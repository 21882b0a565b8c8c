package codelist_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/testkit"
	"onelondon/internal/yamltree"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func entry(system clinical.CodeSystem, code string) cohort.CodelistEntry {
	return cohort.CodelistEntry{System: system, Code: clinical.Text(code)}
}

// folder is a folder of lists made of file names and contents.
func folder(files map[string]string) fstest.MapFS {
	made := fstest.MapFS{}
	for name, content := range files {
		made[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return made
}

func goodFolder() map[string]string {
	return map[string]string{
		"index.yaml": `lists:
  diabetes:
    title: Diabetes mellitus
    source: DM_COD
    version: "20260901"
    files: [{file: snomed.csv, system: SNOMED_CT}, {file: icd.csv, system: ICD_10}]
  mixed:
    title: Several terminologies in one file
    source: this site
    version: "1"
    files: [{file: mixed.csv}]
`,
		"snomed.csv": "\ufeffcode,term\n44054006,Type 2 diabetes mellitus\n73211009,Diabetes mellitus\n44054006,again\n",
		"icd.csv":    "ICD,term\nE11,\"Type 2, of any kind\"\n",
		"mixed.csv":  "system,code,term\nCTV3,X40J5,Type II diabetes mellitus\nDMD,325278007,Metformin 500mg tablets\n",
	}
}

func load(t *testing.T, files map[string]string) *codelist.Registry {
	t.Helper()
	registry, err := codelist.Load(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

func TestAFolderOfListsIsRead(t *testing.T) {
	registry := load(t, goodFolder())
	if diff := cmp.Diff([]string{"diabetes", "mixed"}, registry.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	got, _ := registry.List("diabetes")
	want := &codelist.List{Name: "diabetes", Title: "Diabetes mellitus", Source: "DM_COD", Version: "20260901", Digest: got.Digest,
		Codes: []cohort.CodelistEntry{entry(clinical.ICD10, "E11"), entry(clinical.SNOMED, "44054006"), entry(clinical.SNOMED, "73211009")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	mixed, _ := registry.List("mixed")
	if diff := cmp.Diff([]cohort.CodelistEntry{entry(clinical.CTV3, "X40J5"), entry(clinical.DMD, "325278007")}, mixed.Codes); diff != "" {
		t.Errorf("mixed (-want +got):\n%s", diff)
	}
	if _, ok := registry.List("asthma"); ok {
		t.Error("a list that is not registered was found")
	}
}

func TestADigestIsOverTheCodesAlone(t *testing.T) {
	digest := func(change func(map[string]string)) string {
		files := goodFolder()
		change(files)
		list, _ := load(t, files).List("diabetes")
		return list.Digest
	}
	first := digest(func(map[string]string) {})
	if !strings.HasPrefix(first, "sha256:") || len(first) != 71 {
		t.Errorf("%q is no digest", first)
	}
	if got := digest(func(files map[string]string) { files["snomed.csv"] = "code,term\n73211009,b\n44054006,a\n" }); got != first {
		t.Error("the order of lines, or a term, changes the digest")
	}
	if got := digest(func(files map[string]string) { files["snomed.csv"] = "code,term\n73211009,b\n" }); got == first {
		t.Error("a code that is gone leaves the digest as it was")
	}
	if got := digest(func(files map[string]string) {
		files["index.yaml"] = strings.Replace(files["index.yaml"], "system: ICD_10", "system: OPCS_4", 1)
		files["icd.csv"] = "code\nE11\n"
	}); got == first {
		t.Error("another terminology leaves the digest as it was")
	}
}

func TestEachFaultIsNamedWithItsPlace(t *testing.T) {
	for name, check := range map[string]struct {
		file, content string
		want          string
	}{
		"shortened by a spreadsheet":    {"snomed.csv", "code,term\n44054006,a\n1.03E+15,b\n", "snomed.csv:3:1: a spreadsheet shortened the code to 1.03E+15"},
		"rounded by a spreadsheet":      {"snomed.csv", "code,term\n925861000000100,a\n", "snomed.csv:2:1: the check digit of 925861000000100 is wrong"},
		"a description's identifier":    {"snomed.csv", "code,term\n44054010,a\n", "snomed.csv:2:1: 44054010 identifies a description"},
		"of another terminology":        {"snomed.csv", "code,term\nE11.9,a\n", "snomed.csv:2:1: the code is not one of SNOMED_CT"},
		"a code that is not there":      {"icd.csv", "ICD,term\n,a\n", "icd.csv:2:1: the code is not one of ICD_10"},
		"a column of another kind":      {"icd.csv", "CTV3ID,term\nX40J5,a\n", "icd.csv:1:1: has a column ctv3id, whose codes are of CTV3, not of ICD_10"},
		"no column of codes":            {"icd.csv", "term\nDiabetes\n", "icd.csv:1:1: has no column of codes"},
		"no code":                       {"icd.csv", "ICD,term\n", "icd.csv:1:1: holds no code"},
		"no file of CSV":                {"icd.csv", "", "icd.csv:1:1: is no CSV file"},
		"a line of another length":      {"icd.csv", "ICD,term\nE11\n", "icd.csv:2:1: is not a line of CSV"},
		"no terminology anywhere":       {"mixed.csv", "code,term\nX40J5,a\n", "mixed.csv:1:1: has no column system"},
		"a terminology that is none":    {"mixed.csv", "system,code\nSNOMED,44054006\n", `mixed.csv:2:1: "SNOMED" is no terminology`},
		"no lists":                      {"index.yaml", "{}", "index.yaml:1:1: lists is missing"},
		"a name that is none":           {"index.yaml", "lists:\n  Diabetes: {title: a, source: b, version: c, files: [{file: icd.csv, system: ICD_10}]}", `index.yaml:2:3: lists.Diabetes: "Diabetes" is not a name`},
		"a list without a version":      {"index.yaml", "lists:\n  diabetes: {title: a, source: b, files: [{file: icd.csv, system: ICD_10}]}", "index.yaml:2:3: lists.diabetes: version is missing"},
		"a list without files":          {"index.yaml", "lists:\n  diabetes: {title: a, source: b, version: c}", "index.yaml:2:3: lists.diabetes: files is missing"},
		"a file that is not there":      {"index.yaml", "lists:\n  diabetes: {title: a, source: b, version: c, files: [{file: no.csv, system: ICD_10}]}", `there is no file "no.csv"`},
		"a file of another folder":      {"index.yaml", "lists:\n  diabetes: {title: a, source: b, version: c, files: [{file: ../icd.csv, system: ICD_10}]}", "file is no CSV file in the folder"},
		"a system that is none":         {"index.yaml", "lists:\n  diabetes: {title: a, source: b, version: c, files: [{file: icd.csv, system: ICD}]}", `"ICD" is no terminology`},
		"an index that is not YAML":     {"index.yaml", "lists: [", "index.yaml:1:8: not valid YAML"},
		"a key that nobody understands": {"index.yaml", "lists: {}\ncodes: 1", `unknown key "codes"`},
	} {
		t.Run(name, func(t *testing.T) {
			files := goodFolder()
			files[check.file] = check.content
			_, err := codelist.Load(folder(files))
			var faults yamltree.Faults
			if !errors.As(err, &faults) || !strings.Contains(err.Error(), check.want) {
				t.Errorf("got %v, want a fault with %q", err, check.want)
			}
		})
	}
	if _, err := codelist.Load(fstest.MapFS{}); err == nil {
		t.Error("a folder without an index was read")
	}
}

func TestACategoryOfAClassificationCoversWhatLiesBeneath(t *testing.T) {
	for listed, want := range map[cohort.CodelistEntry]struct {
		count   int
		has     []string
		without []string
	}{
		entry(clinical.ICD10, "N18"):       {22, []string{"N18", "N18X", "N183", "N18.3"}, []string{"N19", "N1830"}},
		entry(clinical.ICD10, "E11.9"):     {2, []string{"E11.9", "E119"}, []string{"E11"}},
		entry(clinical.ICD10, "G951"):      {2, []string{"G951", "G95.1"}, nil},
		entry(clinical.ICD10, "I10X"):      {1, []string{"I10X"}, nil},
		entry(clinical.ICD10, "S52"):       {222, []string{"S52", "S525", "S52.51", "S5251"}, nil},
		entry(clinical.ICD10, "M05.9"):     {22, []string{"M05.9", "M05.90", "M0590"}, []string{"M05"}},
		entry(clinical.OPCS4, "X40"):       {21, []string{"X40", "X401", "X40.1"}, []string{"X40X"}},
		entry(clinical.SNOMED, "44054006"): {1, []string{"44054006"}, nil},
		entry(clinical.CTV3, "H3..."):      {1, []string{"H3..."}, nil},
	} {
		expanded := codelist.Expand([]cohort.CodelistEntry{listed})
		codes := map[string]bool{}
		for _, code := range expanded {
			codes[string(code.Code)] = true
			if code.System != listed.System {
				t.Errorf("%v: got a code of %s", listed, code.System)
			}
		}
		if len(expanded) != want.count || len(codes) != want.count {
			t.Errorf("%v: got %d codes, %d different, want %d", listed, len(expanded), len(codes), want.count)
		}
		for _, code := range want.has {
			if !codes[code] {
				t.Errorf("%v does not cover %s", listed, code)
			}
		}
		for _, code := range want.without {
			if codes[code] {
				t.Errorf("%v covers %s", listed, code)
			}
		}
	}
}

func definition(t *testing.T, lists string) *cohort.Definition {
	t.Helper()
	parsed, err := cohort.Parse("test.yaml", []byte("name: a\nversion: 1\ntitle: b\nasAt: 2026-11-26\nmeasures: [{kind: PEOPLE}]\ncodelists: "+lists))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestADefinitionIsFilledInWithWhatIsRegistered(t *testing.T) {
	registry := load(t, goodFolder())
	asked := definition(t, `[{name: diabetes}, {name: drugs, from: mixed}, {name: own, codes: [{code: "2", system: LOCAL}, {code: N18.3, system: ICD_10}]}]`)
	before := asked.Digest()
	resolved, used, err := codelist.Resolve(asked, registry)
	if err != nil {
		t.Fatal(err)
	}
	if len(resolved.Codelists[0].Codes) != 24 || resolved.Codelists[1].From != "" || len(resolved.Codelists[1].Codes) != 2 {
		t.Errorf("got %+v", resolved.Codelists)
	}
	own := []cohort.CodelistEntry{entry(clinical.ICD10, "N18.3"), entry(clinical.ICD10, "N183"), entry(clinical.LocalCode, "2")}
	if diff := cmp.Diff(own, resolved.Codelists[2].Codes); diff != "" {
		t.Errorf("own codes (-want +got):\n%s", diff)
	}
	diabetes, _ := registry.List("diabetes")
	want := codelist.Used{Name: "diabetes", As: "diabetes", Title: "Diabetes mellitus", Source: "DM_COD", Version: "20260901", Codes: 3, Digest: diabetes.Digest}
	if diff := cmp.Diff(want, used[0]); diff != "" {
		t.Errorf("used (-want +got):\n%s", diff)
	}
	if used[1].Name != "mixed" || used[1].As != "drugs" || used[2].Name != "" || used[2].Codes != 2 || len(used[2].Digest) != 71 {
		t.Errorf("used: got %+v", used)
	}
	if asked.Digest() != before || asked.Codelists[0].Codes != nil {
		t.Error("the definition that was asked has changed")
	}
}

func TestEveryListThatIsNotRegisteredIsNamed(t *testing.T) {
	_, _, err := codelist.Resolve(definition(t, "[{name: asthma}, {name: diabetes}, {name: copd, from: copd-register}]"), load(t, goodFolder()))
	var faults cohort.Faults
	if !errors.As(err, &faults) || len(faults) != 2 || faults[0].Path != "codelists[0]" || !strings.Contains(err.Error(), `"copd-register"`) {
		t.Errorf("got %v", err)
	}
}

// The lists that OpenSAFELY's studies use have columns of many names. Each is read whole.
func TestRealListsAreRead(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/codelists/opensafely"), "*.csv"))
	if err != nil || len(files) < 50 {
		t.Fatalf("found %d lists (%v)", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		codes, err := codelist.Read(name, data, systemOf(name, string(data)))
		if err != nil {
			t.Errorf("%v", err)
		} else if lines := strings.Count(string(data), "\n"); len(codes) > lines || len(codes) < lines/2 {
			t.Errorf("%s: read %d codes of %d lines", name, len(codes), lines)
		}
	}
}

// systemOf is what a person who registers the list knows of it.
func systemOf(name, content string) clinical.CodeSystem {
	header, _, _ := strings.Cut(content, "\n")
	switch {
	case strings.Contains(header, "CTV3"):
		return clinical.CTV3
	case strings.Contains(header, "dmd"), strings.HasPrefix(name, "pincer-") && strings.HasPrefix(header, "id"):
		return clinical.DMD
	case strings.Contains(name, "icd"):
		return clinical.ICD10
	case strings.Contains(name, "opcs"):
		return clinical.OPCS4
	}
	return clinical.SNOMED
}

func FuzzRead(f *testing.F) {
	for _, content := range goodFolder() {
		f.Add([]byte(content), "SNOMED_CT")
		f.Add([]byte(content), "")
	}
	f.Fuzz(func(t *testing.T, data []byte, system string) {
		codes, err := codelist.Read("fuzz.csv", data, clinical.CodeSystem(system))
		if (len(codes) == 0) == (err == nil) {
			t.Fatalf("got %d codes and error %v, want one of them", len(codes), err)
		}
		for _, code := range codelist.Expand(codes) {
			if !code.System.Admits(code.Code) {
				t.Fatalf("%q is no code of %s", code.Code, code.System)
			}
		}
	})
}
