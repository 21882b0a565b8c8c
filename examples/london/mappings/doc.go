// Package mappings holds the mappings of the demo site, one YAML file for each type of record system: EMIS Web, TPP SystmOne,
// Discovery compass v2, Cerner Millennium twice, a Medway PAS, OMOP CDM 5.4, HealtheIntent, Adastra, local flows of providers, SUS and
// ECDS. README.md says which kinds each system covers and what its tables are expected to hold.
//
//	data, err := mappings.Files.ReadFile("emis-web.yaml")
//	loaded, err := mapping.Load("emis-web.yaml", data, parameters)
//
// The files are embedded so that the demo works from the binary alone; a site keeps its own beside its configuration.
package mappings

import "embed"

// Files holds the mappings by their names. It is never written to.
//
//go:embed *.yaml
var Files embed.FS
