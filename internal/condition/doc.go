// Package condition represents a rule about single records in a form that is applied alike in databases and in memory.
//
// Policy is written in Rego. What remains of a rule once the caller, the purpose and the person are known depends only
// on the record. It is translated into a [Condition], rendered as SQL with bind parameters by each dialect, and
// evaluated in memory by [Condition.Match] on every record that comes back. The two must agree on every record, missing
// values included.
//
// A condition fails closed. Its zero value releases nothing, and an atom whose attribute is missing is not satisfied,
// whatever the operator:
//
//	c := condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal,
//		Values: []condition.Value{condition.Bool(false)}}})
//	c.Match(record) // false also if the source never said whether the record is sealed
//
// The package knows neither Rego (package policy translates it) nor SQL (package sqlsource writes it).
package condition
