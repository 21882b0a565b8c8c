package sources_test

import (
	"math"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

type saying = sources.Saying[clinical.Text]

func moment(t *testing.T, text string) clinical.DateTime {
	t.Helper()
	at, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestWhatSaysTheSameHasTheSameMark(t *testing.T) {
	for name, pair := range map[string][2]saying{
		"a shared code from two sources": {{Source: "maple", System: "SNOMED_CT", Code: "1", Value: 5}, {Source: "barts", System: "SNOMED_CT", Code: "1", Value: 5}},
		"SNOMED CT and dm+d":             {{System: "SNOMED_CT", Code: "1"}, {System: "DMD", Code: "1"}},
		"a unit in another case":         {{Code: "1", Unit: "mmol/L"}, {Code: "1", Unit: "MMOL/l"}},
		"zero and negative zero":         {{Code: "1", Value: 0}, {Code: "1", Value: math.Copysign(0, -1)}},
		"no number":                      {{Code: "1", Value: math.NaN()}, {Code: "1", Value: sources.Number("")}},
		"a number written longer":        {{Code: "1", Value: sources.Number("5.1")}, {Code: "1", Value: sources.Number("5.10")}},
	} {
		if pair[0].Mark() != pair[1].Mark() {
			t.Errorf("%s: marks differ", name)
		}
		lent := sources.Saying[[]byte]{Source: pair[0].Source, System: []byte(pair[0].System), Code: []byte(pair[0].Code),
			Value: pair[0].Value, Unit: []byte(pair[0].Unit)}
		if lent.Mark() != pair[0].Mark() {
			t.Errorf("%s: bytes and text differ", name)
		}
	}
}

func TestWhatSaysSomethingElseHasAnotherMark(t *testing.T) {
	base := saying{Source: "maple", System: "SNOMED_CT", Code: "12", Value: 5, Unit: "kg", Organisation: "R1H",
		Start: moment(t, "2020-01-01T10:00"), End: moment(t, "2020-01-02")}
	for name, change := range map[string]func(*saying){
		"system":            func(s *saying) { s.System = "CTV3" },
		"code":              func(s *saying) { s.Code = "1" },
		"no code":           func(s *saying) { s.Code = "" },
		"value":             func(s *saying) { s.Value = 5.1 },
		"no value":          func(s *saying) { s.Value = math.NaN() },
		"unit":              func(s *saying) { s.Unit = "g" },
		"organisation":      func(s *saying) { s.Organisation = "RAL" },
		"start":             func(s *saying) { s.Start = moment(t, "2020-01-01T10:01") },
		"end":               func(s *saying) { s.End = clinical.DateTime{} },
		"a code of its own": func(s *saying) { s.System = clinical.Text(clinical.LocalCode) },
	} {
		other := base
		if change(&other); other.Mark() == base.Mark() {
			t.Errorf("%s makes no difference", name)
		}
	}
	for _, code := range []clinical.Text{"", "1"} {
		here, there := saying{Source: "maple", System: "LOCAL", Code: code}, saying{Source: "barts", System: "LOCAL", Code: code}
		if here.Mark() == there.Mark() {
			t.Errorf("%q means the same in two sources", code)
		}
	}
}

func TestBoundsOnANumber(t *testing.T) {
	five, seven := 5.0, 7.0
	for _, test := range []struct {
		bounds sources.ValueBounds
		number float64
		unit   clinical.Text
		want   bool
	}{
		{sources.ValueBounds{}, math.NaN(), "", true},
		{sources.ValueBounds{AtLeast: &five}, 5, "", true},
		{sources.ValueBounds{Over: &five}, 5, "", false},
		{sources.ValueBounds{Over: &five, Below: &seven}, 6.9, "kg", true},
		{sources.ValueBounds{Below: &seven}, 7, "", false},
		{sources.ValueBounds{AtMost: &seven}, 7, "", true},
		{sources.ValueBounds{AtMost: &seven}, 10, "", false},
		{sources.ValueBounds{AtMost: &seven}, math.NaN(), "", false},
		{sources.ValueBounds{Units: []clinical.Text{"kg", "Stone"}}, 1, "STONE", true},
		{sources.ValueBounds{Units: []clinical.Text{"kg"}}, 1, "", false},
		{sources.ValueBounds{Units: []clinical.Text{"kg"}}, math.NaN(), "kg", false},
	} {
		if got := sources.Within(&test.bounds, test.number, test.unit); got != test.want {
			t.Errorf("%+v: %g %s: %v", test.bounds, test.number, test.unit, got)
		}
	}
}
