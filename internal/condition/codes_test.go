package condition_test

import (
	"slices"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// hivCodes lists one SNOMED CT concept, one ICD-10 code, and knows all of CTV3, where it lists nothing.
func hivCodes() *condition.Codes {
	return condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}, {System: clinical.ICD10, Code: "B20"}},
		clinical.CTV3)
}

func TestALabelThatGoesByCodesIsSetNotSetOrUnknown(t *testing.T) {
	const set, free, unknown = "set", "not set", "unknown"
	for name, test := range map[string]struct {
		flag    string // what the source says
		codings []clinical.Coding
		want    string
	}{
		"no code and no flag":                      {unknown, nil, unknown},
		"a local code alone":                       {unknown, []clinical.Coding{{System: clinical.LocalCode, Code: "86406008"}}, unknown},
		"a code without a terminology":             {unknown, []clinical.Coding{{Code: "86406008"}}, unknown},
		"a terminology without a code":             {unknown, []clinical.Coding{{System: clinical.SNOMED}}, unknown},
		"a listed code":                            {unknown, []clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}}, set},
		"a listed code of dm+d, a SNOMED CT":       {unknown, []clinical.Coding{{System: clinical.DMD, Code: "86406008"}}, set},
		"a listed code beside another":             {unknown, []clinical.Coding{{System: clinical.LocalCode, Code: "1"}, {System: clinical.ICD10, Code: "B20"}}, set},
		"an unlisted code":                         {unknown, []clinical.Coding{{System: clinical.SNOMED, Code: "44054006"}}, free},
		"an unlisted code behind a local one":      {unknown, []clinical.Coding{{System: clinical.LocalCode, Code: "1"}, {System: clinical.SNOMED, Code: "44054006"}}, free},
		"an unlisted code before a local one":      {unknown, []clinical.Coding{{System: clinical.SNOMED, Code: "44054006"}, {System: clinical.LocalCode, Code: "1"}}, free},
		"a letter and a digit":                     {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B2"}}, unknown},
		"the first of all categories":              {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "A00"}}, free},
		"the last of all categories":               {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "Z99"}}, free},
		"a code of ICD-10 of two digits, no point": {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "I4812"}}, unknown},
		"an unlisted code of what is only covered": {unknown, []clinical.Coding{{System: clinical.CTV3, Code: "86406008"}}, free},
		"the code of another terminology":          {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "C64"}}, free},
		"a code of ICD-10 with its point":          {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "I48.9"}}, free},
		"a code of ICD-10 with a dagger":           {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B209D"}}, unknown},
		"a code of ICD-10 with a fifth character":  {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "X60.01"}}, unknown},
		"a listed code in another case":            {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "b20"}}, unknown},
		"a listed code behind a blank":             {unknown, []clinical.Coding{{System: clinical.ICD10, Code: " B20"}}, unknown},
		"a listed code with a blank in it":         {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B 20"}}, unknown},
		"a listed code with a point too many":      {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B20."}}, unknown},
		"a listed code that X and point fill up":   {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B20.X"}}, unknown},
		"the letter O for a nought":                {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B2O"}}, unknown},
		"a category with the X that fills it up":   {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "I10X"}}, free},
		"a code of ICD-10 without its point":       {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "I489"}}, free},
		"what is no code of ICD-10 at all":         {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "8640"}}, unknown},
		"a digit that is not of ASCII":             {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "B2\u0660"}}, unknown},
		"a strange code beside a plain one":        {unknown, []clinical.Coding{{System: clinical.ICD10, Code: "b20"}, {System: clinical.ICD10, Code: "I10"}}, free},
		"the source's yes over an unlisted code":   {set, []clinical.Coding{{System: clinical.SNOMED, Code: "44054006"}}, set},
		"a listed code over the source's no":       {free, []clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}}, set},
		"the source's no where no code can tell":   {free, nil, free},
		"the source's yes where no code can tell":  {set, nil, set},
	} {
		record := &clinical.Observation{}
		if len(test.codings) > 0 {
			record.Code.Coding, record.Code.Translations = test.codings[0], test.codings[1:]
		}
		if test.flag != unknown {
			record.Labels.Put(clinical.LabelHIV, test.flag == set)
		}
		got := unknown
		for _, value := range []bool{true, false} {
			atom := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
				Values: []condition.Value{condition.Bool(value)}, Codes: hivCodes()}
			if condition.Where(condition.Clause{atom}).Match(record) {
				got = map[bool]string{true: set, false: free}[value]
			}
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// What has no code counts as free; what has one that may be anything of its classification does not, unless everything is presumed.
func TestAListThatPresumesOfWhatIsSilentPresumesNothingOfACodeThatNobodyCanRead(t *testing.T) {
	coding := func(system clinical.CodeSystem, code clinical.Text) clinical.Coding {
		return clinical.Coding{System: system, Code: code}
	}
	for name, test := range map[string]struct {
		codings []clinical.Coding
		free    bool
	}{
		"no code":                            {nil, true},
		"a local code":                       {[]clinical.Coding{coding(clinical.LocalCode, "b20")}, true},
		"a terminology without a code":       {[]clinical.Coding{coding(clinical.ICD10, "")}, true},
		"a classification not on the list":   {[]clinical.Coding{coding(clinical.OPCS4, "x15")}, true},
		"an unlisted code":                   {[]clinical.Coding{coding(clinical.ICD10, "I10")}, true},
		"a listed code":                      {[]clinical.Coding{coding(clinical.ICD10, "B20")}, false},
		"a listed code in another case":      {[]clinical.Coding{coding(clinical.ICD10, "b20")}, false},
		"one with a dagger":                  {[]clinical.Coding{coding(clinical.ICD10, "B209D")}, false},
		"one behind a local code":            {[]clinical.Coding{coding(clinical.LocalCode, "1"), coding(clinical.ICD10, "B209D")}, false},
		"one beside a code that can be read": {[]clinical.Coding{coding(clinical.ICD10, "B209D"), coding(clinical.SNOMED, "44054006")}, true},
	} {
		record := &clinical.Encounter{}
		if len(test.codings) > 0 {
			record.Code.Coding, record.Code.Translations = test.codings[0], test.codings[1:]
		}
		for presumption, want := range map[condition.Presumption]bool{condition.PresumesSilence: test.free,
			condition.PresumesAll: name != "a listed code"} {
			atom := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
				Values: []condition.Value{condition.Bool(false)}, Codes: hivCodes().Presuming(presumption)}
			if got := condition.Where(condition.Clause{atom}).Match(record); got != want {
				t.Errorf("%s, presumption %d: free %v", name, presumption, got)
			}
		}
	}
}

func TestALabelThatGoesByCodesNeedsTheCode(t *testing.T) {
	descriptor := clinical.KindObservation.Descriptor()
	atom := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(false)}}
	if needs := condition.Where(condition.Clause{atom}).Needs(descriptor); needs != 0 {
		t.Errorf("a label that the source keeps needs fields %b", needs)
	}
	atom.Codes = hivCodes()
	if needs := condition.Where(condition.Clause{atom}).Needs(descriptor); needs != descriptor.Set("code") {
		t.Errorf("needs fields %b", needs)
	}
}

func TestAListTellsWhatItHoldsAndCovers(t *testing.T) {
	codes := hivCodes()
	want := []clinical.CodeSystem{clinical.CTV3, clinical.DMD, clinical.ICD10, clinical.SNOMED}
	if !slices.Equal(codes.Covers(), want) || codes.Len() != 3 || !codes.Has(clinical.DMD, "86406008") || codes.Has(clinical.CTV3, "B20") {
		t.Errorf("covers %v, holds %d", codes.Covers(), codes.Len())
	}
	if codes.JSON() != `["DMD|86406008","ICD_10|B20","SNOMED_CT|86406008"]` || condition.NewCodes(nil).JSON() != "[]" {
		t.Error(codes.JSON(), condition.NewCodes(nil).JSON())
	}
}

func TestAListHoldsTheTwinsOfItsCodesAndEachTerminologyOnce(t *testing.T) {
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.DMD, Code: "1"}, {System: clinical.ICD10, Code: "X84"},
		{System: clinical.ICD10, Code: "X84.01"}}, clinical.ICD10)
	if !codes.Has(clinical.SNOMED, "1") || !codes.Has(clinical.DMD, "1") || codes.Len() != 4 {
		t.Errorf("%d codes: %s", codes.Len(), codes.JSON())
	}
	if want := []clinical.CodeSystem{clinical.DMD, clinical.ICD10, clinical.SNOMED}; !slices.Equal(codes.Covers(), want) {
		t.Errorf("covers %v, want %v", codes.Covers(), want)
	}
	for name, test := range map[string]struct {
		codings   []clinical.Coding
		set, free bool
	}{
		"a listed code before a local one":        {[]clinical.Coding{{System: clinical.ICD10, Code: "X84"}, {System: clinical.LocalCode, Code: "1"}}, true, false},
		"a listed code that is longer than usual": {[]clinical.Coding{{System: clinical.ICD10, Code: "X84.01"}}, true, false},
		"a longer code that is not listed":        {[]clinical.Coding{{System: clinical.ICD10, Code: "X84.02"}}, false, false},
	} {
		record := &clinical.Observation{}
		record.Code.Coding, record.Code.Translations = test.codings[0], test.codings[1:]
		for set, want := range map[bool]bool{true: test.set, false: test.free} {
			atom := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Values: []condition.Value{condition.Bool(set)}, Codes: codes}
			if got := condition.Where(condition.Clause{atom}).Match(record); got != want {
				t.Errorf("%s: label is %v holds: %v", name, set, got)
			}
		}
	}
	if !condition.Divided(clinical.OPCS4) || !condition.Divided(clinical.ICD10) || condition.Divided(clinical.SNOMED) {
		t.Error("the classifications are ICD-10 and OPCS-4")
	}
}

func TestBehindACategoryStandsNothingAnXOrADigit(t *testing.T) {
	want := []string{"", "X", "0", ".0", "1", ".1", "2", ".2", "3", ".3", "4", ".4", "5", ".5", "6", ".6", "7", ".7", "8", ".8", "9", ".9"}
	if got := condition.Behind(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
