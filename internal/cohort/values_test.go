package cohort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/cohort"
)

func TestEveryNumberLiesInABandThatIsListed(t *testing.T) {
	by := cohort.Dimension{Kind: cohort.ByAgeBand, Bands: []int{18, 40, 41, 80}}
	want := []string{"under 18", "18 to 39", "40", "41 to 79", "80 and over"}
	if diff := cmp.Diff(want, by.Values()); diff != "" {
		t.Error(diff)
	}
	for age, name := range map[int]string{0: "under 18", 17: "under 18", 18: "18 to 39", 40: "40", 79: "41 to 79", 80: "80 and over", 120: "80 and over"} {
		if got := cohort.BandName(by.Bands, age); got != name {
			t.Errorf("%d lies in %q, not in %q", age, got, name)
		}
	}
}

func TestNobodyIsUnderABandThatBeginsAtNothing(t *testing.T) {
	by := cohort.Dimension{Kind: cohort.ByPracticeSizeBand, Bands: []int{0, 5000}}
	if diff := cmp.Diff([]string{"0 to 4999", "5000 and over"}, by.Values()); diff != "" {
		t.Error(diff)
	}
}

func TestSexesAndGroupsAreKnownBeforehandAndBoroughsAreNot(t *testing.T) {
	sex, borough := cohort.Dimension{Kind: cohort.BySex}, cohort.Dimension{Kind: cohort.ByBorough}
	group := cohort.Dimension{Kind: cohort.ByGroup, Groups: []cohort.Group{{Name: "b"}, {Name: "a"}}}
	if diff := cmp.Diff([]string{"FEMALE", "MALE", "OTHER"}, sex.Values()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b", "a"}, group.Values()); diff != "" || borough.Values() != nil {
		t.Error(diff, borough.Values())
	}
}
