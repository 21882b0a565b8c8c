package main

import (
	"context"
	"fmt"
	"io"

	"onelondon/sources/openehr"
	"onelondon/sources/scaffold"
)

// templates drafts a mapping for an openEHR server from its templates; no EHR is read.
func (s *scaffolding) templates(ctx context.Context, base string, out, errs io.Writer) error {
	token, err := reference(s.token)
	if err != nil {
		return err
	}
	listed, entries, err := openehr.Templates(ctx, openehr.Options{ID: "unknown", Base: base, Credentials: openehr.Credentials{Token: token}})
	if err != nil {
		return err
	}
	read := make([]scaffold.Entry, len(entries))
	for i, e := range entries {
		read[i] = scaffold.Entry{Class: e.Class, Archetype: e.Archetype, Name: e.Name}
		for _, leaf := range e.Leaves {
			read[i].Leaves = append(read[i].Leaves, scaffold.Leaf(leaf))
		}
	}
	if err := s.write(out, scaffold.GuessPaths(read, s.system, s.title)); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprintf(errs, "%d templates with %d archetypes of entries\n", len(listed), len(entries))
	}
	if len(entries) == 0 {
		return errFindings
	}
	return nil
}
