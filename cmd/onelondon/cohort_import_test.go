package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/cohort"
	"onelondon/internal/testkit"
)

func TestADefinitionOfOHDSIsIsImportedAndReadBack(t *testing.T) {
	folder := testkit.Shared(t, "data/queries/circe")
	said := say(t, "cohort", "import", filepath.Join(folder, "27.json"), "--vocabulary", testkit.Shared(t, "data/omop-synthea27nj"),
		"--as-at", "2026-11-01", "--title", "From OHDSI")
	if said.code != exitFine && said.code != exitFindings {
		t.Fatalf("exit %d: %s", said.code, said.errs)
	}
	definition, err := cohort.Parse("27.json", []byte(said.out))
	if err != nil {
		t.Fatal(err)
	}
	if definition.Name != "circe-27" || definition.Title != "From OHDSI" || definition.AsAt.String() != "2026-11-01" || len(definition.Events) == 0 {
		t.Errorf("%s, %s, as at %s, %d sets", definition.Name, definition.Title, definition.AsAt, len(definition.Events))
	}
	if losses := strings.Contains(said.errs, "logic: "); losses != (said.code == exitFindings) {
		t.Errorf("exit %d\n%s", said.code, said.errs)
	}
}

func TestWhatIsNoDefinitionOfOHDSIsIsNotImported(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "other.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{"not a cohort definition of Circe's": nil, "--vocabulary: ": {"--vocabulary", folder}, "--as-at: ": {"--as-at", "May"}} {
		said := say(t, append([]string{"cohort", "import", file}, args...)...)
		if said.code != exitNotRun || !strings.Contains(said.errs, want) || said.out != "" {
			t.Errorf("%v: exit %d: %s%s", args, said.code, said.out, said.errs)
		}
	}
}
