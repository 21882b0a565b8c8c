// Package prose describes in plain English what the policy expresses in codes: who asks, why, about whom, and which
// records a condition admits. The handbook, explanations and reports of impact are written with it.
//
//	teller := prose.New(inspection.Tables())
//	fmt.Println(teller.Question(input)) // A General Medical Practitioner (R0260) of F84010 asks for treatment (TREAT). ...
//
// It names only what a question contains, which does not include whose record it is.
package prose
