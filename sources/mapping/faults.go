package mapping

import "onelondon/internal/yamltree"

// Fault is one thing wrong with a mapping: where it stands, what it is and what to do about it.
type Fault = yamltree.Fault

// Faults is everything wrong with a mapping, in the order of the file.
type Faults = yamltree.Faults
