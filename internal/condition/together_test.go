package condition_test

import (
	"slices"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

func TestListsPutTogetherHoldTheCodesOfAllAndAreMadeOnce(t *testing.T) {
	hiv := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}})
	alcohol := condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "F10"}}, clinical.OPCS4)
	both := hiv.Together([]*condition.Codes{alcohol})
	for _, held := range []clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}, {System: clinical.DMD, Code: "86406008"},
		{System: clinical.ICD10, Code: "F10"}} {
		if !both.Has(held.System, held.Code) {
			t.Errorf("%v is not on the list", held)
		}
	}
	if both.Has(clinical.ICD10, "86406008") || both.Len() != hiv.Len()+alcohol.Len() || hiv.Len() != 2 {
		t.Errorf("%d codes of %d and %d", both.Len(), hiv.Len(), alcohol.Len())
	}
	want := []clinical.CodeSystem{clinical.DMD, clinical.ICD10, clinical.OPCS4, clinical.SNOMED}
	if !slices.Equal(both.Covers(), want) {
		t.Errorf("covers %v, want %v", both.Covers(), want)
	}
	if hiv.Together([]*condition.Codes{alcohol}) != both {
		t.Error("the same lists are put together twice")
	}
	if hiv.Together(make([]*condition.Codes, 40)) != nil {
		t.Error("more lists than there are labels are put together")
	}
}
