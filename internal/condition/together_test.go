package condition_test

import (
	"fmt"
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

func TestListsPutTogetherAreTheirOwnAndAreForgottenOnceThereAreMany(t *testing.T) {
	base := condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: "A00"}})
	with := make([]*condition.Codes, 65)
	for i := range with {
		with[i] = condition.NewCodes([]clinical.Coding{{System: clinical.ICD10, Code: clinical.Text(fmt.Sprintf("B%02d", i))}})
	}
	first := base.Together(with[:1])
	if first.JSON() != `["ICD_10|A00","ICD_10|B00"]` || len(first.Covers()) != 1 {
		t.Errorf("%s, covers %v", first.JSON(), first.Covers())
	}
	for i := range with[:64] {
		if together := base.Together(with[i : i+1]); !together.Has(clinical.ICD10, clinical.Text(fmt.Sprintf("B%02d", i))) || together.Len() != 2 {
			t.Errorf("the %dth: %s", i, together.JSON())
		}
	}
	if base.Together(with[:1]) != first {
		t.Error("the first of 64 is forgotten")
	}
	base.Together(with[64:])
	if base.Together(with[:1]) == first {
		t.Error("the first of 65 is remembered: there is no bound")
	}
}
