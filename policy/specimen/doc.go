// Package specimen makes specimen records: of every kind one in each circumstance that rules speak of, such as a sealed record
// of another organisation, or one about HIV of the caller's own. What a decision lets through of them says in words what it
// releases, and what two decisions let through differently is what lies between them.
//
//	set := specimen.Set(inspection.Tables(), input.Organisation)
//	seen := set.Seen(decision)
//	for _, gain := range set.Between(before, seen).Gained {
//		fmt.Println(gain.Words, gain.Kinds)
//	}
//
// A specimen is no sample of anybody's records: it says that records of its circumstance are released, never how many.
package specimen
