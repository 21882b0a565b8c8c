package condition_test

import (
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

func one(attribute condition.Attribute, op condition.Op, values ...condition.Value) condition.Clause {
	return condition.Clause{{Attribute: attribute, Op: op, Values: values}}
}

func TestAConditionIsAlwaysNeverOrSometimes(t *testing.T) {
	some := one(condition.Code, condition.Equal, condition.Text("1"))
	for name, test := range map[string]struct {
		condition     condition.Condition
		always, never bool
	}{
		"zero":                              {condition.Condition{}, false, true},
		"never":                             {condition.Never(), false, true},
		"always":                            {condition.Always(), true, false},
		"no clause":                         {condition.Where(), false, true},
		"an empty clause":                   {condition.Where(condition.Clause{}), true, false},
		"an empty clause behind another":    {condition.Where(some, condition.Clause{}), true, false},
		"one clause":                        {condition.Where(some), false, false},
		"a clause that nothing can satisfy": {condition.Where(one(condition.Code, condition.In)), false, false},
	} {
		if always, never := test.condition.IsAlways(), test.condition.IsNever(); always != test.always || never != test.never {
			t.Errorf("%s: always %v, never %v", name, always, never)
		}
	}
}

func TestAConditionIsItselfAndNoneThatWasMadeLikeIt(t *testing.T) {
	clause := one(condition.Code, condition.Equal, condition.Text("1"))
	once, again, both := condition.Where(clause), condition.Where(clause), condition.Where(clause, clause)
	first := condition.Where(both.Clauses()[:1]...)
	for name, test := range map[string]struct {
		one, other condition.Condition
		want       bool
	}{
		"itself":                  {once, once, true},
		"one made like it":        {once, again, false},
		"two of two alternatives": {both, both, true},
		"the first of two":        {both, first, false},
		"never and never":         {condition.Never(), condition.Where(), true},
		"always and always":       {condition.Always(), condition.Where(condition.Clause{}), true},
		"always and never":        {condition.Always(), condition.Never(), false},
		"never and something":     {condition.Never(), once, false},
		"something and always":    {once, condition.Always(), false},
	} {
		if test.one.Is(test.other) != test.want || test.other.Is(test.one) != test.want {
			t.Errorf("%s: %v", name, !test.want)
		}
	}
}

func TestOnlyTheSourceIsNeverMissing(t *testing.T) {
	for _, attribute := range []condition.Attribute{condition.Organisation, condition.Publisher, condition.System, condition.Code,
		condition.Status, condition.Date, condition.LabelAttribute(clinical.LabelSealed)} {
		if !attribute.Nullable() {
			t.Errorf("%s is said never to be missing", attribute)
		}
	}
	if condition.Source.Nullable() {
		t.Error("the source is said to be missing somewhere")
	}
	for _, attribute := range []condition.Attribute{condition.LabelAttribute(""), condition.Organisation, "nonsense", "Label:sealed"} {
		if label, ok := attribute.Label(); ok {
			t.Errorf("%s is label %q", attribute, label)
		}
	}
}

func TestEachAttributeNeedsItsField(t *testing.T) {
	descriptor := clinical.KindCondition.Descriptor()
	for attribute, field := range map[condition.Attribute]string{condition.Publisher: "publisher", condition.System: "code",
		condition.Code: "code", condition.Status: "status", condition.Date: "date"} {
		if got, want := condition.Where(one(attribute, condition.Equal)).Needs(descriptor), descriptor.Set(field); got != want || want == 0 {
			t.Errorf("%s needs %b, want %b", attribute, got, want)
		}
	}
}

func TestASourceIsRuledOutByItsNameToo(t *testing.T) {
	of := condition.Where(one(condition.Source, condition.Equal, condition.Text("barts")))
	if !of.Possible("barts", "R1H") || of.Possible("royal", "R1H") || of.Possible("royal", "") {
		t.Error("a rule about the source does not go by the source")
	}
}

func TestTruthsHaveAnOrderAndUnknownOperatorsNeverHold(t *testing.T) {
	sealed := condition.LabelAttribute(clinical.LabelSealed)
	for _, set := range []bool{false, true} {
		record := &clinical.Condition{}
		record.Labels.Put(clinical.LabelSealed, set)
		for op, want := range map[condition.Op][2]bool{ // compared with false, with true
			condition.Less: {false, !set}, condition.LessEqual: {!set, true}, condition.Greater: {set, false},
			condition.GreaterEqual: {true, set}, condition.Equal: {!set, set}, condition.NotEqual: {set, !set}, 200: {false, false},
		} {
			for i, with := range []bool{false, true} {
				if got := condition.Where(one(sealed, op, condition.Bool(with))).Match(record); got != want[i] {
					t.Errorf("%v, operator %d, %v: %v", set, op, with, got)
				}
			}
		}
	}
}
