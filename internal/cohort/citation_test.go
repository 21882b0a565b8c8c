package cohort_test

import (
	"strings"
	"testing"

	"onelondon/internal/cohort"
)

func TestACitationNamesOneVersionOrOneDigest(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0a", 32)
	for text, want := range map[string]cohort.Citation{
		"diabetes-by-borough@2": {Name: "diabetes-by-borough", Version: 2},
		digest:                  {Digest: digest},
	} {
		if got, err := cohort.ParseCitation(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "diabetes", "diabetes@", "diabetes@0", "diabetes@-1", "diabetes@02", "diabetes@+2", "Diabetes@1", "@1", "a@b@1",
		digest[:70], strings.ToUpper(digest), digest + "0", "../x@1", strings.Repeat("a", 65) + "@1"} {
		if got, err := cohort.ParseCitation(text); err == nil {
			t.Errorf("%q cites %+v", text, got)
		}
	}
}
