package fhir

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

var (
	_ sources.Checker   = (*Source)(nil)
	_ sources.Describer = (*Source)(nil)
)

// checked is how many patients a check looks at.
const checked = 200

var errEnough = errors.New("enough seen")

// Check finds out what the server can do, what it can no longer do since the last check, whether its patients have NHS numbers,
// and how fresh it is.
func (s *Source) Check(ctx context.Context, options sources.CheckOptions) []sources.Finding {
	findings := append(s.abilities(), s.drift(options.Before)...)
	if s.options.Provenance && len(s.can.revincludes) == 0 {
		findings = append(findings, sources.Finding{Matter: sources.MatterAbility, Severity: sources.Warning, Message: "it does not say that it sends Provenance along, so it is not asked to",
			Advice: "take provenance: true out, or ask whoever runs it"})
	}
	findings = append(findings, s.checkAddress()...)
	return append(findings, append(s.checkPatients(ctx), s.checkWatermark(ctx, options))...)
}

// checkAddress says whether the server thinks itself elsewhere: then its references may be taken for another server's.
func (s *Source) checkAddress() []sources.Finding {
	said, err := url.Parse(s.says)
	if err != nil || !isWeb(s.says) {
		return nil
	}
	if _, ours := s.client.below(said); ours {
		return nil
	}
	said.User, said.RawQuery, said.Fragment = nil, "", ""
	return []sources.Finding{found(sources.MatterAbility, sources.Warning, "the server says that its address is "+said.String()+", and what refers to that is taken for another server's",
		"where it is the same server, write that under fhir: aliases: [...]")}
}

// Describe lists what the server says it can be searched for, and by what.
func (s *Source) Describe(context.Context) (sources.Layout, error) {
	layout := sources.Layout{}
	for resource := range s.can.types {
		layout[resource] = map[string]string{}
	}
	for param := range s.can.params {
		if resource, name, of := strings.Cut(param, "."); of && layout[resource] != nil {
			layout[resource][name] = "search parameter"
		}
	}
	return layout, nil
}

// drift says what the server could do at the last check and cannot now. What it is searched by, where it can be, only saves time.
func (s *Source) drift(before sources.Layout) []sources.Finding {
	var gone, slower []string
	for resource, params := range before {
		if !s.can.types[resource] {
			gone = append(gone, resource)
			continue
		}
		for name := range params {
			if !s.can.params[resource+"."+name] {
				slower = append(slower, resource+"."+name)
			}
		}
	}
	slices.Sort(gone)
	slices.Sort(slower)
	var findings []sources.Finding
	if len(gone) > 0 {
		findings = append(findings, found(sources.MatterDrift, sources.Fault, "the server could be searched for "+strings.Join(gone, ", ")+" at the last check and cannot now",
			"ask who runs it what the upgrade changed"))
	}
	if len(slower) > 0 {
		findings = append(findings, found(sources.MatterDrift, sources.Warning, "the server could be searched by "+strings.Join(slower, ", ")+" at the last check and cannot now",
			"answers stay right; more is sent than is needed"))
	}
	return findings
}

func found(matter sources.Matter, severity sources.Severity, message, advice string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: severity, Message: message, Advice: advice}
}

func (s *Source) abilities() []sources.Finding {
	all := []sources.Finding{found(sources.MatterAbility, sources.Note, "all kinds of a question go in one batch", "")}
	if !s.can.batch {
		all[0].Message = fmt.Sprintf("kinds are asked for one by one, %d at a time", atOnce)
	}
	var missing []string
	for _, kind := range clinical.Kinds() {
		if len(s.can.layouts(kind)) == 0 {
			missing = append(missing, kind.String())
		}
	}
	if len(missing) > 0 {
		all = append(all, found(sources.MatterAbility, sources.Note, "the server cannot search for "+strings.Join(missing, ", "), ""))
	}
	if !s.options.Labelled {
		all = append(all, found(sources.MatterLabels, sources.Warning, "resources without a security label may be sealed or not: rules that want to know release none of them",
			"where the server labels whatever is restricted, write labelled: true under fhir"))
	}
	return all
}

func (s *Source) checkPatients(ctx context.Context) []sources.Finding {
	seen, numbered, hidden := 0, 0, 0
	asking := s.asking(&sources.Caller{})
	err := asking.patients(ctx, func(_ object, one person) error {
		if !one.number.IsZero() {
			numbered++
		}
		if one.sensitive {
			hidden++
		}
		if seen++; seen == checked {
			return errEnough
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return []sources.Finding{found(sources.MatterPeople, sources.Fault, "patients cannot be listed: "+err.Error(), "check the rights that the server gives us")}
	case asking.strange > 0:
		return []sources.Finding{found(sources.MatterPeople, sources.Fault, fmt.Sprintf("%d patients come under the address of another server, and are not read", asking.strange),
			"where it is the same server, write its address under fhir: aliases: [...]")}
	case seen == 0:
		return []sources.Finding{found(sources.MatterPeople, sources.Warning, "the server has no patients", "check the address, and whose patients we may see")}
	case numbered == 0:
		return []sources.Finding{found(sources.MatterPeople, sources.Fault, fmt.Sprintf("none of %d patients has a valid NHS number under %s", seen, nhsSystem), "check how the server names people")}
	}
	var all []sources.Finding
	if numbered < seen {
		all = append(all, found(sources.MatterPeople, sources.Note, fmt.Sprintf("%d of %d patients have a valid NHS number; the others are not found", numbered, seen), ""))
	}
	if hidden > 0 {
		all = append(all, found(sources.MatterLabels, sources.Note, fmt.Sprintf("%d of %d patients are hidden from everybody by a security label", hidden, seen),
			"where that is more than are meant to be, see whether labels name their system: one that nobody knows hides"))
	}
	return all
}

func (s *Source) checkWatermark(ctx context.Context, options sources.CheckOptions) sources.Finding {
	at, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return found(sources.MatterFreshness, sources.Warning, "how fresh the server is cannot be told: "+err.Error(), "")
	case at.IsZero():
		return found(sources.MatterFreshness, sources.Warning, "how fresh the server is cannot be told: no resource has meta.lastUpdated", "")
	}
	return options.Freshness(at)
}
