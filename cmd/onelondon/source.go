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
	"onelondon/sources"
)

func sourceCommand() *cobra.Command {
	source := &cobra.Command{
		Use:   "source",
		Short: "Bring record systems in, and look after them",
		Long: `Bring record systems in, and look after them: draft a mapping for a database that nobody has described, and prove
mappings against their live databases. docs/bringing-in-a-system.md leads through both.`,
		Example: `  onelondon source scaffold --dsn clinic.sqlite --out clinic.yaml
  onelondon source check --config onelondon.yaml`,
	}
	source.AddCommand(sourceScaffoldCommand(), sourceCheckCommand(), sourceExplainCommand())
	return source
}

// checking holds the flags of source check.
type checking struct {
	path, id     string
	json, strict bool
	remember     string
	stale        int // days
	now          func() time.Time
}

const checkLong = `Prove every source against its live system, and its mapping with it: that the tables and columns are there and can hold what is
read from them, that questions reach rows by an index, that NHS numbers are valid, that a sample of people's records reads and
says whose it is and whether it is sealed, that the session cannot write, and how fresh the system is. Each finding names the
line of the mapping. It writes nothing to a source, and reads and prints no value of a record.

With --remember FILE the check keeps what each system looks like, once it was found without a fault, and tells the next time
what an upgrade has changed: a column that is gone, with what it may be called now, a type that is another.

Exit codes, for a pipeline:
  0  no source has a fault (with --strict, nor a warning)
  1  a source has one: its mapping or its system must be put right
  2  the check could not be done: the configuration is faulty, or a system did not answer (and no other has a fault)

--json prints one list with an object for each source: source, name, driver, mapping, file, and findings, each with matter, severity
(fault, warning, note), line, message and advice. Matters: reach, schema, types, plan, people, sample, labels, organisation, read-only,
freshness, drift, ability. Fields and matters may be added; none changes its meaning.`

func sourceCheckCommand() *cobra.Command {
	c := checking{now: time.Now}
	check := &cobra.Command{
		Use:   "check --config FILE",
		Short: "Prove mappings against their live databases",
		Long:  checkLong,
		Example: `  onelondon source check --config onelondon.yaml
  onelondon source check --config onelondon.yaml --source barts --json | jq '.[].findings[] | select(.severity == "fault")'
  onelondon source check --config onelondon.yaml --remember layouts.json --stale 2 --strict`,
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
	check.Flags().StringVar(&c.remember, "remember", "", "a file that keeps what each system looks like, to tell what has changed")
	check.Flags().IntVar(&c.stale, "stale", 0, "warn when the newest entry is older than so many days; 0 for any age")
	_ = check.MarkFlagRequired("config")
	return check
}

// checked holds the findings of one source.
type checked struct {
	Source   string    `json:"source"`
	Name     string    `json:"name"`
	Driver   string    `json:"driver"`
	Mapping  string    `json:"mapping"`
	File     string    `json:"file,omitempty"` // to which the line numbers refer
	Findings []finding `json:"findings"`

	layout sources.Layout
}

type finding struct {
	Matter   string `json:"matter"`
	Severity string `json:"severity"`
	Line     int    `json:"line,omitempty"` // of the mapping
	Message  string `json:"message"`
	Advice   string `json:"advice,omitempty"`
}

func (c *checking) run(ctx context.Context, loaded *config.Config, out io.Writer) error {
	memory, err := rememberedIn(c.remember)
	if err != nil {
		return err
	}
	var all []checked
	for i := range loaded.Sources {
		if source := &loaded.Sources[i]; c.id == "" || c.id == string(source.ID) {
			all = append(all, c.checkSource(ctx, source, loaded.Peers.Instance, memory[string(source.ID)]))
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("there is no source %q in %s", c.id, loaded.Path)
	}
	if err := c.print(out, all); err != nil {
		return err
	}
	for i := range all {
		if all[i].layout != nil && !all[i].has(sources.Fault) {
			memory[all[i].Source] = all[i].layout
		}
	}
	if err := memory.keep(c.remember); err != nil {
		return err
	}
	return c.verdict(all)
}

func (c *checked) has(severity sources.Severity) bool {
	return slices.ContainsFunc(c.Findings, func(f finding) bool { return f.Severity == string(severity) })
}

// verdict distinguishes faults of a source from sources that could not be asked.
func (c *checking) verdict(all []checked) error {
	silent := ""
	for i := range all {
		for _, f := range all[i].Findings {
			switch {
			case f.Severity == string(sources.Fault) && f.Matter == string(sources.MatterReach):
				silent = all[i].Source
			case f.Severity == string(sources.Fault), c.strict && f.Severity == string(sources.Warning):
				return errFindings
			}
		}
	}
	if silent != "" {
		return fmt.Errorf("source %s could not be checked", silent)
	}
	return nil
}

// checkSource opens a source and checks it. Instance is the name of this OneLondon among others.
func (c *checking) checkSource(ctx context.Context, s *config.Source, instance string, before sources.Layout) checked {
	result := checked{Source: string(s.ID), Name: s.Name, Driver: string(s.Driver), Mapping: s.System, File: s.MappingFile, Findings: []finding{}}
	add := func(f sources.Finding) {
		result.Findings = append(result.Findings, finding{string(f.Matter), string(f.Severity), f.Line, f.Message, f.Advice})
	}
	opening, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	source, err := openSource(opening, s, instance)
	if err != nil {
		for _, f := range unopened(err) {
			add(f)
		}
		return result
	}
	defer func() { _ = source.Close() }()
	if s.Files != "" {
		add(filesNote(s))
	}
	checker, ok := source.(sources.Checker)
	if !ok {
		add(sources.Finding{Matter: sources.MatterReach, Severity: sources.Warning, Message: "there is no check for sources of driver " + string(s.Driver)})
		return result
	}
	for _, f := range checker.Check(ctx, sources.CheckOptions{Now: c.now(), Stale: time.Duration(c.stale) * 24 * time.Hour, Before: before}) {
		add(f)
	}
	if describer, ok := source.(sources.Describer); ok && c.remember != "" {
		if layout, err := describer.Describe(ctx); err == nil {
			result.layout = layout
		}
	}
	return result
}

func (c *checking) print(out io.Writer, all []checked) error {
	if c.json {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	var text strings.Builder
	faults, warnings := 0, 0
	for i := range all {
		each := &all[i]
		fmt.Fprintf(&text, "%s  %s (%s, %s)\n", each.Source, each.Name, each.Driver, each.Mapping)
		for _, f := range each.Findings {
			place := ""
			if f.Line > 0 {
				place = fmt.Sprintf("%s:%d: ", each.File, f.Line)
			}
			fmt.Fprintf(&text, "  %-8s %s%s\n", f.Severity, place, f.Message)
			if f.Advice != "" {
				fmt.Fprintf(&text, "           -> %s\n", f.Advice)
			}
			switch f.Severity {
			case string(sources.Fault):
				faults++
			case string(sources.Warning):
				warnings++
			}
		}
		text.WriteByte('\n')
	}
	fmt.Fprintf(&text, "%d %s, %d %s, %d %s\n", len(all), plural(len(all), "source"), faults, plural(faults, "fault"), warnings, plural(warnings, "warning"))
	_, err := io.WriteString(out, text.String())
	return err
}

// plural is a noun as it stands behind a number.
func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
