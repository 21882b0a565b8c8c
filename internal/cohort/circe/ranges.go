package circe

import (
	"math"

	"onelondon/internal/cohort"
)

// valueTest is a range of numbers; ok is false for one that cannot be told.
func valueTest(o *object) (test *cohort.ValueTest, ok bool) {
	value, first := o.number("Value")
	extent, second := o.number("Extent")
	test = &cohort.ValueTest{}
	operator := o.text("Op")
	switch {
	case !first:
		return nil, false
	case operator == "gt":
		test.Over = &value
	case operator == "gte":
		test.AtLeast = &value
	case operator == "lt":
		test.Below = &value
	case operator == "lte":
		test.AtMost = &value
	case operator == "eq":
		test.AtLeast, test.AtMost = &value, &value
	case operator == "bt" && second && value <= extent:
		test.AtLeast, test.AtMost = &value, &extent
	default:
		return nil, false
	}
	return test, true
}

// wholeEnds are the ends of a range of whole numbers from 0 on.
func wholeEnds(o *object) (from, until *int, negated, ok bool) {
	value, first := o.whole("Value")
	extent, second := o.whole("Extent")
	above, below := value+1, value-1
	switch operator := o.text("Op"); {
	case !first || value < 0 || value > math.MaxInt16:
		return nil, nil, false, false
	case operator == "gt":
		from = &above
	case operator == "gte":
		from = &value
	case operator == "lt":
		until = &below
	case operator == "lte":
		until = &value
	case operator == "eq":
		from, until = &value, &value
	case (operator == "bt" || operator == "!bt") && second && value <= extent:
		from, until, negated = &value, &extent, operator == "!bt"
	default:
		return nil, nil, false, false
	}
	return from, until, negated, true
}
