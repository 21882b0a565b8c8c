package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/resolvers"
	"onelondon/web"
)

// openStudies opens the parts that answer questions about many people, if the configuration allows them.
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

// analysts is what resolvers use for questions about many people; nil if the site takes none.
func (s *site) analysts() resolvers.Analysts {
	if s.studies == nil {
		return nil
	}
	return s.studies
}

// publicRegister serves the public register of studies; nil if the site takes none.
func (s *site) publicRegister() http.Handler {
	if s.studies == nil {
		return nil
	}
	return web.Studies(func(ctx context.Context, after string) (web.StudiesPage, error) {
		const onAPage = 50
		read, err := s.studies.Register(ctx, after, onAPage)
		switch {
		case errors.Is(err, gate.ErrCursor):
			return web.StudiesPage{}, web.ErrNoPage
		case err != nil:
			s.log.LogAttrs(ctx, slog.LevelError, "register of studies not read", slog.String("error", err.Error()))
			return web.StudiesPage{}, err
		}
		var page web.StudiesPage
		for i := range read.Entries {
			page.Studies = append(page.Studies, s.publicStudy(&read.Entries[i]))
		}
		if read.HasNext {
			page.Next = read.Entries[len(read.Entries)-1].Place()
		}
		return page, nil
	})
}

// publicStudy is an entry of the register for the public, with the reasons for a refusal in the policy's words.
func (s *site) publicStudy(of *study.Asked) web.Study {
	engine := s.policy.Engine()
	shown := web.Study{At: of.At, Project: of.Project, Organisation: of.Organisation, Purpose: of.Purpose, Name: of.Name, Version: of.Version,
		Title: of.Title, Words: of.Words, Digest: of.Digest, Answered: of.Answered,
		OrganisationName: string(s.config.Organisations[clinical.Text(of.Organisation)]), PurposeName: engine.PurposeName(of.Purpose)}
	if of.Answered {
		return shown
	}
	for _, reason := range of.Reasons {
		shown.Reasons = append(shown.Reasons, study.Why(engine, reason))
	}
	return shown
}
