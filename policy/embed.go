package policy

import (
	"embed"
	"io/fs"
)

//go:embed rego data schema cases
var embedded embed.FS

// Embedded is the policy built into the program, so that the binary works alone. The configuration may name a folder of
// the same shape instead.
func Embedded() fs.FS { return embedded }
