package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/sources/sqlsource"
)

func sourceCommand() *cobra.Command {
	source := &cobra.Command{Use: "source", Short: "Look after the record systems that are asked"}
	source.AddCommand(sourceCheckCommand())
	return source
}

// checking is what source check was asked to do.
type checking struct {
	path, id     string
	json, strict bool
}

func sourceCheckCommand() *cobra.Command {
	var c checking
	check := &cobra.Command{
		Use:   "check --config FILE",
		Short: "Prove mappings against their live databases",
		Long: `Prove every mapping against its live database: that its tables and columns are there, that questions reach rows by
an index, that NHS numbers are valid, that a sample of people's records reads, that the session cannot write, and how
fresh the source is. It reads and prints no value of a record.

Exit codes: 0 when no source has a fault (with --strict, nor a warning), 1 when one has, 2 when the check could not run.`,
		Example: `  onelondon source check --config onelondon.yaml
  onelondon source check --config onelondon.yaml --source barts --json | jq '.[].findings[].message'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(c.path, mappings.Files)
			if err != nil {
				return err
			}
			return c.run(cmd.Context(), loaded, cmd.OutOrStdout())
		},
	}
	check.Flags().StringVar(&c.path, "config", "", "the configuration file (required)")
	check.Flags().StringVar(&c.id, "source", "", "check only the source with this id")
	check.Flags().BoolVar(&c.json, "json", false, "print the findings as JSON")
	check.Flags().BoolVar(&c.strict, "strict", false, "a warning is a finding too")
	_ = check.MarkFlagRequired("config")
	return check
}

// checked is what was found of one source.
type checked struct {
	Source   string    `json:"source"`
	Name     string    `json:"name"`
	Driver   string    `json:"driver"`
	Mapping  string    `json:"mapping"`
	Findings []finding `json:"findings"`
}

type finding struct {
	Severity string `json:"severity"`
	Line     int    `json:"line,omitempty"` // of the mapping
	Message  string `json:"message"`
	Advice   string `json:"advice,omitempty"`
}

func (c *checking) run(ctx context.Context, loaded *config.Config, out io.Writer) error {
	var all []checked
	for i := range loaded.Sources {
		if source := &loaded.Sources[i]; c.id == "" || c.id == string(source.ID) {
			all = append(all, checkSource(ctx, source, loaded.Peers.Instance))
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("there is no source %q in %s", c.id, loaded.Path)
	}
	if err := c.print(out, all); err != nil {
		return err
	}
	for _, each := range all {
		if slices.ContainsFunc(each.Findings, c.counts) {
			return errFindings
		}
	}
	return nil
}

func (c *checking) counts(f finding) bool {
	return f.Severity == string(sqlsource.Fault) || c.strict && f.Severity == string(sqlsource.Warning)
}

func checkSource(ctx context.Context, c *config.Source, instance string) checked {
	result := checked{Source: string(c.ID), Name: c.Name, Driver: string(c.Driver), Mapping: c.System, Findings: []finding{}}
	opening, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	found, err := findings(ctx, opening, c, instance)
	if err != nil {
		result.Findings = append(result.Findings, finding{string(sqlsource.Fault), 0, err.Error(),
			"check the dsn, the network and that the database or server runs"})
		return result
	}
	result.Findings = append(result.Findings, found...)
	return result
}

// findings opens a source and checks it. Instance is what this OneLondon is called by others.
func findings(ctx, opening context.Context, c *config.Source, instance string) ([]finding, error) {
	var all []finding
	if c.Driver == config.FHIRServer {
		source, err := openFHIR(opening, c)
		if err != nil {
			return nil, err
		}
		defer func() { _ = source.Close() }()
		for _, found := range source.Check(ctx) {
			all = append(all, finding{string(found.Severity), 0, found.Message, found.Advice})
		}
		return all, nil
	}
	if c.Driver == config.OpenEHRServer {
		source, err := openOpenEHR(opening, c)
		if err != nil {
			return nil, err
		}
		defer func() { _ = source.Close() }()
		for _, found := range source.Check(ctx) {
			all = append(all, finding{string(found.Severity), found.Line, found.Message, found.Advice})
		}
		return all, nil
	}
	if c.Driver == config.AnotherOneLondon {
		return oneLondonFindings(ctx, opening, c, instance)
	}
	source, err := openDatabase(opening, c)
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	for _, found := range source.Check(ctx) {
		all = append(all, finding{string(found.Severity), found.Line, found.Message, found.Advice})
	}
	return all, nil
}

func (c *checking) print(out io.Writer, all []checked) error {
	if c.json {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	var text strings.Builder
	faults, warnings := 0, 0
	for _, each := range all {
		fmt.Fprintf(&text, "%s  %s (%s, %s)\n", each.Source, each.Name, each.Driver, each.Mapping)
		for _, f := range each.Findings {
			place := ""
			if f.Line > 0 {
				place = fmt.Sprintf("line %d: ", f.Line)
			}
			fmt.Fprintf(&text, "  %-8s %s%s\n", f.Severity, place, f.Message)
			if f.Advice != "" {
				fmt.Fprintf(&text, "           -> %s\n", f.Advice)
			}
			switch f.Severity {
			case string(sqlsource.Fault):
				faults++
			case string(sqlsource.Warning):
				warnings++
			}
		}
		text.WriteByte('\n')
	}
	fmt.Fprintf(&text, "%d sources, %d faults, %d warnings\n", len(all), faults, warnings)
	_, err := io.WriteString(out, text.String())
	return err
}
