package clinical_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
)

func TestACodeIsOfATerminologyOrCannotBe(t *testing.T) {
	for system, codes := range map[clinical.CodeSystem]struct{ good, bad []clinical.Text }{
		clinical.SNOMED:    {[]clinical.Text{"162004", "44054006", "999791000000106"}, []clinical.Text{"", "12345", "E11.9", "1.03E+15", "4405 4006", "1234567890123456789"}},
		clinical.DMD:       {[]clinical.Text{"39113611000001102"}, []clinical.Text{"0501013B0AAAAAA"}},
		clinical.ICD10:     {[]clinical.Text{"E11.9", "I10", "I10X", "G951"}, []clinical.Text{"", "E11 9", "E11,9"}},
		clinical.CTV3:      {[]clinical.Text{"H33..", "X40J5", ".1234"}, []clinical.Text{"H33..\n"}},
		clinical.LocalCode: {[]clinical.Text{"ESCT_1", "EVENT_CD/44"}, []clinical.Text{"", "two words", "naïve", clinical.Text(strings.Repeat("1", 65))}},
		"":                 {[]clinical.Text{"44054006", "E11.9"}, []clinical.Text{"", "two words"}},
	} {
		for _, code := range codes.good {
			if !system.Admits(code) {
				t.Errorf("%q could be a code of %q", code, system)
			}
		}
		for _, code := range codes.bad {
			if system.Admits(code) {
				t.Errorf("%q cannot be a code of %q", code, system)
			}
		}
	}
}

func TestACodeThatASpreadsheetShortenedIsSeen(t *testing.T) {
	for code, want := range map[clinical.Text]bool{"1.03E+15": true, "9E+14": true, "103E15": false, "E11.9": false, "1.03E+": false, "X.03E+15": false, "": false} {
		if got := clinical.Shortened(code); got != want {
			t.Errorf("%q: got %t", code, got)
		}
	}
}
