package condition_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

func moment(t *testing.T, text string) clinical.DateTime {
	t.Helper()
	d, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func atom(attribute condition.Attribute, op condition.Op, values ...condition.Value) condition.Condition {
	return condition.Where(condition.Clause{{Attribute: attribute, Op: op, Values: values}})
}

func TestAnAtomWhoseAttributeIsMissingNeverHolds(t *testing.T) {
	sealed := condition.LabelAttribute(clinical.LabelSealed)
	values := map[condition.Attribute]condition.Value{condition.Organisation: condition.Text("R1H"),
		condition.Publisher: condition.Text("R1H"), condition.System: condition.Text("SNOMED_CT"), condition.Code: condition.Text("1"),
		condition.Status: condition.Text("ACTIVE"), condition.Date: condition.Moment(moment(t, "2020")), sealed: condition.Bool(false)}
	bare := &clinical.Condition{}
	for attribute, value := range values {
		for op := condition.Equal; op <= condition.NotIn; op++ {
			if atom(attribute, op, value).Match(bare) {
				t.Errorf("operator %d on missing %s holds", op, attribute)
			}
		}
		if !attribute.Nullable() {
			t.Errorf("%s is missing here but said to be always there", attribute)
		}
	}
}

func TestConditionsOnARecord(t *testing.T) {
	record := &clinical.Condition{Meta: clinical.Meta{Source: "barts", Status: clinical.StatusActive, Date: moment(t, "2020-05")}}
	record.Organisation.Code, record.Code.Code, record.Code.System = "R1H", "44054006", clinical.SNOMED
	record.Labels.Put(clinical.LabelSealed, false)
	sealed := condition.LabelAttribute(clinical.LabelSealed)
	for name, test := range map[string]struct {
		condition condition.Condition
		want      bool
	}{
		"the zero condition":               {condition.Condition{}, false},
		"never":                            {condition.Never(), false},
		"always":                           {condition.Always(), true},
		"no clause":                        {condition.Where(), false},
		"an empty clause":                  {condition.Where(condition.Clause{}), true},
		"not sealed":                       {atom(sealed, condition.Equal, condition.Bool(false)), true},
		"sealed":                           {atom(sealed, condition.Equal, condition.Bool(true)), false},
		"own organisation":                 {atom(condition.Organisation, condition.Equal, condition.Text("R1H")), true},
		"another case":                     {atom(condition.Organisation, condition.Equal, condition.Text("r1h")), false},
		"a blank behind":                   {atom(condition.Organisation, condition.Equal, condition.Text("R1H ")), false},
		"one of":                           {atom(condition.Code, condition.In, condition.Text("1"), condition.Text("44054006")), true},
		"none of":                          {atom(condition.Code, condition.NotIn, condition.Text("1"), condition.Text("44054006")), false},
		"of nothing":                       {atom(condition.Code, condition.In), false},
		"since a day covered in part":      {atom(condition.Date, condition.GreaterEqual, condition.Moment(moment(t, "2020-05-01"))), true},
		"since the day after":              {atom(condition.Date, condition.GreaterEqual, condition.Moment(moment(t, "2020-05-02"))), false},
		"text compared with a truth value": {atom(condition.Status, condition.NotEqual, condition.Bool(true)), false},
		"two values where one is meant":    {atom(condition.Status, condition.Equal, condition.Text("ACTIVE"), condition.Text("ACTIVE")), false},
		"an unknown label":                 {atom(condition.LabelAttribute("secret"), condition.Equal, condition.Bool(false)), false},
		"all atoms of a clause": {condition.Where(condition.Clause{{Attribute: condition.Source, Op: condition.Equal, Values: []condition.Value{condition.Text("barts")}},
			{Attribute: condition.Status, Op: condition.Equal, Values: []condition.Value{condition.Text("RESOLVED")}}}), false},
		"any clause": {condition.Where(condition.Clause{{Attribute: condition.Status, Op: condition.Equal, Values: []condition.Value{condition.Text("RESOLVED")}}},
			condition.Clause{{Attribute: condition.Source, Op: condition.Equal, Values: []condition.Value{condition.Text("barts")}}}), true},
	} {
		if got := test.condition.Match(record); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Every attribute under every operator, held against a value that is the record's, one that comes before it and one that comes
// after, and against what no attribute of its type can be.
func TestEachAttributeIsComparedUnderEachOperator(t *testing.T) {
	record := &clinical.Condition{Meta: clinical.Meta{Source: "m", Publisher: "m", Status: "m", Date: moment(t, "2020-05")}}
	record.Organisation.Code, record.Code.Code, record.Code.System = "m", "m", "m"
	texts := []condition.Value{condition.Text("l"), condition.Text("m"), condition.Text("n")}
	dates := []condition.Value{condition.Moment(moment(t, "2020-04-30")), condition.Moment(moment(t, "2020-05-01")), condition.Moment(moment(t, "2020-05-02"))}
	values := map[condition.Attribute][]condition.Value{condition.Date: dates}
	for _, of := range []condition.Attribute{condition.Source, condition.Organisation, condition.Publisher, condition.System, condition.Code, condition.Status} {
		values[of] = texts
	}
	for of, with := range values {
		for op, want := range map[condition.Op][3]bool{ // of what comes before the record's, is it, comes after
			condition.Equal: {1: true}, condition.NotEqual: {0: true, 2: true}, condition.Less: {2: true}, condition.LessEqual: {1: true, 2: true},
			condition.Greater: {0: true}, condition.GreaterEqual: {0: true, 1: true}, condition.In: {1: true}, condition.NotIn: {0: true, 2: true},
		} {
			strange := condition.Bool(false)
			for i := range with {
				if got := atom(of, op, with[i]).Match(record); got != want[i] {
					t.Errorf("%s, operator %d, %v: %v", of, op, with[i].Get(), got)
				}
				if op < condition.In {
					continue
				}
				if got := atom(of, op, strange, with[i]).Match(record); got != want[i] {
					t.Errorf("%s, operator %d, %v behind another type: %v", of, op, with[i].Get(), got)
				}
				if got := atom(of, op, with[i], with[1]).Match(record); got != (op == condition.In) {
					t.Errorf("%s, operator %d, %v and the record's: %v", of, op, with[i].Get(), got)
				}
			}
			if got := atom(of, op, strange).Match(record); got != (op == condition.NotIn) {
				t.Errorf("%s, operator %d, another type: %v", of, op, got)
			}
			if got := atom("nonsense", op, condition.Text("")).Match(record); got {
				t.Errorf("operator %d holds of what is no attribute", op)
			}
		}
	}
}

func TestAConstantIsWhatItWasMadeOf(t *testing.T) {
	date := moment(t, "2020-05")
	for value, want := range map[condition.Value]any{condition.Text("R1H"): "R1H", condition.Text(""): "", condition.Moment(date): date,
		condition.Bool(true): true, condition.Bool(false): false} {
		if got := value.Get(); got != want {
			t.Errorf("%T %v, want %T %v", got, got, want, want)
		}
		if _, text := want.(string); value.IsText() != text {
			t.Errorf("%v is a text: %v", want, !text)
		}
	}
}

func TestASourceIsPossibleUnlessItsOrganisationRulesItOut(t *testing.T) {
	own := condition.Where(condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text("R1H")}},
		{Attribute: condition.Date, Op: condition.Greater, Values: []condition.Value{condition.Moment(moment(t, "2020"))}}})
	for name, test := range map[string]struct {
		condition    condition.Condition
		organisation clinical.Text
		want         bool
	}{
		"own":                    {own, "R1H", true},
		"another":                {own, "RF4", false},
		"one of many in a store": {own, "", true},
		"never":                  {condition.Never(), "R1H", false},
		"always":                 {condition.Always(), "RF4", true},
	} {
		if got := test.condition.Possible("s", test.organisation); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAConditionNamesTheFieldsItNeeds(t *testing.T) {
	c := condition.Where(condition.Clause{{Attribute: condition.Code, Op: condition.Equal, Values: []condition.Value{condition.Text("1")}},
		{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}},
		{Attribute: condition.Date, Op: condition.Less, Values: []condition.Value{condition.Moment(moment(t, "2020"))}}})
	descriptor := clinical.KindCondition.Descriptor()
	if got, want := c.Needs(descriptor), descriptor.Set("code", "date"); got != want {
		t.Errorf("needs %b, want %b", got, want)
	}
}

func TestALabelThatGoesByCodesIsUnknownWhereNeitherSourceNorListCanTell(t *testing.T) {
	list := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}})
	coded := func(system clinical.CodeSystem, code clinical.Text, says ...bool) *clinical.Condition {
		record := &clinical.Condition{}
		record.Code.System, record.Code.Code = system, code
		for _, set := range says {
			record.Labels.Put(clinical.LabelHIV, set)
		}
		return record
	}
	for name, test := range map[string]struct {
		record               *clinical.Condition
		carries, free, freed bool // freed: free by a list that presumes
	}{
		"a listed code":                          {coded(clinical.SNOMED, "86406008"), true, false, false},
		"a listed code, whatever the source":     {coded(clinical.SNOMED, "86406008", false), true, false, false},
		"another code":                           {coded(clinical.SNOMED, "38341003"), false, true, true},
		"another code, and the source says so":   {coded(clinical.SNOMED, "38341003", true), true, false, false},
		"a code of another terminology":          {coded(clinical.ICD10, "B24"), false, false, true},
		"another terminology, free by source":    {coded(clinical.ICD10, "B24", false), false, true, true},
		"another terminology, carried by source": {coded(clinical.ICD10, "B24", true), true, false, false},
		"no code":                                {coded("", ""), false, false, true},
	} {
		for _, ask := range []struct {
			list      *condition.Codes
			set, want bool
		}{{list, true, test.carries}, {list, false, test.free}, {list.Presuming(condition.PresumesAll), true, test.carries}, {list.Presuming(condition.PresumesAll), false, test.freed}} {
			atom := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Values: []condition.Value{condition.Bool(ask.set)}, Codes: ask.list}
			if got := condition.Where(condition.Clause{atom}).Match(test.record); got != ask.want {
				t.Errorf("%s, presuming %d: label is %v holds: %v", name, ask.list.Presumes(), ask.set, got)
			}
		}
	}
}
