package main

import (
	"path"
	"strings"

	"onelondon/internal/config"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/policy/approval"
	"onelondon/policy/casebook"
)

// triedCases are the cases that are known to hold: those of the built-in policy, with which the program was tested.
// Other policies are tested by onelondon policy check before they are published.
func triedCases(c config.Policy) ([]gate.PolicyCase, error) {
	if c.Bundled() || c.Folder != "" || c.Codelists != "" {
		return nil, nil
	}
	cases, err := casebook.Read(policy.Embedded())
	tried := make([]gate.PolicyCase, len(cases))
	for i := range cases {
		tried[i] = gate.PolicyCase{Page: strings.TrimSuffix(path.Base(cases[i].File), path.Ext(cases[i].File)), Title: cases[i].Title}
	}
	return tried, err
}

// publication says how a revision of the policy came into force.
func (s *site) publication(revision string) gate.Publication {
	record, found := s.policy.Record(revision)
	if !found {
		return gate.Publication{}
	}
	published := gate.Publication{ActivatedAt: record.At, Cases: s.cases}
	for _, approver := range record.Approved {
		who := approver.Name
		if approver.Role == approval.Lay {
			who += ", lay reviewer"
		}
		published.ApprovedBy = append(published.ApprovedBy, gate.Approval{Who: who, At: approver.At})
	}
	return published
}
