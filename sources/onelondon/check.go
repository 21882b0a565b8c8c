package onelondon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onelondon/sources"
)

var (
	_ sources.Checker   = (*Source)(nil)
	_ sources.Describer = (*Source)(nil)
)

var errEnough = errors.New("enough")

// Check asks the other for everything but records, and says what there is.
func (s *Source) Check(ctx context.Context, options sources.CheckOptions) []sources.Finding {
	known := s.about.Load()
	held := make([]string, 0, len(known.fields))
	for _, kind := range s.Holds() {
		held = append(held, kind.String())
	}
	findings := []sources.Finding{found(sources.MatterAbility, sources.Note, fmt.Sprintf("it is %s, and its sources hold %s", known.instance, strings.Join(held, ", ")), "")}
	findings = append(findings, drift(options.Before, held)...)
	if known.instance == s.options.Instance {
		return append(findings, found(sources.MatterReach, sources.Fault, "it has our own name", "give one of the two another instance, or another dsn"))
	}
	somebody := false
	err := s.People(ctx, func(sources.Membership) error { somebody = true; return errEnough })
	switch {
	case errors.Is(err, errEnough), err == nil && somebody:
	case errors.Is(err, sources.ErrRefused):
		findings = append(findings, found(sources.MatterPeople, sources.Warning, "it does not list whom its sources know, so it is asked about everybody",
			"agree on locate: true where it lets us ask, or write locate: always here"))
	case err == nil:
		findings = append(findings, found(sources.MatterPeople, sources.Warning, "its sources know nobody", ""))
	default:
		findings = append(findings, found(sources.MatterPeople, sources.Fault, "its sources cannot be listed: "+err.Error(), "look into its log"))
	}
	at, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return append(findings, found(sources.MatterFreshness, sources.Fault, "how fresh it is cannot be asked: "+err.Error(), "look into its log"))
	case at.IsZero():
		return append(findings, found(sources.MatterFreshness, sources.Warning, "none of its sources can tell how fresh it is", ""))
	}
	fresh := options.Freshness(at)
	fresh.Message = "of the source that is furthest behind " + fresh.Message
	return append(findings, fresh)
}

func found(matter sources.Matter, severity sources.Severity, message, advice string) sources.Finding {
	return sources.Finding{Matter: matter, Severity: severity, Message: message, Advice: advice}
}

// heldBy is the table of a layout that says what the other holds.
const heldBy = "kinds"

// Describe says which kinds of record the other's sources hold.
func (s *Source) Describe(context.Context) (sources.Layout, error) {
	kinds := map[string]string{}
	for _, kind := range s.Holds() {
		kinds[kind.String()] = "held"
	}
	return sources.Layout{heldBy: kinds}, nil
}

// drift says what the other held at the last check and does not hold now.
func drift(before sources.Layout, held []string) []sources.Finding {
	var gone []string
	for kind := range before[heldBy] {
		if !slices.Contains(held, kind) {
			gone = append(gone, kind)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(gone)
	return []sources.Finding{found(sources.MatterDrift, sources.Warning, "its sources held "+strings.Join(gone, ", ")+" at the last check and do not now", "ask whoever runs it")}
}
