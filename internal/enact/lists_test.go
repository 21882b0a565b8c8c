package enact_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/enact"
	"onelondon/policy"
)

func TestCodesThatAreLeftOutAreSaidWhenThePolicyIsTakenAndInItsStatus(t *testing.T) {
	folder, lists := filepath.Join(t.TempDir(), "policy"), t.TempDir()
	if err := os.CopyFS(folder, policy.Embedded()); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(folder, "data", "categories.yaml")
	content, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	write(t, table, bytes.ReplaceAll(content, []byte("{file: "), []byte("{unreadable: skip, file: ")))
	write(t, filepath.Join(lists, "london_sensitive_codes.csv"), []byte("category,refset_sctid,code\nassisted_fertilisation,1,225244002\n"+
		"gender_related_issues,1,407376001\nsexually_transmitted_disease,1,186747009\ntermination_of_pregnancy,1,86891002\n"+
		"termination_of_pregnancy,1,1.03E+15\n"))
	var log bytes.Buffer
	keeper, err := enact.Open(t.Context(), enact.Options{Folder: folder, Codelists: lists, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if unread := keeper.Status().InForce.Unread; len(unread) != 1 || !strings.HasPrefix(unread[0], "london_sensitive_codes.csv:6: ") {
		t.Errorf("left out: %q", unread)
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "codes=1") {
		t.Errorf("the log does not say so: %s", log.String())
	}
}
