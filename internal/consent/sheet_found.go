package consent

import (
	"time"

	"onelondon/internal/clinical"
)

// found reads what lines about proxies and about capacity end with: from, until, reason, evidence, recorded_by, date.
func found(number string, rest []string, what *Import) (d Directive, fault string) {
	if d.Person, fault = numberIn(number, badNumber); fault != "" {
		return d, fault
	}
	d.Authority, d.Reason, d.Evidence, d.RecordedBy = what.Authority, rest[2], rest[3], rest[4]
	for i, at := range map[int]*time.Time{0: &d.From, 1: &d.Until, 5: &d.At} {
		if *at = moment(rest[i]); at.IsZero() && (rest[i] != "" || i == 5) {
			return d, "a date is not YYYY-MM-DD and not RFC 3339"
		}
	}
	return d, ""
}

const noEvidence = "there is no evidence"

func numberIn(text, fault string) (clinical.NHSNumber, string) {
	number, err := clinical.ParseNHSNumber(text)
	if err != nil {
		return clinical.NHSNumber{}, fault
	}
	return number, ""
}

// moment reads a day or a moment; zero for anything else.
func moment(text string) time.Time {
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(form, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// dated writes what found reads.
func dated(d *Directive) []string {
	return []string{momentOf(d.From), momentOf(d.Until), d.Reason, d.Evidence, d.RecordedBy, d.At.UTC().Format(time.RFC3339)}
}

func momentOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func readProxy(fields []string, what *Import) (Directive, string) {
	d, fault := found(fields[0], fields[4:], what)
	if fault != "" {
		return d, fault
	}
	proxy, fault := numberIn(fields[1], "the NHS number of the proxy is not valid")
	about := ProxyChoice{Proxy: proxy, Name: fields[3], As: Authority(fields[2])}
	if fields[2] == withdrawn {
		about.As, about.Withdrawn = "", true
	}
	d.About = about
	if fault == "" && !about.Withdrawn && blank(d.Evidence) {
		fault = noEvidence
	}
	return d, fault
}

func writeProxy(d *Directive) []string {
	choice, is := d.About.(ProxyChoice)
	if !is {
		return nil
	}
	as := string(choice.As)
	if choice.Withdrawn {
		as = withdrawn
	}
	return append([]string{d.Person.Reveal(), choice.Proxy.Reveal(), as, choice.Name}, dated(d)...)
}

func readCapacity(fields []string, what *Import) (Directive, string) {
	d, fault := found(fields[0], fields[2:], what)
	d.About = CapacityFinding{Capacity(fields[1])}
	if fault == "" && blank(d.Evidence) {
		fault = noEvidence
	}
	return d, fault
}

func writeCapacity(d *Directive) []string {
	finding, is := d.About.(CapacityFinding)
	if !is {
		return nil
	}
	return append([]string{d.Person.Reveal(), string(finding.Finding)}, dated(d)...)
}
