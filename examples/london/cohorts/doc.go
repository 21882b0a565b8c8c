// Package cohorts holds questions that analysts in London really ask, as definitions in the language of package cohort. README.md
// says what each needs of a site.
//
//	data, err := cohorts.Files.ReadFile("copd-emergencies.yaml")
//	definition, err := cohort.Parse("copd-emergencies.yaml", data)
//
// The files are embedded so that the demo works from the binary alone.
package cohorts

import "embed"

// Files holds the definitions by their names. It is never written to.
//
//go:embed *.yaml
var Files embed.FS
