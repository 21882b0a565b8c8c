package main

import (
	"fmt"
	"os"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/gate/study"
	"onelondon/resolvers"
)

// openStudies opens what answers questions about many people, where the configuration takes any.
func (s *site) openStudies() error {
	c := &s.config.Studies
	if c.Folder == "" {
		return nil
	}
	lists, err := codelist.Load(os.DirFS(c.Codelists))
	if err != nil {
		return fmt.Errorf("read the code lists in %s: %w", c.Codelists, err)
	}
	boroughs := c.Boroughs
	s.studies = study.New(study.Options{Policy: func() study.Policy { return s.policy.Engine() }, Register: s.register, Locator: s.locator,
		Catalogue: s.catalogue, Ledger: s.ledger, Codelists: lists, Folder: c.Folder, Key: s.config.Secrets.Person,
		Borough: func(practice clinical.Text) string { return boroughs[practice] }, Deadline: c.Deadline, Keep: c.Keep,
		MemoryLimit: int64(c.Memory), Log: s.log})
	return nil
}

// analysts is where resolvers put questions about many people; nil where the site takes none.
func (s *site) analysts() resolvers.Analysts {
	if s.studies == nil {
		return nil
	}
	return s.studies
}
