package london

import (
	"io"
	"maps"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// Options say how large a London to build. The zero value is 2,000 people from seed 1, without a word.
type Options struct {
	People   int       // how many people, the cast included; 2,000 when 0, and never fewer than the cast
	Seed     uint64    // the same seed makes the same people; 1 when 0
	Progress io.Writer // one line for each database as it is finished; nil for none
}

func (o Options) withDefaults() Options {
	if o.People == 0 {
		o.People = 2000
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o
}

// Site is what [Build] made.
type Site struct {
	Sources []Source
	Cast    Cast
	People  int // distinct NHS numbers
	Rows    int
	Numbers []clinical.NHSNumber // of everybody, in order; a person with a former number has both
	// Superseded resolves former NHS numbers to the current ones.
	Superseded map[clinical.NHSNumber]clinical.NHSNumber
}

// Source is one database of the site.
type Source struct {
	ID           clinical.SourceID
	Name         string
	System       string                // as its mapping calls it: "emis-web"
	Organisation clinical.Organisation // the trust; zero where one store holds many organisations
	Driver       string                // always "sqlite"
	File         string                // the database's path
	Mapping      string                // file in the folder mappings: "emis-web.yaml"
	Rows         int

	parameters map[string]string
}

// Parameters are the values that the source's mapping asks for.
func (s Source) Parameters() map[string]string { return maps.Clone(s.parameters) }

// Sources lists the site's databases as they are before they are built: without file and rows.
func Sources() []Source {
	var all []Source
	for _, one := range sites() {
		all = append(all, one.source("", 0))
	}
	return all
}

// Organisations lists the practices of the site, and its trusts whether they have a database or not.
func Organisations() []clinical.Organisation {
	return named(append(practiceOrganisations(), trusts()...))
}

// Practices lists the GP practices of the site.
func Practices() []clinical.Organisation { return named(practiceOrganisations()) }

// Boroughs says in which borough each practice of the site is, by its ODS code.
func Boroughs() map[clinical.Text]string {
	all := map[clinical.Text]string{}
	for _, practice := range practices() {
		all[clinical.Text(practice.Code)] = practice.borough
	}
	return all
}

// Trusts lists the trusts of the site that have a database.
func Trusts() []clinical.Organisation {
	var all []clinical.Organisation
	for _, one := range sites() {
		if one.organisation != "" {
			all = append(all, one.trust())
		}
	}
	return all
}

func practiceOrganisations() []seed.Organisation {
	var all []seed.Organisation
	for _, practice := range practices() {
		all = append(all, practice.Organisation)
	}
	return all
}

func named(organisations []seed.Organisation) []clinical.Organisation {
	all := make([]clinical.Organisation, 0, len(organisations))
	for _, one := range organisations {
		all = append(all, clinical.Organisation{Code: clinical.Text(one.Code), Name: clinical.Text(one.Name)})
	}
	return all
}

// trust is the trust whose database it is, the zero value for a store of several practices.
func (s site) trust() clinical.Organisation {
	for _, trust := range trusts() {
		if trust.Code == s.organisation {
			return clinical.Organisation{Code: clinical.Text(trust.Code), Name: clinical.Text(trust.Name)}
		}
	}
	return clinical.Organisation{}
}

func (s site) source(file string, rows int) Source {
	source := Source{ID: clinical.SourceID(s.id), Name: s.name, System: string(s.system), Organisation: s.trust(), Driver: "sqlite",
		File: file, Mapping: s.mapping, Rows: rows}
	if s.organisation != "" {
		source.parameters = map[string]string{"organisation": string(source.Organisation.Code),
			"organisation_name": string(source.Organisation.Name)}
	}
	return source
}
