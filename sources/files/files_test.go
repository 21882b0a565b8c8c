package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/sources/files"
)

// folder holds files by name.
func folder(t *testing.T, held map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range held {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEveryDocumentOfAFolderIsReadWithItsPlace(t *testing.T) {
	dir := folder(t, map[string]string{"a.json": "\n{\"n\": 5.10,\n \"of\": [{}, null, true, \"x\"]}\n", "below/b.ndjson": "{\"n\": 1}\n\n{\"n\": 2}\n", ".hidden": "x", ".git/c.json": "x"})
	var got []string
	err := files.Each(dir, func(d files.Document) error {
		got = append(got, fmt.Sprint(d.File, ":", d.Line, " ", d.Object))
		return nil
	})
	want := "a.json:1 map[n:5.10 of:[map[] <nil> true x]] below/b.ndjson:1 map[n:1] below/b.ndjson:3 map[n:2]"
	if err != nil || strings.Join(got, " ") != want {
		t.Errorf("%v\n got %s\nwant %s", err, strings.Join(got, " "), want)
	}
}

func TestWhatIsNotUnderstoodIsAFaultWithItsPlace(t *testing.T) {
	for name, one := range map[string]struct{ file, text, want string }{
		"no JSON":             {"a.json", "{\n\"x\": \n]", "a.json:3: no JSON"},
		"half of it":          {"a.ndjson", "{}\n{\"x\":\n", "a.ndjson:2: no JSON"},
		"a list":              {"a.json", "[]", "a.json:1: no JSON object"},
		"nothing":             {"a.json", "", "a.json:1: no JSON"},
		"two":                 {"a.json", "{}\n{}", "a.json:2: something stands behind the object"},
		"a key twice":         {"a.json", "{\"a\": 1,\n\"a\": 2}", "a.json:2: a key stands twice in one object"},
		"not UTF-8":           {"a.json", "{\"a\": \"\xff\"}", "a.json:1: not UTF-8"},
		"too deep":            {"a.json", `{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}", "a.json:1: objects are too deep in each other"},
		"packed":              {"a.json.gz", "x", "a.json.gz: neither .json nor .ndjson; unpack it, or take it out of the folder"},
		"what the store says": {"a.json", "{\"bad\": 1}", "a.json:1: bad"},
		"named by a number":   {"of 999 000 0018.json", "[]", "of xxxxxxxxxx.json:1: no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			err := files.Each(folder(t, map[string]string{one.file: one.text}), func(d files.Document) error {
				if d.Object["bad"] != nil {
					return errors.New("bad")
				}
				return nil
			})
			if want := files.ErrFile.Error() + ": " + one.want; err == nil || err.Error() != want || !errors.Is(err, files.ErrFile) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	for _, nothing := range []string{t.TempDir(), filepath.Join(t.TempDir(), "nowhere")} {
		if err := files.Each(nothing, nil); !errors.Is(err, files.ErrFile) || strings.Contains(err.Error(), nothing) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAllFaultsOfAFolderAreToldAtOnceUpToALimit(t *testing.T) {
	held := map[string]string{"good.json": "{}"}
	for i := range 50 {
		held[fmt.Sprintf("%02d.json", i)] = "x"
	}
	err := files.Each(folder(t, held), func(files.Document) error { return nil })
	var faults files.Faults
	if !errors.As(err, &faults) || len(faults) != 20 || strings.Count(err.Error(), "\n") != 19 {
		t.Errorf("%d faults: %v", len(faults), err)
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	dir, elsewhere := folder(t, map[string]string{"a.json": "{}"}), folder(t, map[string]string{"b.json": "{}"})
	if err := os.Symlink(filepath.Join(elsewhere, "b.json"), filepath.Join(dir, "b.json")); err != nil {
		t.Fatal(err)
	}
	if err := files.Each(dir, func(files.Document) error { return nil }); err == nil || !strings.Contains(err.Error(), "b.json: not a regular file") {
		t.Errorf("got %v", err)
	}
}

func FuzzADocumentIsAnObjectOrAFault(f *testing.F) {
	for _, text := range []string{"{}", "[", `{"a": {"a": [1e9, "é"]}}`, `{"a":1,"a":2}`, "{}x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := files.Each(dir, func(d files.Document) error {
			if d.Object == nil {
				t.Error("nothing is a document")
			}
			return nil
		})
		if err != nil && strings.Contains(err.Error(), text) && len(text) > 12 {
			t.Errorf("quotes: %v", err)
		}
	})
}
