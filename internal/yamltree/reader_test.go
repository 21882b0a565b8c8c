package yamltree_test

import (
	"strings"
	"testing"

	"onelondon/internal/yamltree"
)

func read(t *testing.T, text string) (*yamltree.Reader, yamltree.Node) {
	t.Helper()
	reader, top, ok := yamltree.Read("file.yaml", []byte(text))
	if !ok {
		t.Fatalf("not read: %v", reader.Faults())
	}
	return reader, top
}

func TestAValueKeepsItsPlaceAndTheWayToIt(t *testing.T) {
	reader, top := read(t, "a:\n  - b: one\n  - b: two\n")
	items := reader.List(reader.Object(top, "a")["a"])
	value := reader.Object(items[1], "b")["b"]
	if text, ok := reader.Text(value); !ok || text != "two" || value.Line != 3 || value.Column != 8 || value.Path != "a[1].b" {
		t.Errorf("got %q at %d:%d, %s", text, value.Line, value.Column, value.Path)
	}
	if err := reader.Faults().Err(); err != nil {
		t.Error(err)
	}
}

func TestAMapsOwnKeysWinOverMergedOnes(t *testing.T) {
	reader, top := read(t, "base: &base {a: 1, b: 2}\nuse: {<<: *base, b: 3}\n")
	got := map[string]string{}
	for _, entry := range reader.Entries(reader.Object(top, "base", "use")["use"]) {
		got[entry.Key], _ = reader.Text(entry.Value)
	}
	if len(got) != 2 || got["a"] != "1" || got["b"] != "3" {
		t.Errorf("got %v", got)
	}
}

func TestFaultsComeInTheOrderOfTheFileEachOnce(t *testing.T) {
	reader, top := read(t, "a: 1\nb: 2\n")
	keys := reader.Object(top, "a", "b")
	reader.Add(yamltree.Fault{File: "another.yaml", Line: 1, Column: 1, Message: "third"})
	reader.Fault(keys["b"], "second")
	reader.Fault(keys["a"], "first")
	reader.Fault(keys["b"], "second")
	want := "file.yaml:1:4: a: first\nfile.yaml:2:4: b: second\nanother.yaml:1:1: third"
	if got := reader.Faults().Error(); got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestAnchorsCannotAskForEndlessWork(t *testing.T) {
	text := "a0: &a0 [x, x]\n"
	for i := 1; i < 25; i++ {
		text += strings.NewReplacer("N", string(rune('a'+i)), "P", string(rune('a'+i-1))).Replace("aN: &aN [*aP, *aP]\n")
	}
	text = strings.ReplaceAll(text, "*aa,", "*a0,")
	text = strings.ReplaceAll(text, "*aa]", "*a0]")
	reader, top := read(t, text)
	var walk func(yamltree.Node)
	walk = func(n yamltree.Node) {
		if n.IsList() {
			for _, item := range reader.List(n) {
				walk(item)
			}
		}
	}
	for _, entry := range reader.Entries(top) {
		walk(entry.Value)
	}
	if !strings.Contains(reader.Faults().Error(), "too large") {
		t.Errorf("got %v", reader.Faults())
	}
}

func TestWhatIsNotThereIsNoFaultUntilItIsReadAsSomething(t *testing.T) {
	reader, top := read(t, "a: {b: [1]}\n")
	keys := reader.Object(top, "a", "c")
	if _, ok := reader.Text(keys["c"]); ok || keys["c"].Present() {
		t.Error("a value that is not there was read")
	}
	if reader.Faults() != nil && len(reader.Faults()) > 0 {
		t.Errorf("faults: %v", reader.Faults())
	}
	reader.Text(keys["a"])
	if got := reader.Faults().Error(); got != "file.yaml:1:5: a: expected text, found keys with values" {
		t.Errorf("got %s", got)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: 1", "- a\n- b", "a: &x {b: *x}", "? [a]\n: b", "<<: *x", "a: !!binary x", "a: |\n  b", "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		reader, top, ok := yamltree.Read("fuzz.yaml", data)
		if !ok && len(reader.Faults()) == 0 {
			t.Fatal("refused without a fault")
		}
		for _, entry := range reader.Entries(top) {
			reader.Text(entry.Value)
			reader.Object(entry.Value, "a")
			reader.List(entry.Value)
		}
	})
}
