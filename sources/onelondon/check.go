package onelondon

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/sources"
)

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Fault   Severity = "fault"   // questions will fail
	Warning Severity = "warning" // questions are answered, and something of it is not as it should be
	Note    Severity = "note"
)

// Finding is one thing found out about another OneLondon.
type Finding struct {
	Severity Severity
	Message  string
	Advice   string
}

var errEnough = errors.New("enough")

// Check asks the other for everything but records, and says what there is.
func (s *Source) Check(ctx context.Context) []Finding {
	known := s.about.Load()
	held := make([]string, 0, len(known.fields))
	for _, kind := range s.Holds() {
		held = append(held, kind.String())
	}
	findings := []Finding{{Note, fmt.Sprintf("it is %s, and its sources hold %s", known.instance, strings.Join(held, ", ")), ""}}
	if known.instance == s.options.Instance {
		return append(findings, Finding{Fault, "it has our own name", "give one of the two another instance, or another dsn"})
	}
	somebody := false
	err := s.People(ctx, func(sources.Membership) error { somebody = true; return errEnough })
	switch {
	case errors.Is(err, errEnough), err == nil && somebody:
	case errors.Is(err, sources.ErrRefused):
		findings = append(findings, Finding{Warning, "it does not list whom its sources know, so it is asked about everybody",
			"agree on locate: true where it lets us ask, or write locate: always here"})
	case err == nil:
		findings = append(findings, Finding{Warning, "its sources know nobody", ""})
	default:
		findings = append(findings, Finding{Fault, "its sources cannot be listed: " + err.Error(), "look into its log"})
	}
	at, err := s.Watermark(ctx)
	switch {
	case err != nil:
		return append(findings, Finding{Fault, "how fresh it is cannot be asked: " + err.Error(), "look into its log"})
	case at.IsZero():
		return append(findings, Finding{Warning, "none of its sources can tell how fresh it is", ""})
	}
	return append(findings, Finding{Note, "the newest entry of the source that is furthest behind is of " + at.String(), ""})
}
