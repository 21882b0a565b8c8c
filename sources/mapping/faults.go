package mapping

import "onelondon/internal/yamltree"

// Fault is one error in a mapping: its place, what is wrong and what to do about it.
type Fault = yamltree.Fault

// Faults are all errors in a mapping, in the order of the file.
type Faults = yamltree.Faults
