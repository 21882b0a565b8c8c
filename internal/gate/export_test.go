package gate

import (
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
)

// Granted is whether a grant holds, as the decision path asks it.
func Granted(g *Gate, caller auth.Caller, person clinical.NHSNumber, text string) bool {
	return g.granted(caller, person, text)
}
