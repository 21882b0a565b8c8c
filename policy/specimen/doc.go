// Package specimen makes specimen records: one of every kind in each circumstance that rules distinguish, such as a
// sealed record of another organisation, or a record about HIV of the caller's own. What a decision releases of them
// describes the decision in words, and comparing two decisions on them describes their difference.
//
//	set := specimen.Set(inspection.Tables(), input.Organisation)
//	seen := set.Seen(decision)
//	for _, gain := range set.Between(before, seen).Gained {
//		fmt.Println(gain.Words, gain.Kinds)
//	}
//
// Specimens are not samples of anybody's records: they show that records in a circumstance are released, never how
// many.
package specimen
