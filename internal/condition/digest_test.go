package condition_test

import (
	"errors"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

func TestADigestStandsForWhatAListSays(t *testing.T) {
	seen := map[[32]byte]string{}
	for name, list := range map[string]*condition.Codes{
		"an empty one":              condition.NewCodes(nil),
		"one that presumes":         condition.NewCodes(nil).Presuming(condition.PresumesAll),
		"one that covers CTV3":      condition.NewCodes(nil, clinical.CTV3),
		"one that covers two":       condition.NewCodes(nil, clinical.CTV3, clinical.LocalCode),
		"a code":                    condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B20"}}),
		"a code, presuming":         condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B20"}}).Presuming(condition.PresumesAll),
		"a code, presuming silence": condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B20"}}).Presuming(condition.PresumesSilence),
		"another":                   condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B21"}}),
		"the code of another":       condition.NewCodes([]clinical.Coding{{System: clinical.OPCS4, Code: "B20"}}),
		"two, lists put together":   condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B20"}}).Together([]*condition.Codes{condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B21"}})}),
	} {
		if other, same := seen[list.Digest()]; same {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[list.Digest()] = name
		read, err := condition.ReadCodes(list.JSON(), list.Covers(), list.Presumes())
		if err != nil || read.Digest() != list.Digest() || read.Presumes() != list.Presumes() || read.JSON() != list.JSON() {
			t.Errorf("%s does not read as it was written: %v", name, err)
		}
	}
	again := condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "B21"}, {System: clinical.ICD10, Code: "B20"}})
	if seen[again.Digest()] != "two, lists put together" {
		t.Error("a list made otherwise has another digest")
	}
}

func TestWhatIsNoListIsNotReadAsOne(t *testing.T) {
	for _, text := range []string{"", "{}", "[1]", `["B20"]`, `["ICD_10|B20"`} {
		if _, err := condition.ReadCodes(text, nil, condition.PresumesNothing); !errors.Is(err, condition.ErrCodes) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
