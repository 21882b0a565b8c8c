package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"onelondon/examples/london"
)

// configured is a source as it appears in the configuration.
type configured struct {
	ID, Name, Driver, Mapping, Organisation string
	File                                    string // the file of a database, or else
	Files                                   string // a folder of a server's exports
	Parameters                              map[string]string
	Labelled                                bool // of a FHIR server
}

func (f *folder) writeConfig(site *london.Site) error {
	var retired strings.Builder
	retired.WriteString("old,current\n")
	for old, current := range site.Superseded {
		fmt.Fprintf(&retired, "%s,%s\n", old.Reveal(), current.Reveal())
	}
	if err := os.WriteFile(f.path(retiredFile), []byte(retired.String()), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", retiredFile, err)
	}
	if err := errors.Join(f.writeOrganisations(), f.writeCodelists()); err != nil {
		return err
	}
	sources := planSources()
	for _, source := range site.Sources {
		one := configured{ID: string(source.ID), Name: strconv.Quote(source.Name), Driver: source.Driver,
			File: filepath.Base(source.File), Mapping: strings.TrimSuffix(source.Mapping, ".yaml"),
			Organisation: string(source.Organisation.Code), Parameters: source.Parameters()}
		for key, value := range one.Parameters {
			one.Parameters[key] = strconv.Quote(value)
		}
		sources = append(sources, one)
	}
	slices.SortFunc(sources, func(a, b configured) int { return strings.Compare(a.ID, b.ID) })
	page, err := template.New("config").Parse(configTemplate)
	if err != nil {
		return fmt.Errorf("write %s: %w", configFile, err)
	}
	var text strings.Builder
	err = page.Execute(&text, map[string]any{"Config": f.path(configFile), "Issuer": issuerName, "Audience": audience, "Sources": sources})
	if err != nil {
		return fmt.Errorf("write %s: %w", configFile, err)
	}
	return os.WriteFile(f.path(configFile), []byte(text.String()), 0o600)
}

// writeOrganisations writes the names of organisations and the locations of practices, in the columns of the NHS's own
// files.
func (f *folder) writeOrganisations() error {
	boroughs := london.Boroughs()
	var text strings.Builder
	text.WriteString("ods_code,name,borough\n")
	for _, each := range london.Organisations() {
		fmt.Fprintf(&text, "%s,%q,%s\n", each.Code, each.Name, boroughs[each.Code])
	}
	fmt.Fprintf(&text, "%s,%q,\n", demoICB, "NHS North East London Integrated Care Board") // whose analyst asks
	if err := os.WriteFile(f.path(organisationsFile), []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", organisationsFile, err)
	}
	return nil
}

const configTemplate = `# A made-up London, written by onelondon demo. Serve it with
#   onelondon serve --config {{.Config}}
listen: 127.0.0.1:8080
auth:
  issuer: {{.Issuer}}
  audience: {{.Audience}}
  keys: keys.json            # the demo's own; a real site names its identity provider's https URL
consent: {file: consent.db, create: true}   # made where it is not there; a real site leaves create out
ledger: {file: ledger.db, create: true}
secrets: {person_key: file:person.key, cursor_key: file:cursor.key}
identity: {superseded: retired.csv}
log: {format: text, level: info}
organisations: organisations.csv
studies: {folder: studies, codelists: codelists, organisations: organisations.csv}   # questions about many people

sources:
{{- range .Sources}}
  - id: {{.ID}}
    name: {{.Name}}
    driver: {{.Driver}}
{{- with .File}}
    dsn: {{.}}
{{- end}}
{{- with .Files}}
    files: {{.}}    # what a server exported, in the place of one
{{- end}}
{{- with .Mapping}}
    mapping: {{.}}
{{- end}}
{{- if .Labelled}}
    fhir: {labelled: true}
{{- end}}
{{- with .Organisation}}
    organisation: {{.}}
{{- end}}
{{- with .Parameters}}
    parameters:
{{- range $key, $value := .}}
      {{$key}}: {{$value}}
{{- end}}
{{- end}}
{{- end}}
`
