package policy

import (
	"embed"
	"io/fs"
)

//go:embed rego data schema cases
var embedded embed.FS

// Embedded is the policy that the program carries, so that the binary works alone. Configuration may name a folder of the
// same shape instead.
func Embedded() fs.FS { return embedded }
