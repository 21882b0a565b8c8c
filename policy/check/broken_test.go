package check_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"onelondon/policy"
	"onelondon/policy/check"
)

// broken is one entry of testdata/broken.yaml.
type broken struct {
	Broken, File, Old, New string
	At                     struct {
		Text string
		Line *int
	}
	Finds struct{ Step, Message, Advice string }
}

func TestEveryBrokenPolicyIsToldWhatIsWrongWhereAndWhatToDo(t *testing.T) {
	content, err := os.ReadFile("testdata/broken.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var table []broken
	if err := yaml.UnmarshalWithOptions(content, &table, yaml.Strict()); err != nil || len(table) < 15 {
		t.Fatalf("%d broken policies: %v", len(table), err)
	}
	for _, b := range table {
		t.Run(b.Broken, func(t *testing.T) {
			files, line := b.policy(t)
			report := check.Run(t.Context(), files, check.Options{Decisions: 50, Seed: 1})
			for _, finding := range report.Findings {
				if finding.Step == check.Step(b.Finds.Step) && strings.HasPrefix(finding.File, strings.TrimSuffix(b.File, ".yaml")) && finding.Line == line &&
					strings.Contains(finding.Message, b.Finds.Message) && strings.Contains(finding.Advice, b.Finds.Advice) {
					return
				}
			}
			t.Errorf("expected %s at %s:%d of %+v", b.Finds.Step, b.File, line, report.Findings)
		})
	}
}

// policy is the program's own policy, broken, and the line where it is.
func (b *broken) policy(t *testing.T) (files fstest.MapFS, line int) {
	t.Helper()
	files = fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(files[b.File].Data)
	before, after, found := strings.Cut(text, b.Old)
	if b.Old == "" {
		before, after = text+"\n", ""
	}
	if !found {
		t.Fatalf("%s holds no %q", b.File, b.Old)
	}
	whole := before + b.New + after
	files[b.File] = &fstest.MapFile{Data: []byte(whole)}
	line = strings.Count(before, "\n") + 1
	switch {
	case b.At.Line != nil:
		line = *b.At.Line
	case b.At.Text != "":
		upTo, _, _ := strings.Cut(whole, b.At.Text)
		line = strings.Count(upTo, "\n") + 1
	}
	return files, line
}
