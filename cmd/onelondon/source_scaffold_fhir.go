package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/sources"
)

// server drafts the configuration of a FHIR server, which needs no mapping because FHIR resources are known. The draft
// is based on the server's CapabilityStatement; no resource is read.
func (s *scaffolding) server(ctx context.Context, base string, out io.Writer) error {
	token, err := reference(s.token)
	if err != nil {
		return err
	}
	entry := &config.Source{Spec: sources.Spec{ID: "unknown"}, Driver: config.FHIRServer, DSN: base, FHIR: config.FHIR{Token: config.Token(token)}}
	source, err := openFHIR(ctx, entry)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	return s.write(out, []byte(fhirDraft(s.system, s.title, base, source.Holds(), source.Batches())))
}

func fhirDraft(system, title, base string, held []clinical.Kind, batch bool) string {
	var text strings.Builder
	line := func(format string, parts ...any) { fmt.Fprintf(&text, format+"\n", parts...) }
	line("# A draft made by `onelondon source scaffold`: an entry for sources in the configuration. A FHIR server needs no mapping.")
	line("# What could not be guessed says so. Then: onelondon source check.")
	var names, missing []string
	for _, kind := range clinical.Kinds() {
		if slices.Contains(held, kind) {
			names = append(names, kind.String())
		} else {
			missing = append(missing, kind.String())
		}
	}
	line("# 1.00 its CapabilityStatement has a search for %s", strings.Join(names, ", "))
	if len(missing) > 0 {
		line("# could not guess: where %s are; the server has no search for them", strings.Join(missing, ", "))
	}
	line("- id: %s", system)
	line("  name: %q", title)
	line("  driver: fhir")
	line("  dsn: %s", base)
	line("  # organisation: could not guess: the ODS code of the organisation whose server this is")
	line("  fhir:")
	line("    # oauth or token: could not guess: how we prove who asks; see docs/fhir-source.md")
	line("    batch: %v  # 1.00 its CapabilityStatement %s", batch, map[bool]string{true: "takes batches", false: "has no batch"}[batch])
	line("    labelled: false  # could not guess: whether the server labels whatever is restricted; until it is true, nothing without a label is released that needs to know")
	return text.String()
}
