package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// TestCommandsOfTheDocumentsExist reads every command that stands on a line of its own in a document as the program would.
func TestCommandsOfTheDocumentsExist(t *testing.T) {
	root := testkit.Root(t)
	for page, least := range map[string]int{"README.md": 3, "policy/README.md": 4, "docs/cohorts-running.md": 5, "docs/bringing-in-a-system.md": 4} {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", "")) {
			line = quoted.ReplaceAllString(line, "QUOTED")
			words := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "./"), "&"))
			if len(words) < 2 || words[0] != "onelondon" {
				continue
			}
			found++
			verb, rest, err := command().Find(words[1:])
			if err != nil || verb.HasSubCommands() {
				t.Errorf("%s: %s: no such command: %v", page, line, err)
				continue
			}
			if err := verb.ParseFlags(rest); err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
			if err := verb.ValidateRequiredFlags(); err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
			if err := verb.ValidateArgs(verb.Flags().Args()); err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
		}
		if found < least {
			t.Errorf("%s: only %d commands", page, found)
		}
	}
}

var (
	quoted  = regexp.MustCompile(`"[^"]*"`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	unsaid  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// TestEveryLinkOfTheDocumentsLeadsSomewhere follows the links from page to page, to the heading where they name one.
func TestEveryLinkOfTheDocumentsLeadsSomewhere(t *testing.T) {
	root := testkit.Root(t)
	followed := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		// The parts of the handbook are read where it is put together.
		if !strings.HasSuffix(path, ".md") || strings.Contains(path, filepath.Join("policy", "handbook")) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range link.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
			to, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(to, "://") {
				continue
			}
			followed++
			page := path
			if to != "" {
				page = filepath.Join(filepath.Dir(path), to)
			}
			if _, err := os.Stat(page); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, found[1])
			} else if anchor != "" && !anchors(t, page)[anchor] {
				t.Errorf("%s leads to %s, which has no such heading", path, found[1])
			}
		}
		return nil
	})
	if err != nil || followed < 100 {
		t.Errorf("followed %d links: %v", followed, err)
	}
}

// anchors are the headings of a page as links name them.
func anchors(t *testing.T, page string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
		all[strings.ReplaceAll(unsaid.ReplaceAllString(strings.ToLower(strings.TrimSpace(found[1])), ""), " ", "-")] = true
	}
	return all
}
