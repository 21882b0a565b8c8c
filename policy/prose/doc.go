// Package prose says in plain English what the policy says in codes: who asks, why, about whom, and which records a condition
// lets through. The handbook, explanations and reports of impact are written with it.
//
//	teller := prose.New(inspection.Tables())
//	fmt.Println(teller.Question(input)) // A General Medical Practitioner (R0260) of F84010 asks for treatment (TREAT). ...
//
// It names what a question holds and nothing else; whose record it is, a question does not hold.
package prose
