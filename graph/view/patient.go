package view

import "onelondon/internal/gate"

// Patient is one person as the schema presents them.
type Patient struct {
	*gate.Person
	// Lists maps the response key of each list beneath the patient to the index of the page that answers it.
	Lists map[string]int
	// Urgent maps the response key of each view of urgent care plans to the index of the view that answers it.
	Urgent map[string]int
}
