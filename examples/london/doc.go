// Package london is the demo site: a made-up north east London of 2,000 people whose records lie in seven databases, each in its
// own system's tables, for the server to be asked about.
//
// [Build] writes the databases as SQLite files. The organisations are real (names and codes of the NHS Organisation Data
// Service); the people are not, and their NHS numbers come from 999 000 0000 to 999 999 9999, which are never issued. The same
// seed makes the same people, to the byte.
//
//	site, err := london.Build(ctx, "demo", london.Options{People: 2000, Seed: 1})
//	fmt.Println(site.Cast.Heroine.Name)
//
// Eight practices keep their records in one EMIS store and five in one SystmOne store, with the practice as a column; two
// publish through a Discovery subscriber store. Barts Health and Homerton have Cerner Millennium, and Barking, Havering and
// Redbridge its PAS; urgent care plans of some of the oldest lie in Coordinate My Care, written by the community trust. Most people
// are known to one or two of them. [Cast] names those whose records show something special.
package london
