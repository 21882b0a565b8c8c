package view

import "onelondon/internal/gate"

// Patient is one person in the schema's terms.
type Patient struct {
	*gate.Person
	// Lists says for each response key of a list beneath the patient which of the person's pages answers it.
	Lists map[string]int
	// Urgent says for each response key of a view of urgent care plans which of the person's views answers it.
	Urgent map[string]int
}
