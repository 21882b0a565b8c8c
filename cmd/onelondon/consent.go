package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/consent"
)

func consentCommand() *cobra.Command {
	register := &cobra.Command{Use: "consent", Short: "Look after the register of what people said"}
	register.AddCommand(consentImportCommand(), consentExportCommand(), consentAdoptedCommand(), consentAdoptionsCommand(),
		consentVerifyCommand())
	return register
}

// registerOptions are the options for the configured register.
func registerOptions(c *config.Config, log *slog.Logger) consent.Options {
	return consent.Options{Path: c.Consent.File, PostgreSQL: c.Consent.PostgreSQL, Create: c.Consent.Create,
		Key: consent.Key(c.Secrets.Person), Log: log}
}

var errHeld = errors.New("the register's file belongs to one process at a time, and the server has it; stop the server, " +
	"or keep the register in PostgreSQL, where this works beside it")

// openRegister opens the register of a configuration for writing.
func openRegister(ctx context.Context, path string) (*consent.Register, error) {
	loaded, err := config.Load(path, mappings.Files)
	if err != nil {
		return nil, err
	}
	register, err := consent.New(ctx, registerOptions(loaded, discard()))
	return register, explained(err)
}

// readRegister opens the register for reading, beside the process that writes it.
func readRegister(ctx context.Context, path string) (*consent.Register, error) {
	loaded, err := config.Load(path, mappings.Files)
	if err != nil {
		return nil, err
	}
	register, err := consent.OpenReader(ctx, registerOptions(loaded, discard()))
	return register, explained(err)
}

// explained adds to an error of opening what to do about it.
func explained(err error) error {
	switch {
	case errors.Is(err, consent.ErrInUse):
		return fmt.Errorf("%w (%w)", errHeld, err)
	case errors.Is(err, consent.ErrMissing):
		return fmt.Errorf("%w; put the right dsn, or create: true beside it where the site is new", err)
	}
	return err
}

// needConfig declares the required flag for the configuration.
func needConfig(command *cobra.Command, path *string) {
	command.Flags().StringVar(path, "config", "", "the configuration file (required)")
	_ = command.MarkFlagRequired("config")
}

// moment parses a time or a day; an empty text is the zero time.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("not a moment: write 2026-11-20 or 2026-11-20T06:00:00Z")
}
