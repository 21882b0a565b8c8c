package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"onelondon/internal/config"
	"onelondon/sources"
	"onelondon/sources/files"
	"onelondon/sources/web"
)

// filesBase is the address under which files are served within this process. It is nobody's (RFC 6761, section 6.4).
const filesBase = "http://files.invalid"

// fromFiles is the transport of a source: a folder of files instead of the network, if one is configured.
func fromFiles[S http.Handler](c *config.Source, read func(folder string) (S, error)) (http.RoundTripper, error) {
	if c.Files == "" {
		return nil, nil
	}
	store, err := read(c.Files)
	if err != nil {
		return nil, fmt.Errorf("open source %s: %w", c.ID, err)
	}
	return web.InProcess(store), nil
}

// filesNote says that a source consists of files.
func filesNote(c *config.Source) sources.Finding {
	return sources.Finding{Matter: sources.MatterReach, Severity: sources.Note,
		Message: fmt.Sprintf("these are files of %s and no server: they were read when the source was opened, and nobody keeps them up to date", c.Files),
		Advice:  "for trying a mapping; where there is a server, write its address as dsn"}
}

// unopened are the findings on a source that could not be opened, one for each fault in its files.
func unopened(err error) []sources.Finding {
	var faulty files.Faults
	if !errors.As(err, &faulty) {
		return []sources.Finding{{Matter: sources.MatterReach, Severity: sources.Fault, Message: err.Error(),
			Advice: "check the dsn, the network and that the database or server runs"}}
	}
	found := make([]sources.Finding, len(faulty))
	for i, fault := range faulty {
		found[i] = sources.Finding{Matter: sources.MatterSchema, Severity: sources.Fault, Message: fault.Error()}
	}
	return found
}

// tellFiles logs which sources consist of files.
func tellFiles(ctx context.Context, c *config.Source, log *slog.Logger) {
	if c.Files != "" {
		log.LogAttrs(ctx, slog.LevelInfo, "source is files and no server; they are read once, and nobody keeps them up to date",
			slog.String("source", string(c.ID)), slog.String("folder", c.Files))
	}
}
