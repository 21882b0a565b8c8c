package trial

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// Bedside is the query of docs/for-frontends.md for whoever stands at a bedside, as people paste it.
func Bedside(t testing.TB) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "for-frontends.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "query Bedside")
	document, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("the page has no query Bedside")
	}
	return "query Bedside" + document
}
