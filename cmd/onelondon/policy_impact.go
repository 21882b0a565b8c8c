package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/audit"
	"onelondon/internal/config"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/impact"
)

// assessing holds the flags of policy impact.
type assessing struct {
	from, to, config, questions, plot string
	codelists                         string // instead of the site's
	role, organisation                string // of the person who wants examples
	examples                          int
	form                              printForm
}

func policyImpactCommand() *cobra.Command {
	a := assessing{form: formText}
	assessed := &cobra.Command{
		Use:   "impact --to DIR|BUNDLE",
		Short: "Say who would gain and who would lose if another policy took the place of the one in force",
		Long: `Compare the policy in force with another one before anybody publishes it:

  what would change    on every question that the words of both policies can make, with an example of each difference
  code lists           codes that were added or taken out, which no such question shows
  kept questions       the cases of the policy in force, or a folder of questions of your own
  the register         everybody of whom the site's register knows something, counted by what they said: how many people
                       each group of roles would see more or less of
  the ledger           every access of the site's ledger, asked again: people, kinds and sources that gain or lose

An access is asked again exactly as it was decided. Entries that an older version wrote do not say what was known of a person:
the simplest state is found under which the policy in force decides as the ledger says it did; what was assumed is printed, and an
access that nothing explains is counted and left out. Counts are of people; from 1 to 7 they are hidden (*), and so are others from
which those could be worked out; the rest is rounded to the nearest 5.

Examples are request ids, never NHS numbers, for a role that the policy in force lets read accesses, and of their own organisation
where it lets them read no others. The command believes the
role that it is told: whoever can run it can read the configuration and its keys.

Exit codes: 0 when it ran, whatever would change, 2 when it could not.`,
		Example: `  onelondon policy impact --to ./policy                               the program's own policy against a folder
  onelondon policy impact --to ./policy --config onelondon.yaml       the site's policy, and its ledger
  onelondon policy impact --to next.tar.gz --config onelondon.yaml --format json
  onelondon policy impact --to ./policy --plot impact.svg
  onelondon policy impact --to ./policy --config onelondon.yaml --examples 5 --role R0001 --organisation R1H`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := a.assess(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(cmd.OutOrStdout(), report)
		},
	}
	flags := assessed.Flags()
	flags.StringVar(&a.to, "to", "", "the policy that is proposed, a folder or the file of a bundle (required)")
	flags.StringVar(&a.from, "from", "", "the policy to compare with; without it the site's, or the one that this program carries")
	flags.StringVar(&a.config, "config", "", "the site's configuration, for its policy, its keys and its ledger")
	flags.StringVar(&a.questions, "questions", "", "folder of a policy whose cases are the kept questions; without it the program's own cases")
	needCodelists(assessed, &a.codelists)
	flags.StringVar(&a.plot, "plot", "", "also draw the questions that would change, as SVG, to this file")
	flags.IntVar(&a.examples, "examples", 0, "how many request ids of accesses that would change are printed for each row")
	flags.StringVar(&a.role, "role", "", "the role of whoever wants examples, R0001")
	flags.StringVar(&a.organisation, "organisation", "", "their organisation, an ODS code")
	flags.Var(&a.form, "format", "text, for people, or json, for programs")
	_ = assessed.MarkFlagRequired("to")
	return assessed
}

func (a *assessing) print(out io.Writer, report *impact.Report) (err error) {
	if a.plot != "" {
		file, err := os.Create(a.plot)
		if err != nil {
			return err
		}
		if err := errors.Join(report.Plot(file), file.Close()); err != nil {
			return fmt.Errorf("draw the plot: %w", err)
		}
	}
	if a.form == formJSON {
		return printJSON(out, report)
	}
	return report.Write(out)
}

func (a *assessing) assess(ctx context.Context) (*impact.Report, error) {
	site := &config.Config{}
	if a.config != "" {
		var err error
		if site, err = config.Load(a.config, mappings.Files); err != nil {
			return nil, err
		}
	}
	if a.codelists != "" {
		if _, err := codelistsIn(a.codelists); err != nil {
			return nil, err
		}
		site.Policy.Codelists = a.codelists
	}
	options, err := a.policies(ctx, &site.Policy)
	if err != nil {
		return nil, err
	}
	if a.examples > 0 {
		if options.ExamplesOf, err = a.examplesOf(ctx, options.From.Engine); err != nil {
			return nil, err
		}
		options.Examples = a.examples
	}
	if options.Questions, err = a.kept(); err != nil {
		return nil, err
	}
	if options.Said, err = saidIn(ctx, site); err != nil {
		return nil, err
	}
	if site.Ledger == "" {
		return impact.Assess(ctx, options)
	}
	ledger, err := audit.OpenReader(ctx, site.Ledger, audit.Key(site.Secrets.Person), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { _ = ledger.Close() }()
	options.Accesses = accessesOf(ctx, ledger)
	return impact.Assess(ctx, options)
}

// policies opens the policy in force and the proposed one.
func (a *assessing) policies(ctx context.Context, site *config.Policy) (options impact.Options, err error) {
	from := a.from
	switch {
	case from != "":
	case site.URL != "":
		return options, errors.New("the site's policy is on a bundle server; give the bundle in force with --from FILE")
	case site.Bundle != "":
		from = site.Bundle
	default:
		from = site.Folder
	}
	if options.From, err = inspectPolicy(ctx, from, site); err != nil {
		return options, fmt.Errorf("the policy in force: %w", err)
	}
	if options.To, err = inspectPolicy(ctx, a.to, site); err != nil {
		return options, fmt.Errorf("the proposed policy: %w", err)
	}
	return options, nil
}

// inspectPolicy opens a policy in a folder or in a bundle signed by a key of the site, or the built-in one if no place
// is named.
func inspectPolicy(ctx context.Context, place string, site *config.Policy) (*policy.Inspection, error) {
	options := policy.Options{}
	if site.Codelists != "" {
		options.Codelists = os.DirFS(site.Codelists)
	}
	if place == "" {
		return policy.Inspect(ctx, policy.Embedded(), options)
	}
	found, err := os.Stat(place)
	if err != nil {
		return nil, err
	}
	if found.IsDir() {
		_, files, err := policyFolder([]string{place})
		if err != nil {
			return nil, err
		}
		return policy.Inspect(ctx, files, options)
	}
	content, err := os.ReadFile(place)
	if err != nil {
		return nil, err
	}
	var keys []policy.Key
	for _, key := range site.Keys {
		keys = append(keys, policy.Key{ID: key.ID, Public: key.Public})
	}
	if len(keys) == 0 {
		return nil, errors.New("a bundle is believed for its signature; name the keys in the configuration, under policy.keys")
	}
	bundle, err := policy.ReadBundle(content, keys...)
	if err != nil {
		return nil, err
	}
	return bundle.Inspect(ctx, options)
}

// examplesOf asks the policy in force which accesses the person who wants request ids may read: everybody's ("") or
// those by users of their own organisation.
func (a *assessing) examplesOf(ctx context.Context, engine *policy.Engine) (organisation string, err error) {
	input := policy.OversightInput{Role: a.role, Organisation: a.organisation, Action: policy.ReadAccessesOfOrganisation}
	for _, organisation := range []string{"", a.organisation} {
		permission, err := engine.Permit(ctx, input)
		if err != nil {
			return "", fmt.Errorf("--examples: %w", err)
		}
		if permission.Permitted {
			return organisation, nil
		}
		if a.organisation == "" {
			break // without an organisation, there is nothing to narrow to
		}
		input.OwnOrganisation = true
	}
	return "", errors.New("--examples: the policy in force does not let this --role of this --organisation read accesses; a privacy officer (R0001) may read their own organisation's")
}

// kept are the questions that governance keeps: the cases of a policy.
func (a *assessing) kept() ([]casebook.Case, error) {
	if a.questions == "" {
		return casebook.Read(policy.Embedded())
	}
	return casebook.Read(os.DirFS(a.questions))
}

// accessesOf reads every access in a ledger, oldest first.
func accessesOf(ctx context.Context, ledger *audit.Ledger) iter.Seq2[impact.Access, error] {
	return func(yield func(impact.Access, error) bool) {
		query := audit.Query{Everybody: true}
		for {
			entries, err := ledger.Entries(ctx, query)
			if err != nil {
				yield(impact.Access{}, err)
				return
			}
			for i := range entries {
				query.After = entries[i].Sequence
				if entries[i].Entry.Event == audit.EventAccess && !yield(accessOf(&entries[i]), nil) {
					return
				}
			}
			if len(entries) == 0 {
				return
			}
		}
	}
}

// accessOf converts a ledger entry into what a policy can be asked again. In the ledger a citizen is a caller with
// neither a role nor an organisation.
func accessOf(written *audit.Written) impact.Access {
	entry := &written.Entry
	access := impact.Access{RequestID: entry.RequestID, Person: written.Subject, Reasons: entry.Reasons,
		Kinds: append(append([]string{}, entry.Kinds...), entry.Withheld...),
		Input: policy.Input{Role: entry.Caller.Role, Organisation: entry.Caller.Organisation,
			Citizen: entry.Caller.Role == "" && entry.Caller.Organisation == "", Purpose: policy.Purpose(entry.Purpose),
			Relationship: policy.Relationship(entry.Relationship), Emergency: entry.Emergency}}
	for _, source := range entry.Sources {
		access.Sources = append(access.Sources, source.Source)
	}
	if entry.Decided != nil {
		access.Known = true
		recall(&access.Input, entry.Decided)
	}
	return access
}

// someoneElse stands for an organisation or a role other than the caller's; it is a code of neither.
const someoneElse = "SOMEONE-ELSE"

// recall completes an input with what the ledger keeps of it. All parties that are not the caller's become somebody
// else.
func recall(input *policy.Input, decided *audit.Decided) {
	input.Activities = decided.Activities
	input.Person = policy.Person{Objection: decided.Objection, Flagged: decided.Flagged, Deceased: decided.Deceased,
		Age: policy.Age(decided.Age), Capacity: policy.Capacity(decided.Capacity), Authority: policy.Authority(decided.Authority)}
	for _, said := range decided.Preferences {
		preference := policy.Preference{Effect: said.Effect, Category: said.Category, Party: said.Party}
		switch {
		case said.Party == "anyone":
		case !said.Own:
			preference.Code = someoneElse
		case said.Party == "role":
			preference.Code = input.Role
		default:
			preference.Code = input.Organisation
		}
		input.Person.Preferences = append(input.Person.Preferences, preference)
	}
}
