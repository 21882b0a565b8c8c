package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// TestCommandsOfTheChapterOnRunningExist reads every command of the chapter as the program would.
func TestCommandsOfTheChapterOnRunningExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "cohorts-running.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", "")) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "onelondon" {
			continue
		}
		found++
		verb, rest, err := command().Find(words[1:])
		if err != nil || verb.HasSubCommands() {
			t.Errorf("%s: no such command: %v", line, err)
			continue
		}
		if err := verb.ParseFlags(rest); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if err := verb.ValidateRequiredFlags(); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if err := verb.ValidateArgs(verb.Flags().Args()); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if found < 5 {
		t.Errorf("only %d commands", found)
	}
}
