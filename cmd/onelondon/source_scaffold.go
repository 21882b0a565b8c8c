package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/config"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/scaffold"
)

// scaffolding holds the flags of source scaffold.
type scaffolding struct {
	dsn, driver   string
	system, title string
	out           string
	schema, token string
	rows          int
	quiet         bool
}

const scaffoldLong = `Draft a mapping for a database that nobody has described. The catalogue is read, and the first rows of each table; from
names, types and what the rows look like (check digits of NHS numbers and SNOMED CT, shapes of dates and codes, which column holds
another's values) it is guessed where people are, which tables hold which kinds of record, and which columns fill their fields.

Every line of the draft ends in how sure the guess is, between 0 and 1, and why. What could not be guessed says "could not guess".
A record whose seal was not found is labelled sealed: unknown, and nothing of it is released until somebody has looked.

The session can only read; each table is read for as many rows as --rows says, and given ten seconds. No value of a record
is printed: only how many values look like what, and words of a list that this program brings along.

--dsn is a postgres://, sqlserver:// or mysql DSN, the path of an SQLite file, or the https address of a FHIR
server, or of an openEHR server with --driver openehr. So that no password stands in
a command, write ${NAME} for an environment variable, or file:PATH for the content of a file.

Exit codes:
  0  a draft that loads, in which people and their NHS numbers were found
  1  a draft in which they were not: read what it says at the top
  2  the database could not be read`

func sourceScaffoldCommand() *cobra.Command {
	var s scaffolding
	command := &cobra.Command{
		Use:   "scaffold --dsn DSN",
		Short: "Draft a mapping for an unknown database",
		Long:  scaffoldLong,
		Example: `  onelondon source scaffold --dsn clinic.sqlite --out clinic.yaml
  onelondon source scaffold --dsn '${CLINIC_DSN}' --driver postgres --schema extract --system clinic --title "The clinic"
  onelondon source scaffold --dsn https://fhir.trust.example/R4 --token '${FHIR_TOKEN}'
  onelondon source scaffold --dsn https://ehr.example/ehrbase/rest/openehr --driver openehr --out plans.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.StringVar(&s.dsn, "dsn", "", "where the database is (required)")
	flags.StringVar(&s.driver, "driver", "", "postgres, mysql, sqlserver, sqlite, fhir or openehr; by the look of the DSN where it is left out")
	flags.StringVar(&s.system, "system", "", "a short name for the type of system; made of the database's name where it is left out")
	flags.StringVar(&s.title, "title", "", "what people call the system")
	flags.StringVar(&s.out, "out", "", "write the draft to this file instead of printing it; a file that is there is left alone")
	flags.StringVar(&s.token, "token", "", "of a FHIR or openEHR server: the bearer token, as ${NAME} or file:PATH")
	flags.StringVar(&s.schema, "schema", "", "look only at the tables of this schema")
	flags.IntVar(&s.rows, "rows", 500, "how many rows of each table to look at")
	flags.BoolVar(&s.quiet, "quiet", false, "say nothing of progress")
	_ = command.MarkFlagRequired("dsn")
	return command
}

func (s *scaffolding) run(ctx context.Context, out, errs io.Writer) error {
	if s.out != "" {
		if _, err := os.Stat(s.out); err == nil {
			return fmt.Errorf("%s is there already: choose another name, so that nobody's work is lost", s.out)
		}
	}
	dsn, err := reference(s.dsn)
	if err != nil {
		return err
	}
	driver, err := driverOf(s.driver, dsn)
	if err != nil {
		return err
	}
	s.name(dsn)
	if driver == config.FHIRServer {
		return s.server(ctx, dsn, out)
	}
	if driver == config.OpenEHRServer {
		return s.templates(ctx, dsn, out, errs)
	}
	draft, err := s.database(ctx, driver, dsn, errs)
	if err != nil {
		return err
	}
	if err := s.write(out, draft.YAML()); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprint(errs, draft.Summary())
	}
	if !draft.Complete() {
		return errFindings
	}
	return nil
}

// name derives the name of the system from that of the database.
func (s *scaffolding) name(dsn string) {
	if s.system == "" {
		base, _, _ := strings.Cut(filepath.Base(dsn), "?")
		s.system = strings.Trim(strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '-'
		}, strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base)))), "-")
	}
	if s.system == "" || strings.Contains(s.system, "password") {
		s.system = "unknown"
	}
	if s.title == "" {
		s.title = s.system
	}
}

func (s *scaffolding) write(out io.Writer, text []byte) error {
	if s.out == "" {
		_, err := out.Write(text)
		return err
	}
	file, err := os.OpenFile(s.out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write the draft: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		return errors.Join(fmt.Errorf("write the draft: %w", err), file.Close())
	}
	return file.Close()
}

// database surveys a database and drafts a mapping.
func (s *scaffolding) database(ctx context.Context, driver config.Driver, dsn string, errs io.Writer) (*scaffold.Draft, error) {
	source, err := openDatabase(ctx, &config.Source{Spec: sources.Spec{ID: "unknown"}, Driver: driver, DSN: dsn, Mapping: &mapping.Mapping{System: "unknown"}})
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	options := scaffold.Options{Rows: s.rows, Schema: s.schema}
	if !s.quiet {
		options.Progress = progressOf(errs)
	}
	catalogue, err := scaffold.Survey(ctx, source, options)
	if err != nil {
		return nil, err
	}
	return scaffold.Guess(catalogue, s.system, s.title), nil
}

// progressOf reports long work: at the beginning, every two seconds, and at the end.
func progressOf(errs io.Writer) func(done, of int, what string) {
	last := time.Time{}
	return func(done, of int, what string) {
		if now := time.Now(); done == 0 || done == of || now.Sub(last) > 2*time.Second {
			last = now
			fmt.Fprintf(errs, "%d of %d tables looked at; now: %s\n", done, of, what)
		}
	}
}

// inEnvironment matches a reference to an environment variable. A bare $ may occur in a DSN.
var inEnvironment = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// reference resolves ${NAME} and file:PATH, so that a command need not contain a password. Any other text is returned
// unchanged.
func reference(text string) (string, error) {
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the dsn: %w", err)
		}
		return strings.TrimSpace(string(content)), nil
	}
	missing := ""
	expanded := inEnvironment.ReplaceAllStringFunc(text, func(reference string) string {
		name := reference[2 : len(reference)-1]
		value, ok := os.LookupEnv(name)
		if !ok {
			missing = name
		}
		return value
	})
	if missing != "" {
		return "", fmt.Errorf("the environment has no %s", missing)
	}
	return expanded, nil
}

// driverOf recognises the driver by the form of a DSN.
func driverOf(named, dsn string) (config.Driver, error) {
	switch {
	case named != "":
		driver := config.Driver(named)
		if driver != config.SQLite && driver != config.PostgreSQL && driver != config.MySQL && driver != config.SQLServer && driver != config.FHIRServer && driver != config.OpenEHRServer {
			return "", fmt.Errorf("there is no driver %q; use postgres, mysql, sqlserver, sqlite, fhir or openehr", named)
		}
		return driver, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return config.PostgreSQL, nil
	case strings.HasPrefix(dsn, "sqlserver://"):
		return config.SQLServer, nil
	case strings.HasPrefix(dsn, "http://"), strings.HasPrefix(dsn, "https://"):
		return config.FHIRServer, nil
	case strings.Contains(dsn, "@tcp("), strings.Contains(dsn, "@unix("):
		return config.MySQL, nil
	}
	if _, err := os.Stat(dsn); err == nil {
		return config.SQLite, nil
	}
	// The DSN may hold a password, so it is not repeated.
	return "", errors.New("the dsn is no file that is there, and looks like no database that is known; say which with --driver")
}
